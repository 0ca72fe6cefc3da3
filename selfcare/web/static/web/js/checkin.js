// The check-in on the phone: one question at a time, advice before anything is sent, and an entry in the outbox.

import * as api from "./api.js";
import { YESTERDAY_UNTIL, isOver, localDate } from "./drafts.js";
import { BRIEF, CHOSEN, addDays, due, lastGrades, medicinesStarted, modeFor, nextStep, observations, sequence, unsureAgain, waits } from "./flow.js";
import * as outbox from "./outbox.js";
import { inOrder, known, knownExercises, refresh, remember } from "./person.js";
import * as places from "./places.js";
import * as screen from "./screen.js";
import * as store from "./store.js";

const RANK = ["emergency", "same_day", "within_2_weeks", "routine", "none"];
const URGENT = ["emergency", "same_day"];
// What is asked about this very day and not about the day before.
const TODAY_ONLY = ["exercised", "too_much"];
// The grouped safety screens, of which each check-in asks four.
const GROUPS = ["toilet", "between", "between_and_sex", "legs", "body"];
const ASKED_TOGETHER = 4;
const LONGEST_SECONDS = 3600;
const ALARMS = { now: "emergency", today: "same_day" };
// A second tap this soon after a screen appeared was meant for the screen before it.
const DOUBLE_TAP_MS = 350;

// What is not needed for the first question begins once that stands.
const AFTER_PAINT_MS = 100;
// Nobody who taps waits longer for the rules: until they are here, the alarm of an answer stands in for them.
const RULES_PATIENCE_MS = 300;

const { plan, version } = screen.data("plan");
let person = null;
let rules = null;
let engine = null;
let judging = null;
// Whether an answer waits for them: what is tapped meanwhile was not meant for the screen that comes.
let waiting = false;
let draft = null;
// The entry that the screen speaks about: what is heard of an earlier one must not be said of it.
let newest = null;
// The entries that this page has handed in, and whether the server has them.
const handedIn = new Map();

async function start() {
  screen.show("loading");
  const who = known().then((kept) => kept ?? refresh());
  await screen.onlyTab();
  person = await who;
  // What was kept before set-up was finished must not send anybody back to it.
  if (person?.needs_episode) person = (await refresh()) ?? person;
  if (!person) return screen.show(navigator.onLine ? "sign-in" : "connect-first");
  if (person.needs_episode) return location.replace("/set-up/episode");
  if (location.hash === "#yesterday" && new Date().getHours() >= YESTERDAY_UNTIL) return screen.show("too-late");
  await open();
  outbox.onConfirmed(({ id, said }) => handedIn.has(id) && confirmed(said, id));
  screen.onAnswer(answer, moved);
  screen.countLetters();
  screen.onBack(back);
  screen.onChest(chest);
  // Another form of check-in was asked for from this very page.
  addEventListener("hashchange", () => location.reload());
  screen.onAction({ "carry-on": ask, "by-mistake": () => screen.show("by-mistake") });
  setTimeout(rulesHere, AFTER_PAINT_MS);
  return ask();
}

/** Resolves when the rules are here, or are known not to come. Each answer is judged with all before it, the last one by them. */
async function rulesHere() {
  judging ??= Promise.all([api.catalogue(), import("./rules.js").catch(() => null)]);
  [{ data: rules }, engine] = await judging;
  if (!("earlier" in draft)) Object.assign(draft, toldEarlier());
}

