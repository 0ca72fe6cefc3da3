// The screens of a page that holds all of them already, such as the check-in: shows one at a time and hears the taps.

import * as bodymap from "./bodymap.js";

const OTHER_TAB_MS = 700;
const FEW_LETTERS = 100;
const stage = document.querySelector("[data-app]");
let shownAt = 0;
let tappedAt = 0;
let current = "";

/** Returns the data that the page carries under this id. */
export const data = (id) => JSON.parse(document.getElementById(id).textContent);

const all = () => stage.querySelectorAll("[data-screen]");
const find = (name) => stage.querySelector(`[data-screen="${CSS.escape(name)}"]`);

/** Shows one screen and hides the others; the focus goes to its heading. */
export function show(name, { quiet = false } = {}) {
  const target = find(name);
  for (const section of all()) section.hidden = section !== target;
  current = name;
  scrollTo(0, 0);
  const heading = target.querySelector("h1, h2");
  if (heading) {
    // In discreet mode, and behind the lock, the title stays the name of the app.
    const { phone = "", locked } = document.documentElement.dataset;
    const neutral = phone.includes("discreet") || locked !== undefined;
    document.title = neutral ? stage.dataset.app : `${heading.textContent} – ${stage.dataset.app}`;
    if (!quiet) heading.focus({ preventScroll: true });
  }
  // Last of all: on a slow phone showing takes time, and a tap meant for the old screen may come meanwhile.
  shownAt = performance.now();
  return target;
}

/** Returns for how long the screen has been shown, in milliseconds. */
export const shownFor = () => performance.now() - shownAt;

/** Shows the screen of a question. */
export function step({ id, kind, card }, { number, of, draft, person, areas, known }) {
  const kept = draft.extras[id];
  const target = show(`step:${id}`);
  target.querySelector("[data-count]").textContent = stage.dataset.count.replace("{n}", number).replace("{m}", of);
  const compact = target.querySelector("[data-compact]");
  if (compact) compact.hidden = !(card && (draft.mode !== "long" || kind === "confirm"));
  tellPlaces(target, id, areas);
  if (kind === "map") bodymap.mark(target.querySelector(".body-map"), kept ?? { places: areas }, known);
  for (const text of target.querySelectorAll("textarea")) text.value = kept?.[text.name] ?? "";
  tellTheDay(target, Boolean(draft.late));
  const reminder = target.querySelector("[data-last-grade]");
  if (reminder) reminder.hidden = !person.had_grade;
  for (const button of target.querySelectorAll(".chosen")) button.classList.remove("chosen");
  target.querySelector("[data-earlier]").textContent = "";
  if (history.state?.step !== id) history.pushState({ step: id }, "");
}

/** Names the places that a question is about: those of its score, or all of them. */
function tellPlaces(target, id, areas) {
  const line = target.querySelector("[data-places]");
  if (!line) return;
  const site = id.replace("pain_", "");
  const labels = areas.map((area) => find("step:map").querySelector(`.map input[value="${CSS.escape(area)}"]`)?.nextElementSibling);
  const names = labels.filter((label) => label && (line.dataset.text || label.dataset.site === site)).map((label) => label.textContent);
  const said = names.join(", ");
  line.textContent = line.dataset.text && said ? line.dataset.text.replace("{places}", said) : said;
}

/** Says yesterday where a question is about the day before. */
function tellTheDay(target, late) {
  target.querySelector("[data-about-yesterday]").hidden = !late;
  for (const element of target.querySelectorAll("[data-late]")) {
    element.dataset.today ??= element.textContent;
    element.textContent = late ? element.dataset.late : element.dataset.today;
  }
}

/** Marks the answer that was given before, in words and with a ring; choosing again is a new tap. */
export function mark(id, value) {
  const button = find(`step:${id}`)?.querySelector(`button[name="answer"][value="${CSS.escape(value)}"]`);
  if (!button) return;
  button.classList.add("chosen");
  const label = button.querySelector("[data-label]")?.textContent ?? button.textContent;
  find(`step:${id}`).querySelector("[data-earlier]").textContent = stage.dataset.earlier.replace("{answer}", label.trim());
}

/** Shows the card of a finding; without its own text, the general card of its tier. */
export function advice({ tier, advice: id }, { carryOn = false, done = false, askChest = false } = {}) {
  const name = id && find(`advice:${id}`) ? `advice:${id}` : `tier:${tier}`;
  const target = show(name);
  for (const [part, wanted] of [["carry-on", carryOn], ["done", done], ["stopped", !carryOn && !done], ["chest", askChest]]) {
    for (const element of target.querySelectorAll(`[data-part="${part}"]`)) element.hidden = !wanted;
  }
}

