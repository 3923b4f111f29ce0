// What is typed is kept on this device at once, and on the server a few seconds later, where another device finds it.

import { drop, load, save } from "../drafts.js";
import { when } from "../moments.js";
import { put } from "./text.js";

const KEPT = ["name", "title", "why", "text", "together", "base", "section"];
const ON_DEVICE = 400;
const ON_SERVER = 2500;
const AGAIN = [1000, 2000, 4000, 8000, 15000];

export function keeping(form, area, shown) {
  const place = form.dataset.place;
  const field = (name) => form.elements.namedItem(name);
  const note = form.querySelector("[data-keeping]");
  const trouble = form.querySelector("[data-keeping-trouble]");
  const here = document.querySelector("[data-draft]");
  const there = document.querySelector("[data-sketch]");
  const other = document.querySelector("[data-other]");
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { numeric: "always" });
  let saved = form.dataset.unsaved === undefined ? written() : "";
  let version = Number(field("sketch")?.value || 0);
  let savedAt = 0;
  let sending = false;
  let failures = 0;
  let leaving = false;
  const leave = new AbortController();
  let deviceTimer = 0;
  let serverTimer = 0;

  function fields() {
    const values = {};
    for (const name of KEPT) values[name] = field(name)?.value ?? "";
    return values;
  }

  function written() {
    return JSON.stringify(fields());
  }

  function fill(values) {
    for (const name of KEPT) {
      const part = field(name);
      if (!part || values[name] === undefined) continue;
      if (part === area) put(area, values.text, 0, area.value.length);
      else if (part.type !== "hidden" || name === "base" || name === "section") part.value = values[name];
    }
    shown();
  }

  const choosing = () => [here, there, other].some((each) => each && !each.hidden);

  function tell(words, failed = false) {
    if (note && note.textContent !== words) note.textContent = words;
    if (trouble) trouble.textContent = failed ? words : "";
  }

  function told() {
    if (!savedAt) return;
    const seconds = Math.round((Date.now() - savedAt) / 1000);
    if (seconds < 5) tell(note.dataset.just);
    else tell(note.dataset.saved.replace("{when}", seconds < 90
      ? ago.format(-seconds, "second") : ago.format(-Math.round(seconds / 60), "minute")));
  }

  // On this device

  function toDevice() {
    clearTimeout(deviceTimer);
    deviceTimer = 0;
    if (leaving) return;
    const now = fields();
    save(place, { ...now, version, saved: JSON.stringify(now) === saved, at: Date.now() });
  }

  // On the server

  async function toServer() {
    clearTimeout(serverTimer);
    serverTimer = 0;
    const now = written();
    if (now === saved || leaving || !note) return;
    if (choosing()) {
      tell(note.dataset.choose);
      return;
    }
    if (sending) {
      later(1000);
      return;
    }
    sending = true;
    tell(note.dataset.saving);
    const body = new URLSearchParams({ ...JSON.parse(now), place, sketch: version });
    const headers = { "X-CSRFToken": field("csrf_token").value };
    try {
      const answer = await fetch(form.dataset.sketchUrl, { method: "POST", body, headers, signal: leave.signal });
      if (answer.ok) kept((await answer.json()).version, now);
      else if (answer.status === 409) conflict(await answer.json());
      else if (answer.status === 401) tell(note.dataset.signedOut, true);
      else throw new Error(String(answer.status));
    } catch {
      if (leaving) return;
      tell(note.dataset.device, true);
      later(AGAIN[Math.min(failures, AGAIN.length - 1)]);
      failures += 1;
    } finally {
      sending = false;
    }
  }

  function kept(number, text) {
    failures = 0;
    version = number;
    field("sketch").value = String(number);
    saved = text;
    savedAt = Date.now();
    told();
    toDevice();
    if (written() !== saved) later(ON_SERVER);
  }

  function later(milliseconds) {
    serverTimer ||= setTimeout(toServer, milliseconds);
  }

  // Somebody else's is always oneself, elsewhere

  function conflict(found) {
    if (!found.fields) {
      version = 0;
      later(1000);
      return;
    }
    other.hidden = false;
    other.querySelector("[data-other-when]").textContent = when(new Date(found.at * 1000));
    other.querySelector("[data-other-text]").textContent = found.fields.text;
    other.querySelector("[data-other-take]").onclick = () => {
      other.hidden = true;
      fill(found.fields);
      kept(found.version, written());
      tell(note.dataset.taken, true);
      area.focus();
    };
    other.querySelector("[data-other-keep]").onclick = () => {
      other.hidden = true;
      version = found.version;
      area.focus();
      toServer().then(() => tell(note.dataset.replaced, true));
    };
    tell(note.dataset.choose, true);
  }

  function offer() {
    const draft = load(place);
    if (!here || !draft || KEPT.every((name) => (draft[name] ?? "") === fields()[name])) return;
    if (draft.text === undefined) return;
    if (draft.given && form.dataset.unsaved !== undefined) return;
    const known = there && Number(there.dataset.sketch) === draft.version;
    if (known) there.hidden = true;
    here.hidden = false;
    if (draft.at) here.querySelector("[data-draft-when]").textContent = when(new Date(draft.at));
    here.querySelector("[data-draft-use]").addEventListener("click", () => {
      here.hidden = true;
      if (there) there.hidden = true;
      version = there ? Number(there.dataset.sketch) : draft.version ?? 0;
      field("sketch").value = version ? String(version) : "";
      fill(draft);
      if (draft.saved && known) saved = written();
      area.focus();
      toServer();
    });
    here.querySelector("[data-draft-drop]").addEventListener("click", () => {
      drop(place);
      here.hidden = true;
      if (known) there.querySelector("form").requestSubmit();
      else area.focus();
    });
  }

  there?.querySelector("form")?.addEventListener("submit", () => {
    leaving = true;
    const draft = load(place);
    if (draft && draft.version === Number(there.dataset.sketch)) drop(place);
  });
  form.addEventListener("input", () => {
    deviceTimer ||= setTimeout(toDevice, ON_DEVICE);
    later(ON_SERVER);
  });
  form.addEventListener("submit", (event) => {
    leaving = true;
    leave.abort();
    if (written() !== saved || version) save(place, { ...fields(), version, at: Date.now(), given: true, sent: ["propose", "draft"].includes(event.submitter?.value) });
  });
  addEventListener("pagehide", () => {
    if (deviceTimer) toDevice();
  });
  addEventListener("beforeunload", (event) => {
    if (leaving || written() === saved) return;
    toDevice();
    toServer();
    event.preventDefault();
  });
  addEventListener("online", () => {
    failures = 0;
    toServer();
  });
  setInterval(told, 5000);
  offer();
  if (saved === "") later(500);
  return () => {
    toDevice();
    if (written() === saved) savedAt ||= Date.now();
    told();
    return toServer();
  };
}
