#!/usr/bin/env node
import { built } from "../../start/built.js";

process.setSourceMapsEnabled(true);
await import(await built("server/cli/main.ts"));
