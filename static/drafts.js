// Drafts on this device: one per address, kept until what they hold has become a proposal.

const PREFIX = "draft:";

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function load(address) {
  return read(PREFIX + address);
}

export function save(address, fields) {
  try {
    localStorage.setItem(PREFIX + address, JSON.stringify(fields));
  } catch {
    // No room or not allowed: the form itself still holds the text.
  }
}

export function drop(address) {
  try {
    localStorage.removeItem(PREFIX + address);
  } catch {
    // Nothing can be kept here, so nothing is to be dropped.
  }
}

/** A draft that was sent is dropped once a proposal, or a draft in the wiki, is shown: then it has arrived. */
export function dropSent() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of keys) if (read(key)?.sent) localStorage.removeItem(key);
  } catch {
    // Storage is off: there are no drafts.
  }
}

if (document.querySelector("#decision, [data-arrived]")) dropSent();
