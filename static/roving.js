// Many buttons or links of one kind that are one stop of the Tab key: the arrow keys go on to the next of them.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
const shown = (each) => each.checkVisibility();

export function rove(all) {
  if (all.length < 2) return;
  let stop = all.find(shown) ?? all[0];
  for (const each of all) {
    each.tabIndex = each === stop ? 0 : -1;
    each.setAttribute("aria-keyshortcuts", "ArrowDown ArrowUp");
    each.addEventListener("focus", () => {
      stop.tabIndex = -1;
      stop = each;
      stop.tabIndex = 0;
    });
    each.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const next = wanted(all.filter(shown), each, event.key);
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  }
}

function wanted(all, from, key) {
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  return key in STEPS ? all[all.indexOf(from) + STEPS[key]] : null;
}
