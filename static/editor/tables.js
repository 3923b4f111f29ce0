// Tables in the text: insert one, add and remove rows and columns, align, tidy.

import { put, putBlock } from "./text.js";

const RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const ALIGNED = [["", ""], [":", ""], [":", ":"], ["", ":"]];

function cells(row) {
  const found = row.trim().replace(/^\|/, "").split(/(?<!\\)\|/);
  if (found.length > 1 && found.at(-1).trim() === "" && /(?<!\\)\|\s*$/.test(row)) found.pop();
  return found.map((cell) => cell.trim());
}

/** The table around the caret: where it is, its cells, and in which of them the caret stands. */
export function tableAt(area) {
  const { value, selectionStart: at } = area;
  const lineStart = value.lastIndexOf("\n", at - 1) + 1;
  if (!value.slice(lineStart, (value.indexOf("\n", at) + 1 || value.length + 1) - 1).includes("|")) return null;
  let start = lineStart;
  while (start > 0) {
    const above = value.lastIndexOf("\n", start - 2) + 1;
    if (!value.slice(above, start - 1).includes("|")) break;
    start = above;
  }
  let end = start;
  const rows = [];
  while (end <= value.length) {
    const stop = value.indexOf("\n", end) < 0 ? value.length : value.indexOf("\n", end);
    const row = value.slice(end, stop);
    if (!row.includes("|")) break;
    rows.push({ start: end, text: row });
    end = stop + 1;
  }
  if (rows.length < 2 || !RULE.test(rows[1].text)) return null;
  const line = rows.findLastIndex((row) => row.start <= at);
  const passed = value.slice(rows[line].start, at).replace(/^\s*\|/, "").match(/(?<!\\)\|/g)?.length ?? 0;
  const aligns = cells(rows[1].text).map((cell) => [cell.startsWith(":") ? ":" : "", /-:$/.test(cell) ? ":" : ""]);
  const width = Math.max(aligns.length, ...rows.map((row) => cells(row.text).length));
  while (aligns.length < width) aligns.push(["", ""]);
  const body = rows.filter((row, number) => number !== 1).map((row) => {
    const found = cells(row.text);
    while (found.length < width) found.push("");
    return found;
  });
  const row = line < 2 ? 0 : line - 1;
  return { start, end: end - 1, body, aligns, row, column: Math.min(passed, width - 1), onRule: line === 1 };
}

const long = (text) => [...text].length;

function written(table) {
  const widths = table.aligns.map((_, column) => Math.max(3, ...table.body.map((row) => long(row[column]))));
  const places = [];
  const rows = table.body.map((row) => row.map((cell, column) => cell + " ".repeat(widths[column] - long(cell))));
  const rule = table.aligns.map(([left, right], column) =>
    left + "-".repeat(widths[column] - left.length - right.length) + right);
  const texts = [rows[0], rule, ...rows.slice(1)].map((row) => `| ${row.join(" | ")} |`);
  let at = 0;
  texts.forEach((text, line) => {
    if (line !== 1) {
      let inside = at + 2;
      places.push(rows[line === 0 ? 0 : line - 1].map((cell) => {
        const here = inside;
        inside += cell.length + 3;
        return here;
      }));
    }
    at += text.length + 1;
  });
  return { text: texts.join("\n"), places };
}

function write(area, table, row, column) {
  const { text, places } = written(table);
  if (area.value.slice(table.start, table.end) !== text) put(area, text, table.start, table.end);
  const line = Math.max(0, Math.min(row, table.body.length - 1));
  const cell = Math.max(0, Math.min(column, table.aligns.length - 1));
  const at = table.start + places[line][cell];
  area.focus();
  area.setSelectionRange(at, at + table.body[line][cell].length);
}

const changes = {
  "row-add": (table) => {
    table.body.splice(table.row + 1, 0, table.aligns.map(() => ""));
    return [table.row + 1, 0];
  },
  "row-drop": (table) => {
    if (table.row > 0) table.body.splice(table.row, 1);
    return [table.row, table.column];
  },
  "column-add": (table) => {
    for (const row of table.body) row.splice(table.column + 1, 0, "");
    table.aligns.splice(table.column + 1, 0, ["", ""]);
    return [table.row, table.column + 1];
  },
  "column-drop": (table) => {
    if (table.aligns.length > 1) {
      for (const row of table.body) row.splice(table.column, 1);
      table.aligns.splice(table.column, 1);
    }
    return [table.row, table.column];
  },
  align: (table) => {
    const now = ALIGNED.findIndex(([left, right]) => String([left, right]) === String(table.aligns[table.column]));
    table.aligns[table.column] = [...ALIGNED[(now + 1) % ALIGNED.length]];
    return [table.row, table.column];
  },
};

/** Tab in a table goes to the next cell, and after the last one to a new row. */
export function nextCell(area, back) {
  const table = tableAt(area);
  if (!table) return false;
  const width = table.aligns.length;
  const to = table.row * width + table.column + (back ? -1 : 1);
  if (to < 0) return false;
  if (to >= table.body.length * width) table.body.push(table.aligns.map(() => ""));
  write(area, table, Math.floor(to / width), to % width);
  return true;
}

export function tables(form, area) {
  const dialog = document.getElementById("table-dialog");
  const tools = form.querySelector("[data-table-tools]");
  if (!dialog || !tools) return {};
  let inside = false;
  let chosen = [0, 0];

  function tidy() {
    const table = tableAt(area);
    if (inside && !table) tidyUp(area);
    inside = Boolean(table);
    if (tools.hidden === inside) tools.hidden = !inside;
    if (table) last = { start: table.start, length: area.value.length };
  }

  let last = null;

  function tidyUp() {
    if (!last || document.activeElement !== area || area.selectionStart !== area.selectionEnd) return;
    const at = area.selectionStart;
    const table = tableAt({ value: area.value, selectionStart: last.start });
    if (!table || (at >= table.start && at <= table.end)) return;
    const { text } = written(table);
    const grown = text.length - (table.end - table.start);
    if (area.value.slice(table.start, table.end) === text) return;
    put(area, text, table.start, table.end);
    const back = at > table.start ? at + grown : at;
    area.setSelectionRange(back, back);
  }

  area.addEventListener("keyup", tidy);
  area.addEventListener("pointerup", tidy);
  area.addEventListener("focus", tidy);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "insert") return;
    area.setSelectionRange(...chosen);
    const columns = Math.max(1, Math.min(12, Number(dialog.querySelector("#table-columns").value) || 3));
    const rows = Math.max(1, Math.min(50, Number(dialog.querySelector("#table-rows").value) || 2));
    const head = dialog.querySelector("[data-head]").dataset.head;
    const body = [Array(columns).fill(head), ...Array.from({ length: rows }, () => Array(columns).fill(""))];
    const { text } = written({ body, aligns: Array.from({ length: columns }, () => ["", ""]) });
    putBlock(area, text, 2, 2 + head.length);
    tidy();
  });
  const doings = { table: () => {
    chosen = [area.selectionStart, area.selectionEnd];
    dialog.returnValue = "";
    dialog.showModal();
  } };
  for (const [name, change] of Object.entries(changes)) {
    doings[name] = () => {
      const table = tableAt(area);
      if (!table) return;
      write(area, table, ...change(table));
      tidy();
    };
  }
  return doings;
}
