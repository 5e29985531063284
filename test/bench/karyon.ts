import { fileURLToPath } from "node:url";

/** Path of the command line's entry in this clone. */
export const KARYON: string = fileURLToPath(new URL("../../server/cli/karyon.js", import.meta.url));
