// Single-key shortcuts for the worklist and the thread. They can be switched off, and never act while somebody types.

const SWITCH = "clinic-keys";
const TYPING = "input, textarea, select, [contenteditable], dialog";

function isOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

function setOn(on) {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing: the switch holds until the page is left.
  }
}

// Moves the focus to the next or previous row of the list.
function move(step) {
  const links = [...document.querySelectorAll(".row-link")];
  const here = document.activeElement?.closest?.(".inbox-row, tr")?.querySelector(".row-link");
  const from = links.indexOf(here);
  const to = from < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(from + step, 0), links.length - 1);
  links[to]?.focus();
  links[to]?.scrollIntoView({ block: "nearest" });
}

// Acts on the focused row, or on the page of one thread. What cannot be taken back is only brought into focus.
function act(key) {
  const row = document.activeElement?.closest?.(".inbox-row");
  const inList = document.querySelector(".inbox-row") !== null;
  const target = (row ?? (inList ? null : document))?.querySelector(`[data-key="${key}"]`);
  if (!target || target.disabled) {
    return;
  }
  if (target.matches("section")) {
    target.scrollIntoView({ block: "start" });
    (target.querySelector("input:not([type=hidden]), textarea") ?? target).focus({ preventScroll: true });
  } else if (key === "e") {
    target.focus();
  } else {
    target.click();
  }
}

// Starts listening, and wires the list of keys with its switch.
export function listen() {
  const dialog = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  const opener = document.getElementById("keys-open");
  let on = isOn();
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    setOn(on);
  });
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }
  document.addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing;
    if (!on || busy || event.target.closest?.(TYPING)) {
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "?") {
      dialog.showModal();
    } else if (key === "j" || key === "k") {
      move(key === "j" ? 1 : -1);
    } else if (["1", "2", "3", "e", "z"].includes(key)) {
      act(key);
    } else {
      return;
    }
    event.preventDefault();
  });
}
