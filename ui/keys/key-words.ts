const SHOWN: Readonly<Record<string, string>> = {
  Escape: "Esc",
  ArrowDown: "↓",
  ArrowUp: "↑",
  Enter: "⏎",
};

/** Keys as a person reads them: `Mod-s` → `Ctrl S`, `G` → `Shift G`. */
export function keyWords(keys: string): string {
  const words = keys.split(" ").map((one) => {
    const parts = one === "Mod--" ? ["Mod", "-"] : one.split(/-(?=.)/);
    const last = parts.at(-1) ?? "";
    const capital = /^[A-Z]$/.test(last) && parts.length === 1;
    const shown = parts.map((part) => (part === "Mod" ? modWord() : (SHOWN[part] ?? part)));
    const named =
      /^[a-z]$/.test(last) && parts.length > 1 ? [...shown.slice(0, -1), last.toUpperCase()] : shown;
    return [...(capital ? ["Shift"] : []), ...named].join(" ");
  });
  return words.join(", ");
}

/** What the key is called that `Mod` stands for. */
export function modWord(): string {
  return /mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl";
}