/** Takes up the draft of today, or begins one. One of an earlier day, or of another form, is sent as far as it goes. */
async function open() {
  const wanted = CHOSEN.find((name) => location.hash === `#${name}`);
  const late = location.hash === "#yesterday";
  draft = await store.recall("draft").catch(() => null);
  if (draft && draft.person !== person.person) draft = null;
  if (draft && (isOver(draft, new Date()) || isAnother(wanted, late))) {
    await rulesHere();
    await hand(observationsNow());
    draft = null;
  }
  const on = late ? addDays(today(), -1) : today();
  const mode = wanted ?? modeFor(person.entries, on);
  const before = person.entries.filter((entry) => entry.on < on);
  draft ??= {
    id: crypto.randomUUID(),
    person: person.person,
    on,
    late,
    mode,
    flags: [...(await flagsNow(on)), ...(BRIEF.includes(mode) ? [] : places.rises(before))],
    given: ["flare", "bad"].includes(mode) ? { flare: "yes" } : {},
    extras: {},
    handed: [],
    told: [],
    tier: "none",
  };
  if (!draft.begun) Object.assign(draft, { begun: true, flags: [...draft.flags, ...dueNow()] });
}

/** Whether another check-in was asked for than the one that is under way; an open address asks for any. */
function isAnother(wanted, late) {
  if (draft.late) return Boolean(wanted);
  return late || Boolean(wanted && draft.mode !== wanted);
}

/** Whether there were exercises yesterday is known on this phone first: a session may still wait to be sent. */
async function flagsNow(on) {
  if (on < today()) return person.flags.filter((flag) => !TODAY_ONLY.includes(flag));
  const exercises = await knownExercises();
  if (exercises?.person !== person.person) return person.flags;
  const asked = person.entries.some(({ on, values }) => on === today() && "ex_next_morning" in values);
  const yesterday = exercises.trained_on.includes(addDays(today(), -1));
  const others = person.flags.filter((flag) => flag !== "exercised");
  return yesterday && !asked ? [...others, "exercised"] : others;
}

/** What cadence and earlier answers call for today, and what somebody was not sure about a few hours ago. */
function dueNow() {
  const { baseline, entries } = person;
  const again = draft.late ? [] : unsureAgain(entries, new Date()).map((key) => `due:${key}`);
  return [...due(plan, { mode: draft.mode, flags: now().flags, baseline, entries, on: draft.on }), ...again];
}

/** The areas of the body that are marked, in this check-in or before it. */
const areasNow = () => (draft.given.map ? draft.extras.map.places : areasBefore());
const areasBefore = () => places.current(person.entries, person.regions ?? []);

/** The check-in with the sites that are asked about, which the body map may change on the way. */
function now() {
  const { mode } = draft;
  const sites = places.flags(areasNow(), { entries: person.entries, everySite: mode === "long", oneScore: mode === "bad" });
  return { ...draft, flags: [...draft.flags, ...sites] };
}

/** Advice that an earlier entry of today led to has been shown; it must not stop the first new answer. */
function toldEarlier() {
  const urgent = judgeable(() => run(person.entries), []).filter(({ tier }) => URGENT.includes(tier));
  const tiers = urgent.map(({ tier }) => tier).sort((a, b) => RANK.indexOf(a) - RANK.indexOf(b));
  return { earlier: urgent.map(mark), before: tiers[0] ?? "none" };
}

function ask() {
  const step = nextStep(plan, now());
  if (!step) return finish();
  const steps = sequence(plan, now());
  const number = steps.indexOf(step) + 1;
  screen.step(step, { number, of: steps.length, draft, person, areas: areasNow(), known: areasBefore() });
}

/** "It has moved or spread": the body map comes next. */
async function moved() {
  draft.given.places = "changed";
  ask();
  await keepDraft();
}

/** Takes the marked areas; what was answered "none" and no longer fits is asked again. */
function takeMap(extras) {
  const value = places.answer(extras);
  Object.assign(draft.given, { map: value });
  draft.extras.map = places.cleaned(extras);
  for (const name of places.askedAgain(value, draft.given)) {
    delete draft.given[name];
    draft.handed = draft.handed.filter((id) => id !== name);
  }
}

/** Notes how long a grouped safety question was looked at: a duration, for the care team to judge the answers by. */
function timed(step, elapsed) {
  if (!GROUPS.includes(step)) return;
  draft.seconds = { ...draft.seconds, [step]: elapsed / 1000 };
}

