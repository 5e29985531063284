import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Latin subsets of the three voices, one variable file each; other scripts fall to the system's fonts. */
const FONTS = [
  { family: "Inter", file: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2" },
  {
    family: "Source Serif 4",
    file: "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  },
  {
    family: "JetBrains Mono",
    file: "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  },
] as const;

/** What `latin` covers in these packages. */
const LATIN =
  "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";

/** Style rules that hold the fonts themselves. `suffix` stands after the name of each family. */
export async function fontFaces(suffix: string): Promise<string> {
  const faces = FONTS.map(async ({ family, file }) => {
    const bytes = await readFile(fileURLToPath(import.meta.resolve(file)));
    return `@font-face{font-family:"${family}${suffix}";font-weight:200 800;font-display:swap;src:url(data:font/woff2;base64,${bytes.toString("base64")}) format("woff2");unicode-range:${LATIN}}`;
  });
  return (await Promise.all(faces)).join("\n");
}
