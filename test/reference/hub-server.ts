import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Commit that the branch `main` stands at. */
export const REVISION: string = "a".repeat(40);

/** A server of this machine that speaks as much of the Hugging Face hub's API as a download needs. */
export class HubServer {
  readonly files: Map<string, Buffer>;
  /** `METHOD path` with the range, of every request, in order. */
  readonly asked: string[] = [];
  /** Authorization of every request; null: none. */
  readonly tokens: (string | null)[] = [];
  /** Takes a request in place of the hub when it answers true. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** Hash that the listing states in place of the true one, by path. */
  readonly statedHashes: Map<string, string> = new Map();
  readonly #server: Server;
  #port = 0;

  private constructor(files: Map<string, Buffer>) {
    this.files = files;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(files: Readonly<Record<string, Buffer>>): Promise<HubServer> {
    const hub = new HubServer(new Map(Object.entries(files)));
    await new Promise<void>((resolve) => hub.#server.listen(0, "127.0.0.1", resolve));
    hub.#port = (hub.#server.address() as AddressInfo).port;
    return hub;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.endpoint);
    const { range, authorization } = request.headers;
    this.asked.push(`${url.pathname}${range === undefined ? "" : ` ${range}`}`);
    this.tokens.push(authorization ?? null);
    if (this.interfere(request, response)) return;
    const resolved = /^\/datasets\/own\/set\/resolve\/[^/]+\/(?<path>.+)$/.exec(url.pathname)?.groups?.[
      "path"
    ];
    if (url.pathname === "/api/datasets/own/set/revision/main") json(response, { sha: REVISION });
    else if (url.pathname.startsWith("/api/datasets/own/set/tree/")) this.#tree(url, response);
    else if (resolved !== undefined) response.writeHead(302, { location: `/cdn/${resolved}` }).end();
    else if (url.pathname.startsWith("/cdn/"))
      this.#file(url.pathname.slice("/cdn/".length), range, response);
    else response.writeHead(404).end();
  }

  /** One file a page, so that pages are followed. */
  #tree(url: URL, response: ServerResponse): void {
    const page = Number(url.searchParams.get("page") ?? 0);
    const entries = [...this.files];
    const [path, bytes] = entries[page] ?? ["", Buffer.alloc(0)];
    if (page + 1 < entries.length) {
      response.setHeader(
        "link",
        `<${this.endpoint}${url.pathname}?recursive=true&page=${page + 1}>; rel="next"`,
      );
    }
    const oid = this.statedHashes.get(path) ?? createHash("sha256").update(bytes).digest("hex");
    json(response, [
      { type: "directory", path: "data" },
      { type: "file", path, size: bytes.length, lfs: { oid, size: bytes.length } },
    ]);
  }

  #file(path: string, range: string | undefined, response: ServerResponse): void {
    const bytes = this.files.get(path);
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    response.writeHead(range === undefined ? 200 : 206).end(bytes.subarray(from));
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}
