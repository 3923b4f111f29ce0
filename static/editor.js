// The editor beyond a plain form. Each part is a module of its own; without any of them the form works as it is.

import { count } from "./editor/count.js";
import { beginBelow } from "./editor/head.js";
import { images } from "./editor/images.js";
import { keeping } from "./editor/keeping.js";
import { keys } from "./editor/keys.js";
import { links } from "./editor/links.js";
import { preview } from "./editor/preview.js";
import { tables } from "./editor/tables.js";
import { toolbar } from "./editor/toolbar.js";

const form = document.querySelector("[data-editor]");
const area = form.elements.namedItem("text");
const panes = form.querySelector("[data-panes]");

beginBelow(area);
const show = preview(form, area);
const help = { help: () => document.getElementById("keys-dialog").showModal() };
const doing = toolbar(form, area, { ...links(form, area), ...tables(form, area), ...images(form, area), ...help });
count(form, area);
keys(form, area, doing, keeping(form, area, show));

// One pane on a phone

panes.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-pane]");
  if (!chosen) return;
  panes.dataset.show = chosen.dataset.pane;
  for (const button of panes.querySelectorAll("[data-pane]")) {
    button.setAttribute("aria-pressed", String(button === chosen));
  }
  show();
});
