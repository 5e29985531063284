import { WebSocket } from "ws";

import { decodeFrame } from "../../../kernel/protocol/frame.ts";
import type { AssetKey, PartitionKey } from "../../../kernel/protocol/ids.ts";
import type { ClientMessage, ServerMessage } from "../../../kernel/protocol/messages.ts";
import { addressOf, startKaryon } from "../../support/karyon.ts";

/* Reads a whole kept table as a page does, from a server of its own, through its WebSocket: WORKSPACE NOTEBOOK ASSET PARTITION ROWS */

const [workspace = "", notebook = "", name = "", key = "", rows = "0"] = process.argv.slice(2);
const asset = name as AssetKey;
const partition = key as PartitionKey;
const server = startKaryon(workspace, "start", "--no-open", "--no-demo");
const address = new URL(await addressOf(server));
const entered = await fetch(address, { redirect: "manual" });
const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
const socket = new WebSocket(`ws://${address.host}/api/socket`, {
  headers: { Origin: address.origin, Cookie: cookie },
});
socket.binaryType = "arraybuffer";
await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
await answered({ type: "open", id: 1, notebook, partition });
// A kernel that is warm has looked at the table before.
await read(2, 100);
const whole = await read(3, Number(rows));
socket.terminate();
server.kill();
process.stdout.write(
  JSON.stringify({
    duration_seconds: whole.ms / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    note: `first rows after ${whole.first.toFixed(0)} ms, ${(whole.bytes / 1e3 / whole.ms).toFixed(0)} MB/s`,
  }),
);
process.exit(0);

function send(message: ClientMessage): void {
  socket.send(JSON.stringify(message));
}

async function answered(message: ClientMessage & { readonly id: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const hear = (data: ArrayBuffer, isBinary: boolean): void => {
      if (isBinary) return;
      const said = JSON.parse(Buffer.from(data).toString()) as ServerMessage;
      if (said.type !== "reply" || said.id !== message.id) return;
      socket.off("message", hear);
      if ("error" in said) reject(new Error(said.error.message));
      else resolve();
    };
    socket.on("message", hear);
    send(message);
  });
}

interface Read {
  readonly ms: number;
  /** Milliseconds until the first rows. */
  readonly first: number;
  readonly bytes: number;
}

/** Each frame is answered with credit for one more, as the page does it. */
function read(stream: number, limit: number): Promise<Read> {
  const began = performance.now();
  let first = 0;
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const hear = (data: ArrayBuffer, isBinary: boolean): void => {
      if (isBinary) {
        const frame = decodeFrame(data);
        if (frame.stream !== stream) return;
        // The first frame is the schema, the second holds rows.
        if (frame.sequence === 1) first = performance.now() - began;
        bytes += data.byteLength;
        return send({ type: "credit", stream, messages: 1 });
      }
      const said = JSON.parse(Buffer.from(data).toString()) as ServerMessage;
      if (said.type === "reply" && said.id === stream && "error" in said)
        return reject(new Error(said.error.message));
      if (said.type !== "end" || said.stream !== stream) return;
      socket.off("message", hear);
      if (said.error === undefined) resolve({ ms: performance.now() - began, first, bytes });
      else reject(new Error(said.error.message));
    };
    socket.on("message", hear);
    send({ type: "table", id: stream, stream, asset, partition, offset: 0, limit });
  });
}
