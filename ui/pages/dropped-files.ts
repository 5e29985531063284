import { useEffect } from "react";

import type { Section } from "../shell/section.ts";

/** Files that were dropped beside the place that is meant for them, until it takes them. */
class DroppedFiles {
  #files: readonly File[] = [];
  readonly #listeners = new Set<() => void>();

  put(files: readonly File[]): void {
    this.#files = files;
    for (const listener of this.#listeners) listener();
  }

  take(): readonly File[] {
    const files = this.#files;
    this.#files = [];
    return files;
  }

  /** Calls `listener` when there are some. @returns what ends that */
  onPut(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const droppedFiles: DroppedFiles = new DroppedFiles();

/** Takes files that are dropped anywhere to the samples: a browser would leave the page for them. */
export function useDroppedFiles(goTo: (section: Section) => void): void {
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      // What was dropped where it belongs is taken already.
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      droppedFiles.put([...(event.dataTransfer?.files ?? [])]);
      goTo("samples");
    };
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  }, [goTo]);
}
