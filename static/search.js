// Suggestions while somebody types, as a combobox; "/" leads to the field from anywhere on a page, unless switched off.

const PAUSE = 120;
const MOST_KEPT = 50;

const fields = [...document.querySelectorAll("[data-search]")];

function option(id, suggestion) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.url = suggestion.url;
  const title = document.createElement("span");
  title.textContent = suggestion.title;
  item.append(title);
  if (suggestion.label) {
    const label = document.createElement("span");
    label.className = "meta";
    label.textContent = suggestion.label;
    item.append(" ", label);
  }
  return item;
}

function combobox(input) {
  const box = input.closest("[data-suggest]");
  const list = document.createElement("ul");
  const told = document.createElement("p");
  const kept = new Map();
  let active = -1;
  let asking = null;
  let timer = 0;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label);
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  box.append(list, told);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  function select(at) {
    active = at;
    for (const [place, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(place === at));
    const chosen = list.children[at];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function open(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) select(-1);
  }

  function show(answer) {
    list.replaceChildren(...answer.suggestions.map((each, at) => option(`${list.id}-${at}`, each)));
    select(-1);
    open(answer.suggestions.length > 0);
    told.textContent = answer.said;
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    open(false);
    told.textContent = "";
  }

  async function ask(typed) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      if (!kept.has(typed)) {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal });
        if (!answer.ok) return;
        if (kept.size >= MOST_KEPT) kept.clear();
        kept.set(typed, await answer.json());
      }
      if (!signal.aborted && document.activeElement === input && input.value.trim() === typed) show(kept.get(typed));
    } catch {
      // Without suggestions the field still searches.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const typed = input.value.trim();
    if (!typed || typed.length > 100) close();
    else timer = setTimeout(ask, PAUSE, typed);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden && count && event.key === "ArrowDown") open(true);
      if (list.hidden) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      select(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) location.assign(chosen.dataset.url);
  });
  input.addEventListener("blur", close);
}

fields.forEach(combobox);

const root = document.documentElement;

for (const form of document.querySelectorAll("[data-slash-form]")) {
  form.addEventListener("submit", async (event) => {
    const button = form.querySelector("button[name=slash]");
    const chosen = button.value;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, button));
    root.dataset.slash = chosen;
    button.value = chosen === "on" ? "off" : "on";
    button.setAttribute("aria-pressed", String(chosen === "on"));
    for (const field of fields) {
      if (chosen === "on") field.setAttribute("aria-keyshortcuts", "/");
      else field.removeAttribute("aria-keyshortcuts");
    }
    try {
      await fetch(form.action, { method: "POST", body, redirect: "manual" });
    } catch {
      // The key does as chosen on this page; it is asked for again on the next one.
    }
  });
}

document.addEventListener("keydown", (event) => {
  if (root.dataset.slash === "off") return;
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target;
  if (at.isContentEditable || at.closest?.("input, textarea, select, [role=textbox]")) return;
  const field = fields.find((each) => each.checkVisibility());
  const link = document.querySelector("[data-search-link]");
  if (!field && !link) return;
  event.preventDefault();
  if (field) {
    field.focus();
    field.select();
  } else {
    location.assign(link.href);
  }
});
