// Pictures and documents: dropped, pasted or chosen, sent at once, and written into the text where the caret is.

import { putAndChoose } from "./text.js";

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
    if (file.size > Number(form.dataset.mostKib) * 1024) throw new Error(trouble.dataset.tooLarge);
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
        const words = await send(file);
        const { selectionStart: start, selectionEnd: end } = area;
        const from = words.indexOf("[") + 1;
        putAndChoose(area, words, start, end, from, words.indexOf("]("));
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
