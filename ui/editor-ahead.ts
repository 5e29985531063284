import type { HtmlTagDescriptor, Plugin } from "vite";

const CHUNK = "editor-chunk";

/**
 * The editor is code of megabytes, which the page loads when a cell is first edited. The page is told its files, and
 * fetches them when it has nothing else to do, without running them: so a first edit while the server is away has its
 * editor. Not by `rel=prefetch`, which the policy of the page keeps Firefox from, and which Safari does not know.
 */
export const editorAhead: Plugin = {
  name: "editor-ahead",
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle = {} }) {
      const chunk = Object.values(bundle).find((file) => file.type === "chunk" && file.name === CHUNK);
      if (chunk?.type !== "chunk") throw new Error(`the page has no chunk called ${CHUNK}`);
      const files = [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])];
      const content = files.map((file) => `/${file}`).join(" ");
      const meta: HtmlTagDescriptor = {
        tag: "meta",
        attrs: { name: "fetched-ahead", content },
        injectTo: "head",
      };
      return [meta];
    },
  },
};
