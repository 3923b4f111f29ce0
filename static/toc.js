// Marks, in the table of contents, the passage that is being read.

const links = new Map();
for (const link of document.querySelectorAll(".toc.wide a")) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) links.set(heading, link);
}

const headings = [...links.keys()];
let current = null;
let asked = false;

function mark() {
  asked = false;
  const atTheEnd = window.scrollY > 0 && window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
  const reached = atTheEnd ? window.innerHeight : window.innerHeight / 4;
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < reached);
  const next = links.get(passed.at(-1)) ?? null;
  if (next === current) return;
  current?.removeAttribute("aria-current");
  next?.setAttribute("aria-current", "location");
  current = next;
}

function ask() {
  if (!asked) requestAnimationFrame(mark);
  asked = true;
}

if (headings.length > 0) {
  document.addEventListener("scroll", ask, { passive: true });
  window.addEventListener("resize", ask);
  ask();
}
