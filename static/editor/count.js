// How many words the text has, and how many are chosen.

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu;
const BY_CHARACTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;
const PER_MINUTE = 220;

export function wordsIn(text) {
  const characters = text.match(BY_CHARACTER)?.length ?? 0;
  return characters + (text.replace(BY_CHARACTER, " ").match(WORD)?.length ?? 0);
}

export function count(form, area) {
  const note = form.querySelector("[data-count]");
  if (!note) return;
  const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  let timer = 0;

  function show() {
    const body = area.value.replace(/^---\n[\s\S]*?\n---\n/, "");
    const words = wordsIn(body);
    const told = [note.dataset.words.replace("{words}", number.format(words))];
    told.push(note.dataset.minutes.replace("{minutes}", number.format(Math.max(1, Math.round(words / PER_MINUTE)))));
    if (area.selectionEnd > area.selectionStart && document.activeElement === area) {
      const chosen = wordsIn(area.value.slice(area.selectionStart, area.selectionEnd));
      told.push(note.dataset.chosen.replace("{words}", number.format(chosen)));
    }
    note.textContent = told.join(" · ");
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  };
  area.addEventListener("input", soon);
  document.addEventListener("selectionchange", () => {
    if (document.activeElement === area) soon();
  });
  show();
}
