import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { pathToFileURL } from "node:url";

import { CACHE } from "./cache.js";

/**
 * Lets the stack of an error name places in the sources instead of in what is built from them. Node's own
 * `process.setSourceMapsEnabled` reads the map of every file that is loaded, which takes a sixth of the time in which a
 * command starts: here a map is read when a stack that leads through its file is.
 */
export function nameSourcePlaces() {
  const bundled = pathToFileURL(CACHE).href;
  /** By file; null where there is none. */
  const maps = new Map();
  const mapOf = (file) => {
    let map = maps.get(file);
    if (map === undefined)
      maps.set(file, (map = file.startsWith(bundled) ? read(new URL(`${file}.map`)) : null));
    return map;
  };
  Error.prepareStackTrace = (error, sites) =>
    [describe(error), ...sites.map((site) => `    at ${placed(site, mapOf(site.getFileName() ?? ""))}`)].join(
      "\n",
    );
}

function read(place) {
  try {
    return new SourceMap(JSON.parse(readFileSync(place, "utf8")));
  } catch {
    // A cache that was emptied meanwhile: the place in what was built is still better than none.
    return null;
  }
}

/** A line of a stack. */
function placed(site, map) {
  const file = site.getFileName();
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  // Of maps lines and columns count from 0.
  const origin = map?.findEntry(line - 1, column - 1);
  if (origin?.originalSource === undefined) return String(site);
  const source = new URL(origin.originalSource, file).href;
  const place = `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  return String(site).replace(`${file}:${line}:${column}`, place);
}

/** As V8 begins a stack, also for what cannot say what it is. */
function describe(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
