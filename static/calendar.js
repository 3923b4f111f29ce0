// A year of days as one stop of the Tab key: the arrow keys go from day to day.

for (const picture of document.querySelectorAll("svg[data-days]")) {
  const days = [...picture.querySelectorAll("a")];
  let at = days.length - 1;
  days.forEach((day, nth) => day.setAttribute("tabindex", nth === at ? "0" : "-1"));

  function go(to) {
    days[at].setAttribute("tabindex", "-1");
    at = to;
    days[at].setAttribute("tabindex", "0");
  }

  picture.addEventListener("focusin", (event) => {
    const nth = days.indexOf(event.target.closest("a"));
    if (nth >= 0) go(nth);
  });
  picture.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: days.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    go(Math.max(0, Math.min(to, days.length - 1)));
    days[at].focus();
  });
}
