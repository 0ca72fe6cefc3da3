// The check-in on the phone: one question at a time, advice before anything is sent, and an entry in the outbox.

import * as api from "./api.js";
import { localDate } from "./drafts.js";
import { CHOSEN, addDays, due, lastGrades, modeFor, nextStep, observations, sequence, unsureAgain, waits } from "./flow.js";
import * as outbox from "./outbox.js";
import { inOrder, known, refresh, remember } from "./person.js";
import * as programme from "./programme.js";
import { evaluate } from "./rules.js";
import * as screen from "./screen.js";
import * as store from "./store.js";

const RANK = ["emergency", "same_day", "within_2_weeks", "routine", "none"];
const URGENT = ["emergency", "same_day"];
const ALARMS = { now: "emergency", today: "same_day" };
// A second tap this soon after a screen appeared was meant for the screen before it.
const DOUBLE_TAP_MS = 350;

const { plan, version } = screen.data("plan");
let person = null;
let rules = null;
let draft = null;

async function start() {
  screen.show("loading");
  await screen.onlyTab();
  rules = (await api.catalogue()).data;
  person = (await known()) ?? (await refresh());
  // What was kept before set-up was finished must not send anybody back to it.
  if (person?.needs_episode) person = (await refresh()) ?? person;
  if (!person) return screen.show(navigator.onLine ? "sign-in" : "connect-first");
  if (person.needs_episode) return location.replace("/set-up/episode");
  await open();
  screen.onAnswer(answer);
  screen.onBack(back);
  screen.onChest(chest);
  // Another form of check-in was asked for from this very page.
  addEventListener("hashchange", () => location.reload());
  screen.onAction({ "carry-on": ask, "by-mistake": () => screen.show("by-mistake") });
  return ask();
}

/** Takes up the draft of today, or begins one. One of an earlier day, or of another form, is sent as far as it goes. */
async function open() {
  const wanted = CHOSEN.find((name) => location.hash === `#${name}`);
  draft = await store.recall("draft").catch(() => null);
  if (draft && draft.person !== person.person) draft = null;
  if (draft && (draft.on !== today() || (wanted && draft.mode !== wanted))) {
    await hand(observationsNow());
    draft = null;
  }
  const mode = wanted ?? modeFor(person.entries, today());
  draft ??= {
    id: crypto.randomUUID(),
    person: person.person,
    on: today(),
    mode,
    flags: [...(await flagsNow()), ...dueNow(mode)],
    given: mode === "flare" ? { flare: "yes" } : {},
    extras: {},
    handed: [],
    told: [],
    tier: "none",
    ...toldEarlier(),
  };
}

/** Whether there were exercises yesterday is known on this phone first: a session may still wait to be sent. */
async function flagsNow() {
  const exercises = await programme.known();
  if (exercises?.person !== person.person) return person.flags;
  const asked = person.entries.some(({ on, values }) => on === today() && "ex_next_morning" in values);
  const yesterday = exercises.trained_on.includes(addDays(today(), -1));
  const others = person.flags.filter((flag) => flag !== "exercised");
  return yesterday && !asked ? [...others, "exercised"] : others;
}

/** What cadence and earlier answers call for today, and what somebody was not sure about a few hours ago. */
function dueNow(mode) {
  const { flags, baseline, entries } = person;
  const again = unsureAgain(entries, new Date()).map((key) => `due:${key}`);
  return [...due(plan, { mode, flags, baseline, entries, on: today() }), ...again];
}

/** Advice that an earlier entry of today led to has been shown; it must not stop the first new answer. */
function toldEarlier() {
  const urgent = judgeable(() => run(person.entries), []).filter(({ tier }) => URGENT.includes(tier));
  const tiers = urgent.map(({ tier }) => tier).sort((a, b) => RANK.indexOf(a) - RANK.indexOf(b));
  return { earlier: urgent.map(mark), before: tiers[0] ?? "none" };
}

function ask() {
  const step = nextStep(plan, draft);
  if (!step) return finish();
  const steps = sequence(plan, draft);
  screen.step(step, { number: steps.indexOf(step) + 1, of: steps.length, draft, person });
}

async function answer({ step, value, extras, elapsed }) {
  if (elapsed < DOUBLE_TAP_MS) return;
  draft.given[step] = value;
  draft.extras[step] = extras;
  const told = judge(step, value);
  if (told?.tier === "emergency") {
    screen.advice(told, { askChest: chestOpen() });
    return stop();
  }
  if (told?.tier === "same_day") {
    screen.advice(told, { carryOn: true });
    return handSoFar();
  }
  ask();
  await keepDraft();
}

/** Keeps the check-in with the entry that it would become now, so that nothing is lost if nobody comes back to it. */
async function keepDraft() {
  const values = observationsNow();
  const body = Object.keys(values).length ? bodyOf(values, new Date()) : null;
  Object.assign(draft, { body, savedAt: Date.now(), signWaits: waits(plan, draft) });
  await store.keep("draft", draft).catch(() => {});
}

function back() {
  const steps = sequence(plan, draft).filter(({ id }) => id in draft.given && !draft.handed.includes(id));
  const last = steps.at(-1);
  if (!last) return location.assign("/");
  const chosen = draft.given[last.id];
  delete draft.given[last.id];
  ask();
  screen.mark(last.id, chosen);
}

