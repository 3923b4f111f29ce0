// Pictures and documents: dropped, pasted or chosen, sent at once, and written into the text where the caret is.

import { leaveHead } from "./head.js";
import { putAndChoose } from "./text.js";

const LINK = /!?\[(?:\\.|[^\]\n\\])*\]\((?:\\.|[^)\n\\])*\)/g;
const PICTURES = /^(?:[ \t]*!\[[^\n]*\]\([^\n]*\))+[ \t]*$/;

/** Writes a picture or a link behind the caret and what is chosen: never in their place, never into another picture. At
    the beginning of a line it becomes a paragraph of its own. */
function write(area, words) {
  leaveHead(area);
  const { value } = area;
  let at = area.selectionEnd;
  for (const link of value.matchAll(LINK)) {
    if (link.index < at && at < link.index + link[0].length) at = link.index + link[0].length;
  }
  const before = value.slice(0, at);
  const after = value.slice(at);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  let above = "";
  let below = "";
  if (!line.trim() || PICTURES.test(line)) {
    above = line.trim() ? "\n\n" : /^\s*$|\n[ \t]*\n[ \t]*$/.test(before) ? "" : "\n";
    below = /^(?:[ \t]*\n){2}|^\s*$/.test(after) ? "" : /^[ \t]*\n/.test(after) ? "\n" : "\n\n";
  } else {
    if (/[\p{L}\p{N}.,;:!?)]$/u.test(line)) above = " ";
    if (/^[\p{L}\p{N}]/u.test(after)) below = " ";
  }
  const from = above.length + words.indexOf("[") + 1;
  putAndChoose(area, above + words + below, at, at, from, above.length + words.indexOf("]("));
}

export function images(form, area) {
  const chooser = form.elements.namedItem("file");
  const trouble = form.querySelector("[data-trouble]");
  if (!form.dataset.uploadUrl || !chooser) return {};

  function tell(words, failed) {
    trouble.hidden = !words;
    trouble.classList.toggle("error", failed);
    trouble.textContent = words;
  }

  async function send(file) {
    if (file.size > Number(form.dataset.most)) throw new Error(trouble.dataset.tooLarge);
    tell(trouble.dataset.sending.replace("{name}", file.name), false);
    const body = new FormData();
    body.append("place", form.dataset.place);
    body.append("file", file, file.name);
    const headers = { "X-CSRFToken": form.elements.namedItem("csrf_token").value };
    const answer = await fetch(form.dataset.uploadUrl, { method: "POST", body, headers });
    if (answer.status === 413) throw new Error(trouble.dataset.tooLarge);
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (!answer.ok) throw new Error(told.problem ?? trouble.dataset.notSent);
    return told.written;
  }

  async function take(files) {
    for (const file of files) {
      try {
        write(area, await send(file));
        tell("", false);
      } catch (error) {
        tell(error instanceof TypeError ? trouble.dataset.notSent : error.message, true);
      }
    }
  }

  area.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    take(files);
  });
  area.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    area.classList.add("dropping");
  });
  for (const over of ["dragleave", "drop"]) area.addEventListener(over, () => area.classList.remove("dropping"));
  area.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  chooser.addEventListener("change", async () => {
    const files = [...chooser.files];
    chooser.value = "";
    await take(files);
  });
  return { image: () => chooser.click() };
}
