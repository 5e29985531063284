// Runs one of the programs of this folder as kernels are run, from what is bundled: NAME and its words.
import { built } from "../../start/built.js";
import { nameSourcePlaces } from "../../start/source-places.js";

nameSourcePlaces();
const [name] = process.argv.splice(2, 1);
await import(await built(`test/bench/programs/${name}.ts`));
