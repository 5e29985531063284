import { proseHtml } from "../cells/prose-html.ts";
import { describe } from "./inspect.ts";

/** Stands for value number n while the markup is parsed; the random part keeps it from being written by accident. */
const MARK = `karyon${Math.random().toString(36).slice(2)}x`;
const MARKS = new RegExp(`${MARK}(\\d+)x`);

type Tag = (strings: TemplateStringsArray, ...values: readonly unknown[]) => Node;

/** `` html`<b>${text}</b>` ``: an element, or a fragment of several. A value is text, a node, or a list of those; never markup. */
export const html: Tag = (strings, ...values) => {
  const template = document.createElement("template");
  template.innerHTML = marked(strings);
  return whole(filled(template.content, values));
};

/** `` svg`<circle r=${5} />` ``: an SVG element, values as in {@link html}. */
export const svg: Tag = (strings, ...values) => {
  const template = document.createElement("template");
  template.innerHTML = `<svg>${marked(strings)}</svg>`;
  const outer = template.content.firstElementChild;
  const content = document.createDocumentFragment();
  content.append(...(outer?.childNodes ?? []));
  return whole(filled(content, values));
};

/** `` md`# ${title}` ``: Markdown, without HTML; values as in {@link html}. */
export const md: Tag = (strings, ...values) => {
  const template = document.createElement("template");
  template.innerHTML = proseHtml(marked(strings));
  const element = document.createElement("div");
  element.className = "prose";
  element.append(filled(template.content, values));
  return element;
};

function marked(strings: TemplateStringsArray): string {
  return strings.map((text, index) => (index === 0 ? text : `${MARK}${index - 1}x${text}`)).join("");
}

function filled(content: DocumentFragment, values: readonly unknown[]): DocumentFragment {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const nodes: Node[] = [];
  while (walker.nextNode() !== null) nodes.push(walker.currentNode);
  for (const node of nodes) {
    if (node instanceof Element) fillAttributes(node, values);
    else fillText(node, values);
  }
  return content;
}

function fillText(node: Node, values: readonly unknown[]): void {
  const parts = (node.nodeValue ?? "").split(MARKS);
  if (parts.length === 1) return;
  const next = parts.flatMap((part, index) => (index % 2 === 0 ? [part] : nodesOf(values[Number(part)])));
  node.parentNode?.replaceChild(fragment(next), node);
}

function fillAttributes(element: Element, values: readonly unknown[]): void {
  // A copy: attributes go while they are looked at.
  for (const { name, value } of Array.from(element.attributes)) {
    const parts = value.split(MARKS);
    if (parts.length === 1) continue;
    const only =
      parts.length === 3 && parts[0] === "" && parts[2] === "" ? values[Number(parts[1])] : undefined;
    element.removeAttribute(name);
    if (typeof only === "function" && name.startsWith("on")) {
      element.addEventListener(name.slice(2), only as EventListener);
    } else if (only === true) {
      element.setAttribute(name, "");
    } else if (
      only !== false &&
      only !== null &&
      !(parts.length === 3 && only === undefined && parts.join("") === parts[1])
    ) {
      const text = parts
        .map((part, index) => (index % 2 === 0 ? part : String(values[Number(part)])))
        .join("");
      if (isSafe(name, text)) element.setAttribute(name, text);
    }
  }
}

/** A value never becomes code: neither a handler's text nor an address that runs. */
function isSafe(name: string, text: string): boolean {
  if (name.startsWith("on") || name === "srcdoc") return false;
  return (
    !/^(?:href|src|xlink:href|action|formaction)$/.test(name) || !/^\s*(?:javascript|vbscript):/i.test(text)
  );
}

function nodesOf(value: unknown): (Node | string)[] {
  if (value === null || value === undefined || value === false) return [];
  if (value instanceof Node) return [value];
  if (typeof value === "object" && Symbol.iterator in value) {
    return [...(value as Iterable<unknown>)].flatMap((item) => nodesOf(item));
  }
  return [describe(value)];
}

function fragment(parts: readonly (Node | string)[]): DocumentFragment {
  const content = document.createDocumentFragment();
  content.append(...parts);
  return content;
}

/** A single element by itself; white space around it does not count. */
function whole(content: DocumentFragment): Node {
  const nodes = [...content.childNodes].filter(
    (node) => node instanceof Element || node.nodeValue?.trim() !== "",
  );
  if (nodes.length === 1 && nodes[0] !== undefined) return nodes[0];
  const span = document.createElement("span");
  span.append(content);
  return nodes.some((node) => node instanceof SVGElement) ? content : span;
}
