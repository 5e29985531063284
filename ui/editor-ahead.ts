import type { HtmlTagDescriptor, Plugin } from "vite";

const CHUNK = "editor-chunk";

/**
 * The editor is code of megabytes, which the page loads when a cell is first edited. Its files are fetched when the
 * page has nothing else to fetch, and not run: so a first edit while the server is away has its editor.
 */
export const editorAhead: Plugin = {
  name: "editor-ahead",
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle = {} }) {
      const chunk = Object.values(bundle).find((file) => file.type === "chunk" && file.name === CHUNK);
      if (chunk?.type !== "chunk") throw new Error(`the page has no chunk called ${CHUNK}`);
      const files = [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])];
      return files.map((file): HtmlTagDescriptor => ({
        tag: "link",
        attrs: { rel: "prefetch", crossorigin: true, href: `/${file}` },
        injectTo: "body",
      }));
    },
  },
};
