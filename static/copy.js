// Puts a button beside every address that is worth keeping, and beside headings; it copies the address. A heading then
// leads to itself, as its mark is the button's.

const template = document.getElementById("copy");
const status = document.getElementById("copied");

async function copy(address) {
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    return copiedByHand(address);
  }
}

// Without a secure connection browsers have no clipboard to write to, only what is selected can be copied.
function copiedByHand(address) {
  const field = document.createElement("textarea");
  field.value = address;
  field.className = "visually-hidden";
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}

function button(address) {
  const made = template.content.firstElementChild.cloneNode(true);
  const words = made.textContent;
  let waiting;
  made.addEventListener("click", async () => {
    const said = (await copy(address)) ? made.dataset.copied : made.dataset.failed;
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = said));
    if (made.dataset.mark === undefined) made.textContent = said;
    made.dataset.said = said;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (made.dataset.mark === undefined) made.textContent = words;
      delete made.dataset.said;
    }, 2500);
  });
  return made;
}

// The words of a heading, which stay its name, without those of the button in it.
function wordsOf(heading) {
  const id = `words-${heading.id}`;
  const known = document.getElementById(id);
  if (known) return known;
  const words = document.createElement("span");
  words.id = id;
  words.append(...heading.childNodes);
  heading.append(words);
  heading.setAttribute("aria-labelledby", words.id);
  return words;
}

function forHeading(anchor) {
  const heading = anchor.closest("h2, h3, h4, h5, h6");
  const begins = anchor.closest("[data-passages]")?.dataset.passages;
  const made = button(begins ? new URL(begins + heading.id, document.baseURI).href : anchor.href);
  if (anchor.hasChildNodes()) anchor.href = `#${heading.id}`;
  else anchor.remove();
  made.setAttribute("aria-label", made.dataset.what.replace("{}", () => heading.textContent.trim()));
  made.textContent = "#";
  made.dataset.mark = "";
  made.classList.add("anchor-copy");
  made.addEventListener("click", () => history.replaceState(null, "", `#${heading.id}`));
  wordsOf(heading).after(made);
}

if (template && status) {
  for (const link of document.querySelectorAll("a[data-copy]")) link.after(" ", button(link.href));
  for (const anchor of document.querySelectorAll(".prose a.anchor:not([href^='#'])")) forHeading(anchor);
}
