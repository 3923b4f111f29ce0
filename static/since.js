// What changed on a page since its reader last read it: shown in its place when they want to see it, and not before, for
// to compare two texts takes far longer than to show one. Without scripts a link leads to the same.

for (const details of document.querySelectorAll("details[data-difference]")) {
  const place = details.querySelector(".as-prose");
  const address = details.dataset.difference;
  details.hidden = false;
  details.addEventListener("toggle", async () => {
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...document.adoptNode(page.querySelector(".difference > .as-prose")).childNodes);
      place.removeAttribute("aria-busy");
    } catch {
      location.assign(address);
    }
  }, { once: true });
}