async function answer({ step, value, extras, elapsed }) {
  if (elapsed < DOUBLE_TAP_MS || waiting) return;
  waiting = true;
  await Promise.race([rulesHere(), new Promise((resolve) => setTimeout(resolve, RULES_PATIENCE_MS))]);
  waiting = false;
  timed(step, elapsed);
  draft.given[step] = value;
  draft.extras[step] = extras;
  if (step === "map" && value) takeMap(extras);
  else if (step === "map") delete draft.extras.map;
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
  Object.assign(draft, { body, savedAt: Date.now(), signWaits: waits(plan, now()) });
  await store.keep("draft", draft).catch(() => {});
}

function back() {
  // Nothing has been marked yet: the pain has not moved after all.
  if (draft.given.places === "changed" && !("map" in draft.given)) {
    delete draft.given.places;
    return ask();
  }
  const steps = sequence(plan, now()).filter(({ id }) => id in draft.given && !draft.handed.includes(id));
  const last = steps.at(-1);
  if (!last) return location.assign("/");
  const chosen = draft.given[last.id];
  delete draft.given[last.id];
  ask();
  screen.mark(last.id, chosen);
}

/** Returns the most urgent finding that this check-in has not shown yet, or null. Asks nobody but the phone. */
function judge(step, value) {
  if (waits(plan, now())) return null;
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
  const baseline = { ...person.baseline, ...medicinesStarted(entries) };
  return engine.evaluate(rules, { baseline, onset_on: person.onset_on, entries: inOrder(entries) }, draft?.on ?? today());
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
  const last = { ...lastGrades(person.entries), places: areasBefore() };
  const values = observations(rest, { flags: now().flags, given: draft.given, extras: draft.extras, last });
  const looked = rest.filter(({ id }) => draft.seconds && id in draft.seconds).map(({ id }) => draft.seconds[id]);
  if (looked.length === ASKED_TOGETHER) values.safety_seconds = rounded(looked);
  return values;
}

/** Seconds together, to a tenth; longer than an hour says no more than an hour. */
const rounded = (seconds) => Math.min(LONGEST_SECONDS, Math.round(seconds.reduce((one, other) => one + other) * 10) / 10);

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
  await rulesHere();
  const told = judge("", "");
  const values = observationsNow();
  if (told && URGENT.includes(told.tier)) screen.advice(told, { done: true, askChest: told.tier === "emergency" && chestOpen() });
  else screen.saved({ draft, unanswered: unanswered(), asked: plan.some(({ id, ces }) => ces && id in draft.given) });
  if (Object.keys(values).length) await hand(values);
  await store.forget("draft").catch(() => {});
}

function unanswered() {
  return sequence(plan, now()).some(({ id, safety }) => safety && !draft.given[id]);
}

/** Keeps an entry on the phone, then tries to send it; says on the screen how far it came. */
async function hand(values, id = draft.id) {
  if (!Object.keys(values).length) return;
  // What the screen said was about the entry before this one.
  newest = id;
  handedIn.set(id, false);
  screen.kept("");
  const at = new Date();
  const body = bodyOf(values, at);
  const entry = { id, on: draft.on, at: body.recorded_at, values, shown: body.shown_tier };
  person.entries = inOrder([...person.entries, entry]);
  try {
    await outbox.add({ id, owner: draft.person, body, at: at.getTime() });
    if (id === newest && !handedIn.get(id)) screen.kept("phone");
    await remember(entry);
    await outbox.flush({ force: true });
  } catch (error) {
    // This phone cannot keep anything: send directly, and say so if that fails too.
    console.error("outbox", error);
    const answer = await api.putEntry(id, body, draft.person);
    if (answer.status >= 200 && answer.status < 300) confirmed(answer.data, id);
    else if (id === newest) screen.kept("lost");
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
function confirmed(result, id) {
  handedIn.set(id, true);
  if (id === newest) {
    screen.kept("sent", person.has_team);
    screen.changeable(id);
  }
  // Handed in without a sign-in: the server says no more, and what this phone has said stands.
  if (result.stored) return null;
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
