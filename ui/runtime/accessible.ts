/** What libraries leave unsaid: names of controls for those who do not see them, and roles of named parts of a picture. */
export function makeAccessible(node: Node): Node {
  if (!(node instanceof Element)) return node;
  for (const input of node.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (isNamed(input)) continue;
    const words = labelBeside(input, node);
    if (words !== "") input.setAttribute("aria-label", words);
  }
  for (const part of node.querySelectorAll("g[aria-label]:not([role])")) part.setAttribute("role", "group");
  return node;
}

function isNamed(input: Element): boolean {
  const labels = "labels" in input ? (input.labels as NodeListOf<HTMLLabelElement> | null) : null;
  return (
    (labels?.length ?? 0) > 0 || input.hasAttribute("aria-label") || input.hasAttribute("aria-labelledby")
  );
}

/** The one label of the control that the input is a part of: a slider has its number's. */
function labelBeside(input: Element, root: Element): string {
  const form = input.closest("form") ?? root;
  return form.querySelector("label")?.textContent?.trim() ?? "";
}
