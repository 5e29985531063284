/**
 * Binary frame: an 8-byte header (u32 stream, u32 sequence from 0, little-endian), then one whole Arrow IPC
 * message. The header is 8 bytes so that the Arrow bytes stay aligned and are never copied.
 */
export const FRAME_HEADER_BYTES = 8;

export function encodeFrame(stream: number, sequence: number, message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + message.byteLength);
  const view = new DataView(frame.buffer);
  view.setUint32(0, stream, true);
  view.setUint32(4, sequence, true);
  frame.set(message, FRAME_HEADER_BYTES);
  return frame;
}

/** `message` is a view on the frame's bytes, not a copy. */
export function decodeFrame(frame: ArrayBuffer): { stream: number; sequence: number; message: Uint8Array } {
  const view = new DataView(frame);
  return {
    stream: view.getUint32(0, true),
    sequence: view.getUint32(4, true),
    message: new Uint8Array(frame, FRAME_HEADER_BYTES),
  };
}
