import type { ErrorInfo } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";

/** What became of a file that was sent. */
export interface Uploaded {
  /** Null until all files of its sample are there. */
  readonly partition: PartitionKey | null;
  /** File name that it has now. */
  readonly file: string;
  readonly bytes: number;
  readonly inspection: unknown;
}

/** What several files that are one sample have in common, and whether this one is the last of them. */
export interface Together {
  readonly together: string;
  readonly sample: string;
  readonly last: boolean;
}

/**
 * Sends a file; `progress` is told the bytes that are gone. fetch cannot tell them, so this is an XMLHttpRequest.
 *
 * @throws {WorkspaceError} what the server refused it with, `cancelled` when it was stopped or the server went away
 */
export function uploadFile(
  user: string,
  file: File,
  progress: (bytes: number) => void,
  signal: AbortSignal,
  others: Together | null = null,
): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const path = `/api/uploads/${encodeURIComponent(user)}/${encodeURIComponent(file.name)}`;
    request.open("POST", path + questionOf(others));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => progress(event.loaded));
    request.addEventListener("load", () => {
      try {
        resolve(readAnswer(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    const gone = (message: string): void => reject(new WorkspaceError({ code: "cancelled", message }));
    request.addEventListener("error", () => gone("the connection was lost while the file was sent"));
    request.addEventListener("abort", () => gone("stopped"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function questionOf(files: Together | null): string {
  if (files === null) return "";
  const { together, sample, last } = files;
  return `?${new URLSearchParams({ together, sample, ...(last ? { last: "" } : {}) }).toString()}`;
}

function readAnswer(status: number, text: string): Uploaded {
  const answer = parsed(text);
  if (answer !== null && "error" in answer) throw new WorkspaceError(answer.error);
  if (answer !== null && status < 300) return answer;
  throw new WorkspaceError({ code: "internal", message: `the server answered ${status}` });
}

function parsed(text: string): Uploaded | { readonly error: ErrorInfo } | null {
  try {
    return JSON.parse(text) as Uploaded | { readonly error: ErrorInfo };
  } catch {
    return null;
  }
}

/** Whether a file may be cut off, or one of several: it lacks the mark of its end. */
export function mayBeCutOff(inspection: unknown): boolean {
  return (
    typeof inspection === "object" &&
    inspection !== null &&
    "unmarked" in inspection &&
    Array.isArray(inspection.unmarked) &&
    inspection.unmarked.length > 0
  );
}

/** Names of the samples in a file; empty when its head states none. */
export function samplesIn(inspection: unknown): readonly string[] {
  const samples =
    typeof inspection === "object" && inspection !== null && "samples" in inspection
      ? inspection.samples
      : [];
  return Array.isArray(samples) ? samples.filter((one) => typeof one === "string") : [];
}
