import type { EngineChoice } from "#protocol/kernel-messages.ts";

import type { Engine } from "../engines/engine.ts";
import { engines } from "../engines/index.ts";

/** The choice of a cell that can be made on every engine; `own` is the one it names. */
export function anyEngine(own: Engine): EngineChoice {
  return {
    own: own.name,
    versions: Object.fromEntries(engines.map(({ name, version }) => [name, version])),
  };
}
