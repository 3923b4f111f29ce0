// Marks, in the table of contents, the passage that is being read.

const links = new Map();
for (const link of document.querySelectorAll(".toc.wide a")) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) links.set(heading, link);
}

const headings = [...links.keys()];
let current = null;

function mark() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < window.innerHeight / 4);
  const next = links.get(passed.at(-1)) ?? null;
  if (next === current) return;
  current?.removeAttribute("aria-current");
  next?.setAttribute("aria-current", "location");
  current = next;
}

if (headings.length > 0) {
  const watcher = new IntersectionObserver(mark, { rootMargin: "0px 0px -75% 0px" });
  for (const heading of headings) watcher.observe(heading);
}
