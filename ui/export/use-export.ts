import { createContext, useContext } from "react";
import type { Context } from "react";

import type { ExportedNotebook } from "#protocol/exported.ts";

import type { EmbeddedServer } from "./embedded-server.ts";

export interface Export {
  readonly notebook: ExportedNotebook;
  readonly server: EmbeddedServer;
}

export const ExportContext: Context<Export | null> = createContext<Export | null>(null);

export function useExport(): Export {
  const found = useContext(ExportContext);
  if (found === null) throw new Error("no exported notebook above this component");
  return found;
}
