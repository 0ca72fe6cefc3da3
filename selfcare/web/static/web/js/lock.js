// The app lock: a PIN that stands between the pages of this phone and whoever else holds it. It keeps off hands, not tools.
// phone.js closes the pages before they are painted; this module opens them again.

const NAME = "lock";
const ROUNDS = 210000;
const FREE_TRIES = 5;
const LAST_TRY = 10;
const WAIT_MS = 60000;
// What a person may choose; a PIN is typed in public places and must not be long.
export const PIN = /^[0-9]{4,12}$/;

const root = document.documentElement;
const read = () => JSON.parse(localStorage.getItem(NAME) ?? "null");
const write = (kept) => localStorage.setItem(NAME, JSON.stringify(kept));
const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const bytes = (encoded) => Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));

async function hash(pin, salt, rounds) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return text(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: rounds }, key, 256));
}

/** Returns after how many minutes the PIN is asked for, or null where there is no lock. */
export function minutes() {
  try {
    return read()?.minutes ?? null;
  } catch {
    return null;
  }
}

/** Sets a new PIN, asked for at the start and after so many minutes out of sight. */
export async function set(pin, { minutes: after }) {
  const salt = text(crypto.getRandomValues(new Uint8Array(16)));
  write({ salt, hash: await hash(pin, salt, ROUNDS), rounds: ROUNDS, minutes: after, wrong: 0, until: 0, forgotten: false });
}

/** Takes the lock away. */
export const remove = () => localStorage.removeItem(NAME);

/** Returns "open", "wrong", "wait" or "over", and counts the wrong tries across all windows and starts. */
export async function attempt(pin) {
  const kept = read();
  if (!kept) return "open";
  const now = Date.now();
  if (kept.wrong >= LAST_TRY) return "over";
  // A clock that has been set back must not make anybody wait for years.
  if (now < kept.until && kept.until - now <= WAIT_MS) return "wait";
  // Counted before it is looked at: closing the window in time wins nothing.
  write({ ...kept, wrong: kept.wrong + 1 });
  if ((await hash(pin, kept.salt, kept.rounds)) === kept.hash) {
    write({ ...kept, wrong: 0, until: 0, forgotten: false });
    return "open";
  }
  const wrong = kept.wrong + 1;
  write({ ...kept, wrong, until: wrong >= FREE_TRIES ? now + WAIT_MS : 0 });
  if (wrong >= LAST_TRY) return "over";
  return wrong >= FREE_TRIES ? "wait" : "wrong";
}

/** Says in words how an attempt went; `line` carries the words. */
export function tell(line, result) {
  const left = Math.ceil(Math.max(0, (read()?.until ?? 0) - Date.now()) / 1000);
  line.textContent = result === "open" ? "" : (line.dataset[result] ?? "").replace("{n}", left);
}

const opened = () => document.dispatchEvent(new Event("selfcare:unlocked"));

/** Puts the box to work that phone.js has brought up, now or later; `person` is who is signed in on this page, if anybody. */
export function watch({ person, signOut }) {
  const box = document.querySelector("[data-lock-box]");
  if (!box || minutes() === null) return;
  // The session ended when the PIN was forgotten: whoever is signed in now has shown anew who they are.
  if (person && read().forgotten) {
    remove();
    opened();
    return;
  }
  const field = box.querySelector("#lock-pin");
  const line = box.querySelector("[data-lock-problem]");
  const focus = () => "locked" in root.dataset && field.focus();
  document.addEventListener("selfcare:locked", focus);
  box.querySelector("[data-lock-form]").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!field.value) return field.focus();
    const result = await attempt(field.value);
    field.value = "";
    tell(line, result);
    if (result !== "open") return field.focus();
    opened();
    document.getElementById("main").focus({ preventScroll: true });
    return null;
  });
  box.querySelector("[data-lock-forgotten]").addEventListener("click", async () => {
    if (!(await signOut())) return tell(line, "offline");
    write({ ...read(), forgotten: true });
    location.assign("/account/login/?next=/");
  });
  focus();
}
