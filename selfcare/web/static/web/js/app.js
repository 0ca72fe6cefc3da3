// What every page does: registers the worker, says when there is no network, shows and sends what waits, signs out.

import { handStale, unfinished } from "./drafts.js";
import * as outbox from "./outbox.js";
import { refresh, settle } from "./person.js";
import * as programme from "./programme.js";
import * as push from "./push.js";
import * as store from "./store.js";
import { registerWorker, useCountry } from "./worker.js";

const person = document.body.dataset.person ?? "";
const DAY_MS = 24 * 60 * 60 * 1000;

function network() {
  const strip = document.getElementById("offline-strip");
  const show = () => (strip.hidden = navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

async function showDraft() {
  const line = document.querySelector("[data-draft]");
  if (line) line.hidden = !(await unfinished().catch(() => false));
}

async function showUnsent() {
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
  box.querySelector("[data-unsent-signed-out]").hidden = !items.some(({ state }) => state === "signed_out");
  box.querySelector("[data-unsent-old]").hidden = !items.some(({ at }) => Date.now() - at > DAY_MS);
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

/** With a script the check-in runs on the phone; without one the same button starts the plain forms. */
function checkIn() {
  for (const form of document.querySelectorAll("form[data-check-in]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.assign(form.dataset.checkIn ? `/check-in#${form.dataset.checkIn}` : "/check-in");
    });
  }
}

function signOut() {
  const form = document.querySelector("form[data-sign-out]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await push.stop().catch(() => {});
    await store.wipe().catch(() => {});
    form.submit();
  });
}

async function keepUp() {
  if (person) {
    await settle(person).catch(() => {});
    await refresh().catch(() => {});
    await programme.refresh().catch(() => {});
    await push.reassert().catch(() => {});
  }
  // The check-in itself takes up what was left behind.
  if (!document.getElementById("check-in")) await handStale().catch(() => {});
  if (!document.getElementById("session")) await programme.handStale().catch(() => {});
  await useCountry().catch(() => {});
}

network();
checkIn();
signOut();
sendNow();
registerWorker();
outbox.onChange(showUnsent);
showUnsent();
showDraft();
outbox.start(() => person && location.pathname === "/" && location.reload());
keepUp();
