// Enter goes on with a list, Tab moves an item further in. True where the key was used.

import { chosenLines, put } from "./text.js";

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])( +)(\[[ xX]\] +)?/;
const QUOTE = /^(\s*>+ ?)+/;

export function goOn(area) {
  const { selectionStart: at, selectionEnd, value } = area;
  if (at !== selectionEnd) return false;
  const start = value.lastIndexOf("\n", at - 1) + 1;
  const { end, text } = chosenLines(area);
  const found = ITEM.exec(text) ?? QUOTE.exec(text);
  if (!found || at - start < found[0].length) return false;
  if (text.length === found[0].length || !text.slice(found[0].length).trim()) {
    put(area, "", start, end);
    return true;
  }
  put(area, `\n${next(found)}`, at, at);
  return true;
}

function next(found) {
  if (found[2] === undefined) return found[0];
  const number = /^(\d+)(.)$/.exec(found[2]);
  const mark = number ? `${Number(number[1]) + 1}${number[2]}` : found[2];
  return found[1] + mark + found[3] + (found[4] ? "[ ] " : "");
}

export function indent(area, back) {
  const { start, end, text } = chosenLines(area);
  const rows = text.split("\n");
  if (!rows.some((row) => ITEM.test(row))) return false;
  const { selectionStart, selectionEnd } = area;
  const width = (row) => Math.min(ITEM.exec(row)?.[2].length + 1 || 2, 4);
  const step = width(rows.find((row) => ITEM.test(row)));
  const moved = rows.map((row) => {
    if (!row.trim()) return row;
    if (!back) return " ".repeat(step) + row;
    return row.replace(new RegExp(`^ {1,${step}}`), "");
  });
  const made = moved.join("\n");
  if (made === text) return !back;
  put(area, made, start, end);
  const first = moved[0].length - rows[0].length;
  area.setSelectionRange(Math.max(start, selectionStart + first), selectionEnd + made.length - text.length);
  return true;
}
