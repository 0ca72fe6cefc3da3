// What a page does with what the phone keeps: shows and sends what waits, and keeps it up to date. It is fetched after the
// page stands (app.js), so that nobody waits for it on a first visit.

import * as asking from "./asking.js";
import * as device from "./device.js";
import { handStale, unfinished } from "./drafts.js";
import * as outbox from "./outbox.js";
import { known, refresh, settle } from "./person.js";
import * as programme from "./programme.js";
import * as push from "./push.js";
import * as store from "./store.js";
import { useChoices } from "./worker.js";

const person = document.body.dataset.person ?? "";
const DAY_MS = 24 * 60 * 60 * 1000;

async function showDraft() {
  const line = document.querySelector("[data-draft]");
  if (line) line.hidden = !(await unfinished().catch(() => false));
}

/** A message to the care team that was written and not sent: only its person sends it, on the page of messages. */
async function showLetter() {
  const line = document.querySelector("[data-letter]");
  const letter = line && (await store.recall("letter").catch(() => null));
  if (line) line.hidden = letter?.person !== person;
}

/** Shows what waits on this phone, wherever the page has a place for it. */
export async function showUnsent() {
  const items = await store.unsent().catch(() => []);
  for (const box of document.querySelectorAll("[data-unsent]")) fill(box, items);
  const warning = document.querySelector("[data-unsent-warning]");
  if (warning) warn(warning, items.length);
}

function fill(box, items) {
  box.hidden = items.length === 0;
  box.querySelector("[data-unsent-title]").textContent = counted(box.querySelector("[data-unsent-title]"), items.length);
  const list = box.querySelector("[data-unsent-list]");
  list.replaceChildren(...items.map((item) => line(list.dataset, item)));
  const signedOut = items.some(({ state, owner }) => state === "signed_out" && (!person || owner === person));
  box.querySelector("[data-unsent-signed-out]").hidden = !signedOut;
  const old = items.some(({ at }) => Date.now() - at > DAY_MS);
  box.querySelector("[data-unsent-old]").hidden = !old;
  box.classList.toggle("old", old);
}

function line(texts, { at, state, owner }) {
  const text = person && owner !== person ? texts.other : state === "parked" ? texts.parked : texts.waiting;
  const element = document.createElement("li");
  const when = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  element.textContent = text.replace("{at}", when);
  return element;
}

const counted = ({ dataset }, n) => (n === 1 ? dataset.one : dataset.many.replace("{n}", n));

function warn(warning, n) {
  warning.hidden = n === 0;
  const text = warning.querySelector("p");
  text.textContent = counted(text, n);
  const button = warning.closest("form").querySelector("button:not([type=button])");
  button.textContent = n ? button.dataset.anyway : button.dataset.plain;
}

function sendNow() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-send-now]");
    if (!button) return;
    button.disabled = true;
    await outbox.flush({ force: "all" }).catch(() => {});
    await showUnsent();
    button.disabled = false;
  });
}

/** Says, on a page for everybody, that the session of this phone's person is over and what has become of the answers. */
async function showSignedOut() {
  const line = document.querySelector("[data-signed-out]");
  if (line) line.hidden = !(await known());
}

async function keepUp() {
  if (person) {
    await settle(person).catch(() => {});
    const context = await refresh().catch(() => null);
    await programme.refresh().catch(() => {});
    await push.reassert().catch(() => {});
    await device.assert(context).catch(() => {});
  }
  // The check-in itself takes up what was left behind.
  if (!document.getElementById("check-in")) await handStale().catch(() => {});
  if (!document.getElementById("session")) await programme.handStale().catch(() => {});
  await asking.offer().catch(() => {});
  await useChoices().catch(() => {});
}

sendNow();
outbox.onChange(showUnsent);
showUnsent();
showDraft();
showSignedOut().catch(() => {});
showLetter();
outbox.start(() => person && location.pathname === "/" && location.reload());
keepUp();
