import { CODE } from "#protocol/build.ts";

import type { CellType } from "./cell-type.ts";

/**
 * Version of the code that carries out cells of a type, as SemVer writes it: `0.1.0+1a2b3c4d5e6f`. What is behind the
 * plus is computed from the sources, so that no result of a rule that was changed since passes for fresh.
 */
export function codeVersion({ code }: Pick<CellType, "code">, software: string): string {
  const version = software.replace(/^karyon /, "");
  const hash = CODE[code.slice(code.lastIndexOf("/") + 1)];
  return hash === undefined ? version : `${version}+${hash}`;
}
