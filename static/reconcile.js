// What is typed while two versions are brought together stays in this window until it has arrived.

const form = document.querySelector("[data-reconcile]");
const PREFIX = `reconcile:${location.pathname}:`;
const areas = [...form.querySelectorAll("textarea[name^=words-]")];

function kept(name) {
  try {
    return sessionStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function keep(name, text) {
  try {
    sessionStorage.setItem(PREFIX + name, text);
  } catch {
    // No room or not allowed: the form itself still holds the text.
  }
}

for (const area of areas) {
  const before = kept(area.name);
  if (before !== null) area.value = before;
  area.addEventListener("input", () => keep(area.name, area.value));
}

let leaving = false;
form.addEventListener("submit", () => {
  leaving = true;
});

addEventListener("beforeunload", (event) => {
  if (!leaving && areas.some((area) => area.value !== area.defaultValue)) event.preventDefault();
});

if (location.hash === "#result") document.getElementById("result")?.focus();
