import { WorkspaceError } from "#protocol/error.ts";
import type { ExportedBlock } from "#protocol/exported.ts";

/**
 * Bytes of a block of this file, unpacked. Blocks stand behind the script that asks for them: one that has not been
 * read by the browser yet is waited for.
 *
 * @throws {WorkspaceError} `asset` when the file lacks it or its bytes are damaged
 */
export async function readBlock({ id }: ExportedBlock): Promise<Uint8Array> {
  const element = await whole(id);
  if (element === null) throw damaged(id);
  try {
    const unpacked = new Blob([bytesOf(element.textContent)])
      .stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (cause) {
    throw damaged(id, cause);
  }
}

/** A loop: handing a function to `Uint8Array.from` takes ten times as long. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** The element once all of its text is there; null when the file ends without it. */
function whole(id: string): Promise<HTMLElement | null> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const element = document.getElementById(id);
      const read = document.readyState !== "loading" || element?.nextElementSibling != null;
      if (read) resolve(element);
      return read;
    };
    if (look()) return;
    const observer = new MutationObserver(() => look() && observer.disconnect());
    observer.observe(document.body, { childList: true });
    document.addEventListener("DOMContentLoaded", () => look() && observer.disconnect(), { once: true });
  });
}

function damaged(id: string, cause?: unknown): WorkspaceError {
  return new WorkspaceError(
    {
      code: "asset",
      message: `this file is damaged: ${id} cannot be read`,
      hint: "Export the notebook again.",
    },
    { cause },
  );
}
