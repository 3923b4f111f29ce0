// Checks the policy while it is being written: the line that is wrong is marked, and what the rules would mean appears.

const form = document.querySelector("[data-policy]");
const text = form.elements.namedItem("text");
const shown = form.querySelector("[data-policy-check]");
const gutter = form.querySelector("[data-gutter]");
const status = form.querySelector("[data-policy-status]");
let pending = null;
let timer = 0;
let wrong = 0;

function number() {
  const count = text.value.split("\n").length;
  const rows = [];
  for (let line = 1; line <= count; line += 1) {
    const row = document.createElement("span");
    row.textContent = String(line);
    if (line === wrong) row.className = "wrong";
    rows.push(row);
  }
  gutter.replaceChildren(...rows);
  gutter.scrollTop = text.scrollTop;
}

function mark(line) {
  wrong = line;
  text.setAttribute("aria-invalid", String(line > 0));
  number();
}

function go(line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
}

// Says in one sentence how it stands. Where a notice is shown the sentence is for who cannot see it.
function tell(words) {
  status.className = shown.querySelector(".notice") ? "visually-hidden" : "meta";
  if (status.textContent !== words) status.textContent = words;
}

function fail() {
  shown.replaceChildren();
  mark(0);
  tell(shown.dataset.failed);
}

async function check() {
  pending?.abort();
  pending = new AbortController();
  const token = form.elements.namedItem("csrf_token").value;
  const options = { method: "POST", body: new URLSearchParams({ text: text.value }), headers: { "X-CSRFToken": token } };
  try {
    const answer = await fetch(form.dataset.policy, { ...options, signal: pending.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    shown.innerHTML = await answer.text();
    mark(Number(answer.headers.get("Policy-Line") ?? 0));
    tell(shown.querySelector(".notice")?.textContent ?? shown.dataset.valid);
  } catch (error) {
    if (error.name !== "AbortError") fail();
  }
}

text.addEventListener("input", () => {
  number();
  clearTimeout(timer);
  timer = setTimeout(check, 350);
});
text.addEventListener("scroll", () => {
  gutter.scrollTop = text.scrollTop;
});
shown.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  go(Number(link.dataset.line));
});

mark(Number(shown.querySelector("[data-line]")?.dataset.line ?? 0));
if (!shown.textContent.trim()) check();
