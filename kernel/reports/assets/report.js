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
})();
