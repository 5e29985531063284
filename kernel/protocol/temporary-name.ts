/** Names in the directory for spilled data begin with what they are for and the process that made them. */
export function temporaryName(what: string, pid: number): string {
  return `${what}-${pid}-`;
}

/** The process that made what has this name; null for a name of another kind. */
export function makerOf(name: string): number | null {
  const pid = /^[a-z-]+-(\d+)-/.exec(name)?.[1];
  return pid === undefined ? null : Number(pid);
}
