#!/usr/bin/env node
// Node 20 cannot run TypeScript: tsx is registered first, then the command line is loaded.
import { register } from "tsx/esm/api";

register();
await import("./main.ts");
