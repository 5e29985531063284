import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A port that nothing has, far from those that servers without a wish try: others run beside this test. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => {
    server.once("listening", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
