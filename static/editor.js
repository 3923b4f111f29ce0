// The editor beyond a plain form: live preview, toolbar, keys, drafts on this device, a word before leaving.

import { drop, load, save } from "./drafts.js";

const form = document.querySelector("[data-editor]");
const text = form.elements.namedItem("text");
const panes = form.querySelector("[data-panes]");
const pane = form.querySelector("[data-preview]");
const address = location.pathname;
const kept = ["name", "title", "why", "text"];

function fields() {
  const values = {};
  for (const name of kept) values[name] = form.elements.namedItem(name)?.value ?? "";
  return values;
}

const begun = JSON.stringify(fields());
let leaving = false;

const changed = () => JSON.stringify(fields()) !== begun;

// Preview

let pending = null;
let timer = 0;

async function preview() {
  if (!pane) return;
  pending?.abort();
  pending = new AbortController();
  const token = form.elements.namedItem("csrf_token").value;
  const body = new URLSearchParams({ text: text.value, name: form.elements.namedItem("name")?.value ?? "" });
  const headers = { "X-CSRFToken": token };
  try {
    const answer = await fetch(form.dataset.previewUrl, { method: "POST", body, headers, signal: pending.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    pane.innerHTML = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    const note = document.createElement("p");
    note.className = "meta";
    note.textContent = pane.dataset.failed;
    pane.replaceChildren(note);
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(preview, 300);
}

// Toolbar. `insertText` is used because it keeps what the browser can undo.

function put(value, start, end) {
  text.focus();
  text.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, value)) {
    text.setRangeText(value, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function around(sign) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  put(sign + value.slice(start, end) + sign, start, end);
  text.setSelectionRange(start + sign.length, end + sign.length);
}

function lines(sign) {
  const { selectionStart, selectionEnd, value } = text;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const chosen = value.slice(start, selectionEnd);
  put(chosen.split("\n").map((line) => sign + line).join("\n"), start, selectionEnd);
}

function link() {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const words = value.slice(start, end);
  put(`[${words}]()`, start, end);
  const inside = words ? start + words.length + 3 : start + 1;
  text.setSelectionRange(inside, inside);
}

form.querySelector(".toolbar")?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.around) around(button.dataset.around);
  else if (button.dataset.line) lines(button.dataset.line);
  else link();
});

// Keys

const shortcuts = { b: () => around("**"), i: () => around("*"), k: link };

form.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=propose]"));
  } else if (event.target === text && shortcuts[event.key]) {
    event.preventDefault();
    shortcuts[event.key]();
  }
});

// One pane on a phone

panes.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-pane]");
  if (!chosen) return;
  panes.dataset.show = chosen.dataset.pane;
  for (const button of panes.querySelectorAll("[data-pane]")) {
    button.setAttribute("aria-pressed", String(button === chosen));
  }
});

// Drafts

const note = document.querySelector("[data-draft]");

function offer(draft) {
  note.hidden = false;
  note.querySelector("[data-draft-use]").addEventListener("click", () => {
    for (const name of kept) {
      const part = form.elements.namedItem(name);
      if (part && part.type !== "hidden") part.value = draft[name];
    }
    note.hidden = true;
    text.focus();
    soon();
  });
  note.querySelector("[data-draft-drop]").addEventListener("click", () => {
    drop(address);
    note.hidden = true;
    text.focus();
  });
}

const draft = load(address);
if (draft && kept.some((name) => draft[name] !== fields()[name])) offer(draft);

form.addEventListener("input", () => {
  soon();
  if (changed()) save(address, fields());
});

form.addEventListener("submit", (event) => {
  leaving = true;
  if (changed() || draft) save(address, { ...fields(), sent: event.submitter?.value === "propose" });
});

addEventListener("beforeunload", (event) => {
  if (!leaving && changed()) event.preventDefault();
});

if (text.value && pane?.closest("[data-empty]")) preview();
