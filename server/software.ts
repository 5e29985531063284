import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Version of this Karyon. */
export const VERSION: string = manifest.version;

/** As records and reports name it. */
export const SOFTWARE: string = `karyon ${VERSION}`;
