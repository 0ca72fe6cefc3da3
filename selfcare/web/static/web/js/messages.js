// Messages: one draft is kept on the phone, sealed, until its person sends it with a tap; a network that goes loses nothing.

import * as api from "./api.js";
import { known } from "./person.js";
import * as store from "./store.js";

const DRAFT = "letter";
const PAUSE_MS = 400;
const NEARLY = 200;
const form = document.querySelector("[data-letter-form]");
const part = (name) => document.querySelector(`[data-letter-${name}]`);

async function start() {
  const offline = "offline" in form.dataset;
  const person = document.body.dataset.person || (await known())?.person || "";
  if (offline && !person) {
    part("nobody").hidden = false;
    return;
  }
  form.hidden = false;
  const letter = { person, id: form.elements.id?.value ?? crypto.randomUUID() };
  await takeUp(letter);
  count();
  keepUp(letter);
  if (offline) writeOnly(letter);
  else send(letter);
  form.dataset.ready = "yes";
}

/** Puts a kept draft into the form, unless it has been sent or the form holds words that a refusal gave back. */
async function takeUp(letter) {
  const draft = await store.recall(DRAFT).catch(() => null);
  if (!draft) return;
  const sent = document.querySelector(`[data-letter-id="${CSS.escape(draft.id)}"]`);
  if (sent || draft.person !== letter.person) {
    await store.forget(DRAFT).catch(() => {});
    return;
  }
  const { text, id, kind, clinic } = form.elements;
  const elsewhere = draft.clinic && clinic && draft.clinic !== clinic.value;
  if (elsewhere || document.querySelector(".error-summary")) return;
  const asksElse = Boolean(text.value) && kind && draft.kind !== kind.value;
  // A request that brought its own words gets what was kept below them, and is a message of its own.
  text.value = asksElse ? `${text.value}\n\n${draft.text}` : draft.text;
  if (!asksElse) {
    letter.id = draft.id;
    if (id) id.value = draft.id;
    if (kind) kind.value = draft.kind;
  }
  part("kept").hidden = false;
}

/** Keeps what is in the form; an empty one keeps nothing. */
async function keep({ person, id }) {
  const { text, kind, clinic } = form.elements;
  if (!text.value.trim()) return store.forget(DRAFT);
  return store.keep(DRAFT, { person, id, text: text.value, kind: kind?.value ?? "message", clinic: clinic?.value ?? "" });
}

function keepUp(letter) {
  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    if (timer) keep(letter).catch(() => {});
    timer = 0;
  };
  form.elements.text.addEventListener("input", () => {
    count();
    clearTimeout(timer);
    timer = setTimeout(now, PAUSE_MS);
  });
  addEventListener("pagehide", now);
  document.addEventListener("visibilitychange", () => document.hidden && now());
  letter.settle = () => {
    clearTimeout(timer);
    timer = 0;
  };
}

function count() {
  const line = document.querySelector("[data-room]");
  const left = Number(line.dataset.longest) - form.elements.text.value.trim().length;
  const words = left < 0 ? line.dataset.over : left <= NEARLY ? line.dataset.left : "";
  line.textContent = words.replace("{n}", String(Math.abs(left)));
}

function writeOnly(letter) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.elements.text.value.trim()) return form.elements.text.focus();
    await keep(letter);
    part("saved").hidden = false;
    part("saved").focus();
  });
  form.elements.text.addEventListener("input", () => (part("saved").hidden = true));
}

function send(letter) {
  const button = form.querySelector("button");
  const { text, kind, clinic } = form.elements;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Empty or too long: the server says it in words, on a page that keeps what was written.
    if (!text.value.trim()) return form.submit();
    button.disabled = text.readOnly = true;
    for (const name of ["offline", "signed-out"]) part(name).hidden = true;
    letter.settle();
    await keep(letter).catch(() => {});
    const body = { text: text.value, kind: kind.value, clinic: clinic.value };
    const { status } = await api.putMessage(letter.id, body, letter.person);
    if (status === 200 || status === 201) return done();
    button.disabled = text.readOnly = false;
    if (status === 401 || status === 403) return say("signed-out");
    if (status === 0 || status >= 500) return say("offline");
    return form.submit();
  });
}

async function done() {
  await store.forget(DRAFT).catch(() => {});
  history.replaceState(null, "", `${form.dataset.here}#sent`);
  location.reload();
}

function say(name) {
  part(name).hidden = false;
  part(name).focus();
}

if (location.hash === "#sent" && part("sent")) {
  part("sent").hidden = false;
  history.replaceState(null, "", location.pathname + location.search);
}
if (form) start();
