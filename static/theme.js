// Switches between light and dark without leaving the page, and closes the menu when the reader turns away.

const root = document.documentElement;

function show(form, theme) {
  if (theme === "auto") root.removeAttribute("data-theme");
  else root.dataset.theme = theme;
  for (const button of form.querySelectorAll("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

for (const form of document.querySelectorAll("[data-theme-form]")) {
  form.addEventListener("submit", async (event) => {
    const chosen = event.submitter;
    if (!chosen) return;
    event.preventDefault();
    show(form, chosen.value);
    const body = new URLSearchParams(new FormData(form, chosen));
    try {
      await fetch(form.action, { method: "POST", body, redirect: "manual" });
    } catch {
      // The look holds for this page; it is asked for again on the next one.
    }
  });
}

const menus = document.querySelectorAll("details.menu");

document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});
