// Keys in the text and in the form. Tab is used only in lists and tables, and never after Escape.

import { goOn, indent } from "./lists.js";
import { nextCell } from "./tables.js";

export function keys(form, area, doing, saveNow) {
  const shortcuts = { b: "bold", i: "italic", k: "link" };
  let leaving = false;

  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const key = event.key.toLowerCase();
    if (key === "enter") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=propose]"));
    } else if (key === "s") {
      event.preventDefault();
      saveNow();
    } else if (event.target === area && shortcuts[key]) {
      event.preventDefault();
      doing(shortcuts[key]);
    }
  });

  area.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const used =
      (event.key === "Enter" && !event.shiftKey && goOn(area)) ||
      (event.key === "Tab" && !leaving && (nextCell(area, event.shiftKey) || indent(area, event.shiftKey)));
    if (event.key !== "Shift") leaving = event.key === "Escape";
    if (used) event.preventDefault();
  });
}
