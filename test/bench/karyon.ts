import { fileURLToPath } from "node:url";

/** Path of this clone, with a slash at its end. */
export const CLONE: string = fileURLToPath(new URL("../../", import.meta.url));

/** Path of the command line's entry in it. */
export const KARYON: string = `${CLONE}server/cli/karyon.js`;
