// The preview: rendered on the server a moment after the last key, and scrolled to where the text is.

export function preview(form, area) {
  const pane = form.querySelector("[data-preview]");
  if (!pane) return () => {};
  const name = () => form.elements.namedItem("name")?.value ?? "";
  let pending = null;
  let timer = 0;
  let shown = null;

  async function fetchNow() {
    const text = area.value;
    const key = `${name()}\n${text}`;
    if (key === shown || pane.offsetParent === null) return;
    pending?.abort();
    pending = new AbortController();
    const body = new URLSearchParams({ text, name: name() || form.dataset.name || "", place: form.dataset.place });
    const headers = { "X-CSRFToken": form.elements.namedItem("csrf_token").value };
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: "POST", body, headers, signal: pending.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      fill(await answer.text());
      shown = key;
      along.forget();
      along.follow();
    } catch (error) {
      if (error.name === "AbortError") return;
      const note = document.createElement("p");
      note.className = "meta";
      note.textContent = pane.dataset.failed;
      pane.replaceChildren(note);
      shown = null;
    }
  }

  // Blocks that are as they were stay: then a long page is not laid out anew at every word.
  function fill(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    around(made.content.querySelector("template[data-radar]"));
    written(made.content.querySelector("template[data-language]"));
    const next = [...made.content.childNodes].filter((node) => node.nodeType !== 3 || node.data.trim());
    const now = [...pane.childNodes];
    let first = 0;
    while (first < now.length && first < next.length && same(now[first], next[first])) first += 1;
    let last = 0;
    while (last < Math.min(now.length, next.length) - first && same(now.at(-1 - last), next.at(-1 - last))) last += 1;
    for (let at = 0; at < last; at += 1) lines(now.at(-1 - at), next.at(-1 - at));
    const stay = now[now.length - last] ?? null;
    for (const old of now.slice(first, now.length - last)) old.remove();
    const come = document.createDocumentFragment();
    come.append(...next.slice(first, next.length - last));
    pane.insertBefore(come, stay);
  }

  // In which language it is: the one that the text says, else the one that the page came with.
  const before = { lang: pane.getAttribute("lang"), dir: pane.getAttribute("dir") };
  function written(said) {
    for (const [name, value] of Object.entries(before)) {
      const now = said?.getAttribute(name) ?? value;
      if (now) pane.setAttribute(name, now);
      else pane.removeAttribute(name);
    }
    said?.remove();
  }

  // Which open proposals would change the same: said again only where it is something else.
  function around(told) {
    const place = document.querySelector("[data-radar-shown]");
    const said = told?.innerHTML ?? "";
    told?.remove();
    if (!place || place.innerHTML === said) return;
    place.innerHTML = said;
    place.hidden = !said;
  }

  const words = (node) => (node.outerHTML ?? node.data).replace(/ data-line="\d+"/g, "");
  const same = (one, other) => words(one) === words(other);

  function lines(now, next) {
    const marked = (node) => [node, ...(node.querySelectorAll?.("[data-line]") ?? [])];
    const others = marked(next);
    marked(now).forEach((node, at) => {
      const line = others[at]?.dataset?.line;
      if (line && node.dataset) node.dataset.line = line;
    });
  }

  const along = scrolling(area, pane);
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(fetchNow, 180);
  };
  area.addEventListener("input", soon);
  if (area.value) soon();
  return soon;
}

/** Keeps the preview beside the text: where a block begins in the text and in the preview is measured when it is needed. */
function scrolling(area, pane) {
  let marks = null;
  let asked = false;

  function measure() {
    const mirror = document.createElement("div");
    mirror.className = "mirror";
    const style = getComputedStyle(area);
    for (const key of ["font", "lineHeight", "letterSpacing", "padding", "tabSize"]) mirror.style[key] = style[key];
    mirror.style.width = `${area.clientWidth}px`;
    const rows = area.value.split("\n");
    const blocks = [...pane.querySelectorAll("[data-line]")];
    const spans = [];
    let at = 0;
    let before = 0;
    for (const block of blocks) {
      const line = Number(block.dataset.line) - 1;
      if (line < before || line > rows.length) continue;
      mirror.append(rows.slice(at, line).map((row) => `${row}\n`).join(""));
      const span = document.createElement("span");
      mirror.append(span);
      spans.push([span, block]);
      at = line;
      before = line;
    }
    mirror.append(`${rows.slice(at).join("\n")}\n`);
    area.parentElement.append(mirror);
    const top = pane.getBoundingClientRect().top - pane.scrollTop;
    marks = spans.map(([span, block]) => [span.offsetTop, block.getBoundingClientRect().top - top]);
    marks.push([mirror.offsetHeight, pane.scrollHeight]);
    mirror.remove();
  }

  function follow() {
    asked = false;
    if (pane.scrollHeight <= pane.clientHeight || area.scrollHeight <= area.clientHeight) return;
    if (!marks) measure();
    const y = area.scrollTop;
    if (y + area.clientHeight >= area.scrollHeight - 2) {
      pane.scrollTop = pane.scrollHeight;
      return;
    }
    let from = [0, 0];
    let to = marks.at(-1);
    for (const mark of marks) {
      if (mark[0] <= y) from = mark;
      else {
        to = mark;
        break;
      }
    }
    const part = to[0] > from[0] ? (y - from[0]) / (to[0] - from[0]) : 0;
    pane.scrollTop = from[1] + part * (to[1] - from[1]);
  }

  const ask = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(follow);
  };
  area.addEventListener("scroll", ask, { passive: true });
  new ResizeObserver(() => {
    marks = null;
  }).observe(area);
  return { follow: ask, forget: () => {
    marks = null;
  } };
}
