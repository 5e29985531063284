import type { ExportedNotebook } from "#protocol/exported.ts";
import { NOTEBOOK_ELEMENT } from "#protocol/exported.ts";
import { WorkspaceError } from "#protocol/error.ts";

/**
 * Stands in for the page's own: types were stripped when the file was made, for the tool that does it is large.
 *
 * @throws {WorkspaceError} `notebook` for a cell whose types could not be stripped
 */
export async function stripTypes(source: string): Promise<string> {
  const text = document.getElementById(NOTEBOOK_ELEMENT)?.textContent ?? "";
  const { stripped } = JSON.parse(text) as ExportedNotebook;
  const plain = stripped[source];
  if (plain !== undefined) return plain;
  throw new WorkspaceError({ code: "notebook", message: "this cell has no JavaScript in this file" });
}
