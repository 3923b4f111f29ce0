// What stands at the top of a page: the block between lines of three dashes, and the title below it. Nothing is put in there.

import { put } from "./text.js";

const BLOCK = /^\uFEFF?---[ \t]*\n(?:[^]*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)/;
const FACT = /^[\w"'][^\n]*:(?:\s|$)/m;
const NOTHING = /^(?:---|\.\.\.)\s*$/;
const TITLE = /^\s*# [^\n]*(?:\n\s*|$)/;

/** Where the words of a page begin, below the block that says what the page is. */
export function belowHead(value) {
  const block = BLOCK.exec(value)?.[0] ?? "";
  const says = block.slice(block.indexOf("\n") + 1);
  return FACT.test(says) || NOTHING.test(says) ? block.length : 0;
}

/** A caret that nobody has put anywhere stands where the first words are, below the title. */
export function beginBelow(area) {
  if (area.selectionStart || area.selectionEnd) return;
  const { value } = area;
  const top = belowHead(value);
  const at = top + (TITLE.exec(value.slice(top)) ?? /^\s*/.exec(value.slice(top)))[0].length;
  area.setSelectionRange(at, at);
}

/** What is chosen above the words is chosen no more. */
export function leaveHead(area) {
  const top = belowHead(area.value);
  if (area.selectionStart >= top) return;
  const end = Math.max(top, area.selectionEnd);
  area.setSelectionRange(top, end);
  if (!area.value.slice(0, top).endsWith("\n")) put(area, "\n", top, end);
}
