/** What is wrong, and what to do. */
type Refusal = readonly [message: string, hint: string];

const FULL: Refusal = ["no space is left on the disk", "Free some space and do it again."];

/** What the system refuses and a person can mend, by its name of the error. What is not here may be a defect of ours. */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ["ENOSPC", FULL],
  ["EDQUOT", ["no space is left of what you may use of the disk", "Free some space and do it again."]],
  ["EACCES", ["no permission", "Change who may read and write there, or choose another place."]],
  ["EPERM", ["no permission", "Change who may read and write there, or choose another place."]],
  ["EROFS", ["what lies there can only be read", "Choose another place."]],
  ["ENOTDIR", ["not a folder", "Choose another place."]],
  ["ELOOP", ["a link that leads to itself", "Link it to what is meant, or choose another place."]],
  ["EISDIR", ["a folder, not a file", "Choose another place."]],
  ["ENAMETOOLONG", ["a name is too long for the disk", "Choose a shorter one."]],
  ["EIO", ["the disk fails", "Look at the disk, and copy what matters away from it."]],
  ["EMFILE", ["too many files are open", "Allow more with ulimit -n."]],
]);

/** What an error of the system says, about what, and what to do; null for any other error. */
export function systemRefusal(error: unknown): { message: string; hint: string; detail: string } | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const found = REFUSALS.get(String(error.code));
  if (found === undefined) return null;
  const [message, hint] = found;
  // Of a copy, a link or another name it is where that was to be: what it is of was readable before.
  const { path, dest = path } = error as NodeJS.ErrnoException & { readonly dest?: string };
  return { message: dest === undefined ? message : `${message}: ${dest}`, hint, detail: error.message };
}

/** The words of systems for a full disk, in what an engine says that writes by itself. */
const NO_SPACE = /No space left on device|There is not enough space on the disk/;

/** What an engine that found the disk full says in other words, with the file where it names one; null of anything else. */
export function fullDisk(said: string): { message: string; hint: string } | null {
  if (!NO_SPACE.test(said)) return null;
  const [message, hint] = FULL;
  const path = /file "([^"]+)"/.exec(said)?.[1];
  return { message: path === undefined ? message : `${message}: ${path}`, hint };
}
