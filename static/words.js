// Better words for a sentence. On a page: a button beside each passage, and one beside what is selected; they open the
// form for it over the page. In the form: the difference is shown while somebody types.

import { rove } from "./roving.js";

const BLOCKS = "p, li, td, th, dt, dd, figcaption, h2, h3, h4, h5, h6";
const LEFT_OUT = ".footnote-ref, .footnote-back, button, .way-in, .visually-hidden";
const MOST = 300;

const template = document.getElementById("reword");
const article = document.querySelector("article.prose");
const sheet = document.getElementById("reword-sheet");

// What is read, as the server reads it: one space between words, and between blocks.
function readable(root) {
  const nodes = [];
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
    if (node.nodeType !== 1) return NodeFilter.FILTER_ACCEPT;
    return node.matches(LEFT_OUT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  });
  while (walk.nextNode()) nodes.push(walk.currentNode);
  return nodes;
}

const inline = new Set("A ABBR B CITE CODE DEL EM I IMG INPUT INS KBD LABEL Q S SMALL SPAN STRONG SUB SUP U".split(" "));
const tidy = (text) => text.replace(/\s+/g, " ").trim();

function words(root, until = null, offset = 0) {
  let text = "";
  for (const node of readable(root)) {
    if (node.nodeType === 1) text += inline.has(node.tagName) ? "" : " ";
    else if (node === until) return text + node.data.slice(0, offset);
    else if (until && node.compareDocumentPosition(until) & Node.DOCUMENT_POSITION_PRECEDING) return text;
    else text += node.data + (endsBlock(node) ? " " : "");
  }
  return text;
}

function endsBlock(node) {
  let at = node;
  while (at.parentElement && at.parentElement !== article && at === at.parentElement.lastChild) {
    at = at.parentElement;
    if (!inline.has(at.tagName)) return true;
  }
  return false;
}

// The how manieth of the same words on the page: those that begin before a place, and one.
function nth(quote, before) {
  const all = tidy(words(article));
  const start = before.replace(/\s+/g, " ").replace(/^ /, "").length;
  let count = 1;
  let at = all.indexOf(quote);
  while (at >= 0 && at < start) {
    count += 1;
    at = all.indexOf(quote, at + 1);
  }
  return count;
}

function ask(quote, before, whole) {
  const lead = before.replace(/\s+/g, " ");
  const asked = new URLSearchParams({ quote, nth: nth(quote, lead), of: template.dataset.of });
  if (whole) asked.set("whole", "1");
  open(`${template.dataset.url}?${asked}`);
}

const left = new Map(); // what was typed in a sheet that was closed, by its address

async function open(address) {
  let form = null;
  try {
    const answer = await fetch(address);
    form = answer.ok ? formIn(await answer.text()) : null;
  } catch {
    form = null;
  }
  if (!form) {
    location.assign(address);
    return;
  }
  sheet.querySelector("[data-sheet]").replaceChildren(form);
  sheet.showModal();
  form.querySelector("[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    sheet.close();
  });
  live(form);
  const field = form.elements.namedItem("words");
  keep(form, address);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function keep(form, address) {
  const fields = [...form.querySelectorAll("textarea, input[type=text], input:not([type]), input[name=offered]")];
  const first = fields.map((field) => field.value);
  for (const [at, value] of (left.get(address) ?? []).entries()) fields[at].value = value;
  if (left.has(address)) form.elements.namedItem("words").dispatchEvent(new Event("input"));
  sheet.addEventListener("close", () => {
    const typed = fields.map((field) => field.value);
    if (typed.some((value, at) => value !== first[at])) left.set(address, typed);
    else left.delete(address);
  }, { once: true });
}

function formIn(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const form = page.querySelector("form[data-words]");
  return form ? document.adoptNode(form) : null;
}

// The difference while somebody types

function live(form) {
  const field = form.elements.namedItem("words");
  const shown = form.querySelector("[data-difference]");
  let timer = 0;
  let pending = null;
  let asked = field.value;
  // The title follows the words until somebody chooses another.
  function retitle(fresh) {
    const [title, offered] = ["title", "offered"].map((name) => form.elements.namedItem(name));
    if (title.value !== offered.value) return;
    title.value = offered.value = fresh.elements.namedItem("offered").value;
  }
  async function look() {
    if (field.value === asked) return;
    asked = field.value;
    pending?.abort();
    pending = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "difference");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: pending.signal });
      const fresh = answer.redirected ? null : formIn(await answer.text());
      if (!fresh) return;
      shown.replaceChildren(...fresh.querySelector("[data-difference]").childNodes);
      retitle(fresh);
    } catch (error) {
      if (error.name !== "AbortError") asked = null;
    }
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 350);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[value=propose]"));
  });
}

// On a page

function beside(block, made) {
  const own = tidy(words(block));
  made.setAttribute("aria-label", made.dataset.what.replace("{}", () => (own.length > 60 ? `${own.slice(0, 59)}…` : own)));
  made.addEventListener("click", () => ask(own.slice(0, 80).trim(), lead(block), true));
  block.prepend(made);
}

function lead(block) {
  const first = readable(block).find((node) => node.nodeType === 3 && node.data.trim());
  return first ? words(article, first, first.data.length - first.data.trimStart().length) : "";
}

function passages() {
  const all = [...article.querySelectorAll(BLOCKS)];
  for (const block of all.filter((each) => !each.querySelector("p, dd, dt") && tidy(words(each)))) {
    beside(block, template.content.querySelector(".reword").cloneNode(true));
  }
  rove([...article.querySelectorAll("button.reword")]);
}

function selecting() {
  const button = template.content.querySelector(".reword-chosen").cloneNode(true);
  document.body.append(button);
  let chosen = null;
  let timer = 0;
  function look() {
    const selection = getSelection();
    chosen = selection.rangeCount && !selection.isCollapsed ? taken(selection.getRangeAt(0)) : null;
    button.hidden = !chosen;
    if (!chosen) return;
    const box = selection.getRangeAt(0).getBoundingClientRect();
    const most = document.documentElement.clientWidth - button.offsetWidth - 8;
    button.style.setProperty("left", `${Math.max(8, Math.min(box.left, most)) + scrollX}px`);
    button.style.setProperty("top", `${box.bottom + scrollY + 8}px`);
  }
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const [quote, before] = chosen;
    button.hidden = true;
    ask(quote, before, false);
  });
}

// The words that are selected, as far as they are in the passage in which the selection begins.
function taken(range) {
  const start = range.startContainer;
  const block = (start.nodeType === 1 ? start : start.parentElement)?.closest(BLOCKS);
  if (!block || !article.contains(block)) return null;
  const own = range.cloneRange();
  if (!block.contains(range.endContainer)) own.setEndAfter(block.lastChild);
  const copy = own.cloneContents();
  for (const node of copy.querySelectorAll(LEFT_OUT)) node.remove();
  const quote = tidy(copy.textContent).slice(0, MOST).trim();
  if (quote.length < 2) return null;
  const text = start.nodeType === 3 ? start : readable(block).find((node) => node.nodeType === 3);
  const offset = start.nodeType === 3 ? range.startOffset : 0;
  const spaces = text.data.slice(offset).length - text.data.slice(offset).trimStart().length;
  return [quote, words(article, text, offset + spaces)];
}

if (template && article && sheet) {
  passages();
  selecting();
}
for (const form of document.querySelectorAll("main form[data-words]")) live(form);
