import { ALIVE_MS, MOST_SENT } from "#protocol/messages.ts";

/** What one client may cost the server. Bytes, milliseconds and counts. */
export interface Limits {
  readonly bodyBytes: number;
  /** A file that a person sends. */
  readonly uploadBytes: number;
  /** Request line and headers together. */
  readonly headerBytes: number;
  /** From the first byte of a connection or request to its last header. */
  readonly headersMs: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestMs: number;
  /** TCP connections per address that we listen on; the next is dropped. */
  readonly connections: number;
  /** WebSockets; the next is answered 503. */
  readonly sockets: number;
  /** One message of a WebSocket client. */
  readonly messageBytes: number;
  /** Pieces in which a WebSocket client may send one message. */
  readonly fragments: number;
  /** Requests of one WebSocket that wait for their reply. */
  readonly pending: number;
  /** Tables that one WebSocket streams at a time. */
  readonly streams: number;
  /** Unsent bytes of one WebSocket above which no table is read on. */
  readonly frameBytes: number;
  /** Unsent bytes of replies and events after which a client that does not read is dropped. */
  readonly backlogBytes: number;
  /** How long a WebSocket client may take to say goodbye in turn. */
  readonly closeMs: number;
  /** A WebSocket that is silent for one to two of these is dropped. */
  readonly heartbeatMs: number;
  /** So often a WebSocket client is told that the server is there. */
  readonly aliveMs: number;
}

export const LIMITS: Limits = {
  bodyBytes: 1 << 20,
  uploadBytes: 64 * 2 ** 30,
  headerBytes: 32 << 10,
  headersMs: 10_000,
  // Long enough for a whole genome onto a slow disk; only who has the secret gets past the headers.
  requestMs: 3_600_000,
  connections: 256,
  sockets: 64,
  messageBytes: MOST_SENT.messageBytes,
  fragments: 64,
  pending: 32,
  streams: 16,
  frameBytes: 1 << 20,
  backlogBytes: 16 << 20,
  closeMs: 2_000,
  heartbeatMs: 30_000,
  aliveMs: ALIVE_MS,
};
