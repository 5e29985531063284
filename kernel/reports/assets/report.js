// Everything works without this: it only opens what paper needs open, and what an address points into.
"use strict";
(() => {
  const opened = new Set();
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not(.reveal):not([open])")) {
      details.open = true;
      opened.add(details);
    }
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened.clear();
  });
  for (const button of document.querySelectorAll("button[data-evidence]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? "Close all details" : "Open all details";
      const section = document.getElementById(button.dataset.evidence);
      for (const details of section.querySelectorAll("details.row-detail")) details.open = open;
    });
  }
  // The page of a notebook says that it is one. It knows more than the file, and its keys are those of its cells.
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.karyon !== "page") return;
    addEventListener(
      "keydown",
      ({ key }) => key === "Escape" && parent.postMessage({ karyon: "leave" }, "*"),
    );
    if (data.traces !== true) return;
    const offer = (details) => {
      const site = details.closest("[data-site]")?.dataset.site;
      const inner = details.querySelector(".inner");
      if (site === undefined || inner === null || inner.querySelector(".trace") !== null) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "trace";
      button.textContent = "Where is it from?";
      button.addEventListener("click", () => {
        parent.postMessage({ karyon: "trace", site }, "*");
        // The focus comes back to the file, and a browser no longer knows where in it.
        addEventListener("focus", () => button.focus(), { once: true });
      });
      inner.append(button);
    };
    // Thousands of rows have theirs when they are opened.
    for (const details of document.querySelectorAll("[data-site] details[open]")) offer(details);
    addEventListener("toggle", ({ target }) => target.open && offer(target), { capture: true });
  });
})();
