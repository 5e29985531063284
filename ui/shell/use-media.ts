import { useCallback, useSyncExternalStore } from "react";

/** As in the style sheets: a page of one column. */
export const NARROW = "(max-width: 760px)";

/** Whether a media query holds, now and when the window changes. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void): (() => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
