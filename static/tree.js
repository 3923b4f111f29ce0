// Brings the page one is on into view in a long tree of contents, where the style sheet cannot.

const tree = document.querySelector(".tree .pinned");
const here = tree?.querySelector("[aria-current]");

if (here) {
  const below = here.getBoundingClientRect().bottom - tree.getBoundingClientRect().bottom;
  if (below > 0) tree.scrollTop += below + tree.clientHeight / 2;
}
