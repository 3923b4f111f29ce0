// The row of buttons: one stop for the Tab key, arrow keys inside.

import { leaveHead } from "./head.js";
import { chosenLines, put, putAndChoose, putBlock } from "./text.js";

const MARK = /^(\s*)(?:[-*+] \[[ xX]\] |[-*+] |\d{1,9}[.)] |> ?)/;

export function around(area, sign, otherwise = "") {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const n = sign.length;
  const outside = value.slice(start - n, start) === sign && value.slice(end, end + n) === sign;
  if (outside && value[start - n - 1] !== sign[0]) {
    putAndChoose(area, value.slice(start, end), start - n, end + n, 0, end - start);
    return;
  }
  const words = value.slice(start, end) || otherwise;
  putAndChoose(area, sign + words + sign, start, end, n, n + words.length);
}

function lines(area, marked) {
  const { start, end, text } = chosenLines(area);
  const rows = text.split("\n");
  const wanted = rows.map((row, number) => marked(row.replace(MARK, "$1"), number));
  const off = rows.every((row, number) => row === wanted[number]);
  const made = (off ? rows.map((row) => row.replace(MARK, "$1")) : wanted).join("\n");
  const blank = text === "" && !off;
  putAndChoose(area, made, start, end, blank ? made.length : 0, made.length);
}

function heading(area) {
  const { start, end, text } = chosenLines(area);
  const [, signs, words] = /^(#{0,6}) *(.*)$/s.exec(text.split("\n")[0]);
  const next = { 0: "## ", 1: "## ", 2: "### ", 3: "#### " }[signs.length] ?? "";
  const rest = text.split("\n").slice(1).map((row) => `\n${row}`).join("");
  put(area, next + words + rest, start, end);
}

function code(area, words) {
  const { selectionStart, selectionEnd, value } = area;
  const chosen = value.slice(selectionStart, selectionEnd);
  if (!chosen.includes("\n")) {
    around(area, "`", words);
    return;
  }
  const { start, end, text } = chosenLines(area);
  putAndChoose(area, `\`\`\`\n${text}\n\`\`\``, start, end, 4, 4 + text.length);
}

export function toolbar(form, area, doings) {
  const bar = form.querySelector(".toolbar");
  if (!bar) return () => {};
  const words = bar.dataset;
  const known = {
    heading: () => heading(area),
    bold: () => around(area, "**", words.strong),
    italic: () => around(area, "*", words.emphasis),
    list: () => lines(area, (row) => row.replace(/^(\s*)/, "$1- ")),
    numbers: () => lines(area, (row, number) => row.replace(/^(\s*)/, `$1${number + 1}. `)),
    tasks: () => lines(area, (row) => row.replace(/^(\s*)/, "$1- [ ] ")),
    quote: () => lines(area, (row) => `> ${row}`),
    code: () => code(area, words.code),
    note: () => putBlock(area, `> [!NOTE]\n> ${words.note}`, 12, 12 + words.note.length),
    ...doings,
  };
  for (const each of form.querySelectorAll(".toolbar")) roving(each);
  const doing = (name, button) => {
    if (!known[name]) return;
    if (name !== "help") leaveHead(area);
    known[name](button);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".toolbar button");
    if (button) doing(button.dataset.do, button);
  });
  for (const button of form.querySelectorAll(".toolbar button")) button.disabled = false;
  return doing;
}

function roving(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const choose = (button) => {
    for (const each of buttons) each.tabIndex = each === button ? 0 : -1;
  };
  choose(buttons[0]);
  bar.addEventListener("focusin", (event) => {
    if (buttons.includes(event.target)) choose(event.target);
  });
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
}
