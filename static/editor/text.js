// Changes to the text. All go through `put`, because what `insertText` does the browser can undo.

export function put(area, value, start, end) {
  area.focus();
  area.setSelectionRange(start, end);
  if (value === "" && start === end) return;
  const done = value === "" ? document.execCommand("delete") : document.execCommand("insertText", false, value);
  if (!done) {
    area.setRangeText(value, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Puts words there and chooses those from `from` to `to`, counted from where they begin. */
export function putAndChoose(area, value, start, end, from, to) {
  put(area, value, start, end);
  area.setSelectionRange(start + from, start + to);
}

/** The whole lines that are chosen, or the one with the caret. */
export function chosenLines(area) {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const last = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
  const found = value.indexOf("\n", last);
  const end = found < 0 ? value.length : found;
  return { start, end, text: value.slice(start, end) };
}

/** Puts a block there with empty lines around it, and chooses a part of it. */
export function putBlock(area, block, from = 0, to = 0) {
  const { start, end, text } = chosenLines(area);
  const at = text.trim() ? end : start;
  const before = area.value.slice(0, at);
  const after = area.value.slice(text.trim() ? end : end);
  const above = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const below = after === "" ? "\n" : after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const first = above.length;
  putAndChoose(area, above + block + below, at, text.trim() ? at : end, first + from, first + to);
}
