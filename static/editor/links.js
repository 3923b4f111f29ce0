// A link to a page: searched by title or address, written as the guidelines write links.

import { putAndChoose } from "./text.js";

const WEB = /^(?:https?:\/\/|mailto:|tel:|\/|\.|#)/;

export function links(form, area) {
  const dialog = document.getElementById("link-dialog");
  if (!dialog) return {};
  const input = dialog.querySelector("#link-search");
  const list = dialog.querySelector("#link-found");
  const status = dialog.querySelector("[data-link-status]");
  let found = [];
  let active = -1;
  let pending = null;
  let timer = 0;
  let chosen = [0, 0];
  let answered = null;

  function mark(number) {
    active = number;
    [...list.children].forEach((item, each) => item.setAttribute("aria-selected", String(each === active)));
    if (active >= 0) {
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function show() {
    list.replaceChildren(...found.map((page, number) => {
      const item = document.createElement("li");
      item.id = `link-found-${number}`;
      item.setAttribute("role", "option");
      const title = document.createElement("strong");
      const name = document.createElement("span");
      title.textContent = page.title;
      name.textContent = page.name;
      name.className = "page-name";
      item.append(title, " ", name);
      return item;
    }));
    input.setAttribute("aria-expanded", String(found.length > 0));
    mark(found.length > 0 && input.value.trim() && !WEB.test(input.value.trim()) ? 0 : -1);
    status.textContent = found.length > 0 ? status.dataset.some.replace("{count}", found.length) : status.dataset.none;
  }

  async function search() {
    pending?.abort();
    pending = new AbortController();
    const words = input.value.trim();
    const asked = new URLSearchParams({ q: words, folder: folder(form) });
    try {
      const answer = await fetch(`${form.dataset.pagesUrl}?${asked}`, { signal: pending.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      found = await answer.json();
      answered = words;
      if (words === input.value.trim()) show();
    } catch (error) {
      if (error.name === "AbortError") return;
      found = [];
      answered = words;
      show();
      status.textContent = status.dataset.failed;
    }
  }

  function insert() {
    const page = found[active];
    const typed = input.value.trim();
    const target = page ? page.target : typed;
    const [start, end] = chosen;
    const words = area.value.slice(start, end) || (page ? page.title : "");
    if (!target && !words) return;
    const safe = /[\s()]/.test(target) ? `<${target}>` : target;
    const all = `[${words}](${safe})`;
    if (words && target) putAndChoose(area, all, start, end, all.length, all.length);
    else if (words) putAndChoose(area, all, start, end, words.length + 3, words.length + 3);
    else putAndChoose(area, all, start, end, 1, 1);
  }

  // Who is quicker than the search means what they typed, not what was found before.
  async function finish() {
    if (answered !== input.value.trim() && !WEB.test(input.value.trim())) {
      clearTimeout(timer);
      await search();
    }
    dialog.close("insert");
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      mark((active + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      finish();
    }
  });
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (!item) return;
    mark([...list.children].indexOf(item));
    dialog.close("insert");
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    pending?.abort();
    if (dialog.returnValue !== "insert") return;
    area.focus();
    area.setSelectionRange(...chosen);
    insert();
  });
  return { link: () => {
    chosen = [area.selectionStart, area.selectionEnd];
    input.value = area.value.slice(area.selectionStart, area.selectionEnd).replace(/\s+/g, " ").slice(0, 100);
    dialog.returnValue = "";
    answered = null;
    found = [];
    dialog.showModal();
    input.select();
    search();
  } };
}

/** The folder in which the page lies; for a new one as its address has been typed. */
export function folder(form) {
  const name = form.elements.namedItem("name");
  if (!name || name.type === "hidden" || !name.value.trim()) return form.dataset.folder;
  return name.value.trim().replace(/^\/+/, "").split("/").slice(0, -1).join("/");
}