/** Shows the receipt, with the card of a less urgent finding if there is one. */
export function saved({ draft, unanswered, asked }) {
  const target = show("saved");
  for (const card of target.querySelectorAll("[data-saved-card]")) card.hidden = card.dataset.savedCard !== draft.advice;
  target.querySelector("[data-no-signs]").hidden = draft.tier !== "none" || draft.before !== "none" || unanswered || !asked;
  target.querySelector("[data-bad-day]").hidden = draft.mode !== "bad" || draft.tier !== "none";
  target.querySelector("[data-change]").hidden = true;
  target.querySelector("[data-unanswered]").hidden = !unanswered;
  // Not the moment to ask about reminders: they rest while somebody is to be seen.
  if (draft.tier !== "none" || draft.before !== "none") target.querySelector("[data-soft-ask]")?.remove();
}

/** Says how far an entry has come: on this phone, sent (to a care team or to the diary alone), or not kept at all. */
export function kept(state, hasTeam = true) {
  const wanted = state === "sent" && !hasTeam ? "sent-alone" : state;
  for (const line of stage.querySelectorAll("[data-kept]")) line.hidden = line.dataset.kept !== wanted;
}

/** Offers to change an answer of an entry that has reached the diary. */
export function changeable(id) {
  const link = find("saved").querySelector("[data-change]");
  link.href = link.dataset.change.replace("{id}", id);
  link.hidden = false;
}

/** Shows how many letters a note has room for, once there are not many left. */
export function countLetters() {
  stage.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-letters]")) return;
    const line = target.closest("form").querySelector("[data-letters-left]");
    const left = target.maxLength - target.value.length;
    line.textContent = left <= FEW_LETTERS ? line.dataset.text.replace("{n}", left) : "";
  });
}

/** Takes back what was said about warning signs. */
export function notJudged() {
  find("saved").querySelector("[data-no-signs]").hidden = true;
}

/** Takes the question about the chest from under the card: it has been answered. */
export function chestAnswered() {
  for (const element of stage.querySelectorAll('[data-part="chest"]')) element.hidden = true;
}

/** Calls `listener` with the answer to the question that stands under each emergency card. */
export function onChest(listener) {
  stage.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-chest]")) return;
    event.preventDefault();
    listener(event.submitter?.value ?? "");
  });
}

/** Calls `listener` with each answer that is tapped, and `moved` when the person says that the pain has moved. */
export function onAnswer(listener, moved) {
  stage.addEventListener("click", ({ timeStamp }) => (tappedAt = timeStamp), { capture: true });
  stage.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.step) return;
    event.preventDefault();
    if (event.submitter?.name === "moved") return moved();
    const problem = form.querySelector("[data-problem]");
    const value = event.submitter?.value ?? "";
    const map = form.querySelector(".body-map");
    if (map && value && !map.querySelector(".map input:checked")) {
      problem.hidden = false;
      return map.querySelector(".map input").focus();
    }
    if (problem) problem.hidden = true;
    const wrong = value && [...form.elements].find((field) => field.willValidate && !field.checkValidity());
    if (problem) problem.hidden = !wrong;
    if (wrong) return wrong.focus();
    listener({ step: form.dataset.step, value, extras: extras(form), elapsed: tappedAt - shownAt });
  });
}

function extras(form) {
  const result = {};
  for (const field of form.elements) {
    if (!field.name || field.name === "answer" || field.type === "submit" || field.type === "hidden") continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.value === "") continue;
    if (field.type === "checkbox") result[field.name] = [...(result[field.name] ?? []), field.value];
    else result[field.name] = field.type === "number" ? Number(field.value) : field.value;
  }
  return result;
}

/** Calls `listener` when the person goes back one question, with the page's link or the phone's own Back. */
export function onBack(listener) {
  addEventListener("popstate", () => {
    if (current.startsWith("step:")) listener();
    else location.assign("/");
  });
  stage.addEventListener("click", (event) => {
    if (!event.target.closest("[data-back]")) return;
    event.preventDefault();
    history.back();
  });
}

/** Calls the function that belongs to a button with a data-action. */
export function onAction(actions) {
  stage.addEventListener("click", (event) => {
    const name = event.target.closest("[data-action]")?.dataset.action;
    if (!actions[name]) return;
    event.preventDefault();
    actions[name]();
  });
}

/** Resolves when this tab alone holds the check-in, or what else is named. A tab that loses it to another says so. */
export async function onlyTab(name = "selfcare-check-in") {
  // Another page may hold the lock for a moment, to look for what was left behind.
  if (!navigator.locks || (await hold(name, { signal: patience() }))) return;
  show("other-tab");
  await new Promise((resolve) => find("other-tab").querySelector("button").addEventListener("click", resolve));
  await hold(name, { steal: true });
}

function patience() {
  const waiting = new AbortController();
  setTimeout(() => waiting.abort(new DOMException("Another window has it.", "TimeoutError")), OTHER_TAB_MS);
  return waiting.signal;
}

function hold(name, options) {
  return new Promise((resolve) => {
    navigator.locks
      .request(name, options, (lock) => {
        resolve(Boolean(lock));
        // Held until the page goes away: the promise never ends by itself.
        return lock ? new Promise(() => {}) : undefined;
      })
      .catch((error) => (error.name === "TimeoutError" ? resolve(false) : show("taken-over")));
  });
}
