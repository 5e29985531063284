import { useSyncExternalStore } from "react";

/** Light, dark, or whatever the system says. */
export type Theme = "light" | "dark" | "system";

const KEY = "karyon.theme";

export function savedTheme(): Theme {
  try {
    const saved = localStorage.getItem(KEY);
    return saved === "light" || saved === "dark" ? saved : "system";
  } catch {
    // Storage may be forbidden: then the system decides.
    return "system";
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered; it holds until the page is closed.
  }
}

/** Whether the page is dark, by its own choice or by the system's. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
}

/** Calls `listener` whenever {@link isDark} may have changed. @returns what ends that */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  const chosen = new MutationObserver(listener);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    chosen.disconnect();
    system.removeEventListener("change", listener);
  };
}

/** {@link isDark}, now and when that changes. */
export function useDark(): boolean {
  return useSyncExternalStore(onThemeChange, isDark);
}

export function nextTheme(theme: Theme): Theme {
  return theme === "system" ? "light" : theme === "light" ? "dark" : "system";
}
