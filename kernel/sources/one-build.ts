import type { BuildEvidence } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";

/** A file of a sample, and what it says of its build. */
interface FileBuild {
  readonly path: string;
  /** What it is called where there are others. */
  readonly name: string;
  readonly build: BuildEvidence;
}

/** @throws {WorkspaceError} `source` for files that say that they are on different builds */
export function requireOneBuild(files: readonly FileBuild[], hint: string): void {
  const stated = files.filter(({ build }) => build.detected !== null);
  const [first] = stated;
  const other = stated.find(({ build }) => build.detected !== first?.build.detected);
  if (first === undefined || other === undefined) return;
  throw new WorkspaceError({
    code: "source",
    message: `the files are on different genome builds: ${first.name} on ${first.build.detected}, ${other.name} on ${other.build.detected}`,
    hint,
    at: other.path,
  });
}
