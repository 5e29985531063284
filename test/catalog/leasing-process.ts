/* A process that takes a lease in the catalog that it is given, says so, and stays. */
import { Catalog } from "../../server/catalog/catalog.ts";

const [, , path = ""] = process.argv;
const catalog = new Catalog(path);
process.stdout.write(`${catalog.leases.take("x", 1)}\n`);
setInterval(() => catalog.lastSeq(), 1_000);
