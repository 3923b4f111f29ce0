// Shows every moment in the reader's own time zone; the server wrote it in UTC.

const lang = document.documentElement.lang || "en";
const locale = lang === "en" ? "en-GB" : lang;

function formatter() {
  const parts = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" };
  try {
    return new Intl.DateTimeFormat(locale, { ...parts, hourCycle: "h23" });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...parts, hourCycle: "h23" });
  }
}

function said(format, moment) {
  const text = format.format(moment);
  return locale === "en-GB" ? text.replace(" at ", ", ") : text;
}

/** A moment as this reader writes it, in their own zone. */
export function when(moment) {
  return said(formatter(), moment);
}

export function localize(root) {
  const format = formatter();
  for (const time of root.querySelectorAll("time[data-moment], time[data-ago]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    if (time.hasAttribute("data-ago")) {
      time.title = said(format, moment);
    } else {
      time.title = time.textContent;
      time.textContent = said(format, moment);
    }
  }
}

localize(document);
