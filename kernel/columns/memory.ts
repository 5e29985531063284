/** Memory that another thread may read in place. */
export function memory(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