/** Returns the most urgent finding that this check-in has not shown yet, or null. Asks nobody but the phone. */
function judge(step, value) {
  if (waits(plan, draft)) return null;
  // Rules that cannot run must not hide a warning sign: the answer's own alarm stands in.
  const fresh = judgeable(newlyFound, alarms(step, value)).filter((finding) => !draft.told.includes(mark(finding)));
  draft.told.push(...fresh.map(mark));
  const strongest = [...fresh].sort((a, b) => RANK.indexOf(a.tier) - RANK.indexOf(b.tier))[0] ?? null;
  if (strongest && RANK.indexOf(strongest.tier) < RANK.indexOf(draft.tier)) {
    draft.tier = strongest.tier;
    draft.advice = strongest.advice;
  }
  return strongest;
}

/** A sign that is reported again is told again: only what follows from earlier entries alone stays quiet. */
function newlyFound() {
  const current = { id: draft.id, on: draft.on, at: new Date().toISOString(), values: observationsNow() };
  const daysBefore = person.entries.filter(({ on }) => on !== draft.on);
  const without = run(daysBefore).map(mark);
  const again = run([...daysBefore, current]).map(mark).filter((finding) => !without.includes(finding));
  const quiet = draft.earlier.filter((finding) => !again.includes(finding));
  return run([...person.entries, current]).filter((finding) => !quiet.includes(mark(finding)));
}

function run(entries) {
  return evaluate(rules, { baseline: person.baseline, onset_on: person.onset_on, entries: inOrder(entries) }, draft?.on ?? today());
}

function judgeable(work, otherwise) {
  try {
    return work();
  } catch (error) {
    console.error("triage", error);
    return otherwise;
  }
}

function alarms(step, value) {
  const answer = plan.find(({ id }) => id === step)?.answers.find((one) => one.value === value);
  const tier = ALARMS[answer?.alarm];
  return tier ? [{ rule_id: `alarm:${step}`, tier, advice: "" }] : [];
}

const mark = ({ rule_id, tier }) => `${rule_id} ${tier}`;

function observationsNow() {
  const rest = plan.filter(({ id }) => !draft.handed.includes(id));
  return observations(rest, { flags: draft.flags, given: draft.given, extras: draft.extras, last: lastGrades(person.entries) });
}

/** Hands what has been answered so far to the outbox, and goes on with a new entry for the rest of the day. */
async function handSoFar() {
  const values = observationsNow();
  const id = draft.id;
  draft.handed = Object.keys(draft.given);
  draft.id = crypto.randomUUID();
  const kept = hand(values, id);
  await keepDraft();
  await kept;
}

/** After "go now" there are no more questions: the entry is kept and sent while the person is already going. */
async function stop() {
  const saved = hand(observationsNow());
  draft.handed = Object.keys(draft.given);
  await saved;
  await store.forget("draft").catch(() => {});
}

/** The question under each emergency card: an entry of its own, and a card of its own when there is a sign. */
async function chest(value) {
  screen.chestAnswered();
  draft.id = crypto.randomUUID();
  draft.handed = Object.keys(draft.given).filter((id) => id !== "chest");
  draft.given.chest = value;
  const told = judge("chest", value);
  if (told && URGENT.includes(told.tier)) screen.advice(told);
  await stop();
}

const chestOpen = () => !("chest" in draft.given);

async function finish() {
  const told = judge("", "");
  const values = observationsNow();
  if (told && URGENT.includes(told.tier)) screen.advice(told, { done: true, askChest: told.tier === "emergency" && chestOpen() });
  else screen.saved({ draft, unanswered: unanswered() });
  if (Object.keys(values).length) await hand(values);
  await store.forget("draft").catch(() => {});
}

function unanswered() {
  return sequence(plan, draft).some(({ id, safety }) => safety && !draft.given[id]);
}

/** Keeps an entry on the phone, then tries to send it; says on the screen how far it came. */
async function hand(values, id = draft.id) {
  if (!Object.keys(values).length) return;
  // What the screen said was about the entry before this one.
  screen.kept("");
  const at = new Date();
  const body = bodyOf(values, at);
  const entry = { id, on: draft.on, at: body.recorded_at, values };
  person.entries = inOrder([...person.entries, entry]);
  try {
    await outbox.add({ id, owner: draft.person, body, at: at.getTime() });
    screen.kept("phone");
    await remember(entry);
    const results = await outbox.flush({ force: true });
    if (results[id]) confirmed(results[id]);
  } catch (error) {
    // This phone cannot keep anything: send directly, and say so if that fails too.
    console.error("outbox", error);
    const answer = await api.putEntry(id, body, draft.person);
    if (answer.status >= 200 && answer.status < 300) confirmed(answer.data);
    else screen.kept("lost");
  }
}

function bodyOf(values, at) {
  return {
    occurred_on: draft.on,
    recorded_at: at.toISOString(),
    recorded_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    app_version: version,
    catalogue_version: rules?.version ?? "",
    shown_tier: draft.tier,
    observations: values,
  };
}

/** The server may know more than the phone: it raises the advice, it never lowers it. */
function confirmed(result) {
  screen.kept("sent", person.has_team);
  // The server could not judge it: nobody may read that as "no warning signs".
  if (result.tier === null) return screen.notJudged();
  if (RANK.indexOf(result.tier) < RANK.indexOf(draft.tier) && RANK.indexOf(result.tier) <= 1) {
    const finding = (result.findings ?? []).find(({ tier }) => tier === result.tier);
    draft.tier = result.tier;
    const askChest = result.tier === "emergency" && chestOpen();
    screen.advice({ tier: result.tier, advice: finding?.advice ?? "" }, { done: true, askChest });
  }
}

const today = () => localDate(new Date());

start();
