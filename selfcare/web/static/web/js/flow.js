// PURE: which question comes next and what the answers say; the twin of selfcare/web/flow.py. No DOM, no clock.

import * as places from "./places.js";

// The forms of a check-in that a person asks for; otherwise modeFor() says which one it is.
export const CHOSEN = ["changed", "flare", "quick", "again", "bad", "event"];
// Forms that stay brief: a rise of the pain asks nothing more.
export const BRIEF = ["quick", "again", "bad", "event"];
const POSITIVE = new Set(["new", "worse", "unsure"]);
const CHANGE_KEYS = ["bladder", "bowel", "saddle", "sexual", "both_legs"];
const YES_KEYS = ["chills", "very_unwell", "gait_unsteady"];
const SITE_KEYS = Object.values(places.SCORES);
const WEEKLY_KEYS = ["walk_pain", "morning_stiffness_min", "weight_loss"];
const LONG_DAYS_AT_FIRST = 3;
const DAYS_BETWEEN_LONG_DAYS = 7;
const MOST_EXTRA_AT_FIRST = 5;
const MOST_EXTRA = 10;
// What rules read of a medicine that is new; its twin is in selfcare/accounts/profiles.py.
const MEDICINES = {
  anticoagulant: { anticoagulant: true },
  immunosuppressed: { immunosuppressed: true },
  opioid: { new_medicine: "opioid" },
};
const HOUR_MS = 60 * 60 * 1000;
const ASK_AGAIN_AFTER_MS = 4 * HOUR_MS;
const ASK_AGAIN_UNTIL_MS = 24 * HOUR_MS;

const has = (object, key) => Object.hasOwn(object, key);

/** Returns the steps of this check-in in their order, as far as the answers given so far decide it. */
export function sequence(plan, { mode, flags, given }) {
  return plan.filter(
    (step) =>
      step.needs.every((flag) => flags.includes(flag)) &&
      (step.modes.includes(mode) ||
        flags.includes(`due:${step.id}`) ||
        (step.rise && Object.entries(given).some(([name, value]) => flags.includes(`rise:${name}:${value}`))) ||
        step.when.some(([name, values]) => has(given, name) && values.includes(given[name]))),
  );
}

/** Returns the first step without an answer, or null when the check-in is complete. */
export function nextStep(plan, state) {
  return sequence(plan, state).find((step) => !has(state.given, step.id)) ?? null;
}

/** Returns the answer of a step with this value, or null for a skipped or unanswered step. */
export function chosen(step, value) {
  return step.answers.find((answer) => answer.value === value) ?? null;
}

/** Returns the vocabulary names that the answers write, with their values. */
export function observations(plan, { flags, given, extras, last }) {
  const result = {};
  for (const step of plan) {
    const answer = chosen(step, given[step.id]);
    if (!answer) continue;
    if (answer.confirm && flags.includes(`unknown:${step.id}`)) {
      // "The same as always" counts once it is confirmed; who leaves that open is not sure.
      if (given[answer.confirm] === "") result[step.id] = "unsure";
      continue;
    }
    write(result, answer.writes);
    for (const key of answer.keeps) if (has(last, key)) result[key] = last[key];
    if (answer.extras) Object.assign(result, extras[step.id] ?? {});
  }
  // "No change" was said before a numb place was marked: how numb it is has not been answered.
  if (result.places_with_numbness?.length && !given.numbness) delete result.numbness;
  Object.assign(result, places.derived(result));
  const scores = SITE_KEYS.filter((key) => has(result, key)).map((key) => result[key]);
  if (scores.length && !has(result, "pain_avg")) result.pain_avg = Math.max(...scores);
  return result;
}

function write(result, writes) {
  for (const [key, value] of Object.entries(writes)) {
    result[key] = Array.isArray(value) ? [...(result[key] ?? []), ...value] : value;
  }
}

/** Returns whether judging waits for the other questions about the same nerves: see the twin. */
export function waits(plan, state) {
  const steps = sequence(plan, state);
  const signs = steps.map((step) => chosen(step, state.given[step.id])).filter((answer) => answer?.alarm);
  if (!signs.length || !signs.every((answer) => answer.wait)) return false;
  return steps.some((step) => step.ces && !has(state.given, step.id));
}

/** Returns "long" on the first three days, once in seven days, after any warning sign and while grades are unknown. */
export function modeFor(entries, on) {
  const before = entries.filter((entry) => entry.on < on);
  if (atFirst(before)) return "long";
  const week = addDays(on, 1 - DAYS_BETWEEN_LONG_DAYS);
  if (!before.some((entry) => entry.on >= week && WEEKLY_KEYS.some((key) => has(entry.values, key)))) return "long";
  const latest = newest(before.map((entry) => entry.on));
  if (before.some((entry) => entry.on === latest && positive(entry.values))) return "long";
  const known = lastGrades(before);
  return has(known, "weakness") && has(known, "numbness") ? "short" : "long";
}

/** Returns the steps that cadence and earlier answers call for on this day, as flags such as "due:walk": see the twin. */
export function due(plan, { mode, flags, baseline, entries, on }) {
  const daily = [];
  const spread = [];
  for (const step of plan) {
    const occasions = step.due.filter((one) => one.modes.includes(mode) && step.needs.every((flag) => flags.includes(flag)));
    const calling = occasions.filter((one) => calls(one, { flags, baseline, entries, on }));
    if (calling.some(({ days }) => days === 0)) daily.push(step.id);
    else if (calling.length) spread.push([Math.min(...calling.map(({ days }) => days ?? 0)), step.id]);
  }
  spread.sort((one, other) => one[0] - other[0]);
  const most = atFirst(entries.filter((entry) => entry.on < on)) ? MOST_EXTRA_AT_FIRST : MOST_EXTRA;
  return [...daily, ...spread.slice(0, most).map(([, name]) => name)].map((name) => `due:${name}`);
}

/** Returns the questions that were answered "not sure" at least 4 hours and at most a day ago, and not since. */
export function unsureAgain(entries, now) {
  const latest = {};
  for (const entry of [...entries].sort((a, b) => new Date(a.at) - new Date(b.at))) {
    for (const key of CHANGE_KEYS) if (has(entry.values, key)) latest[key] = entry;
  }
  return CHANGE_KEYS.filter((key) => {
    if (latest[key]?.values[key] !== "unsure") return false;
    const ago = now - new Date(latest[key].at);
    return ASK_AGAIN_AFTER_MS <= ago && ago <= ASK_AGAIN_UNTIL_MS;
  });
}

/** Returns whether one entry holds an answer that calls for the careful form next time. */
export function positive(values) {
  return (
    CHANGE_KEYS.some((key) => POSITIVE.has(values[key])) ||
    YES_KEYS.some((key) => values[key] === true) ||
    (values.fever_c ?? 0) >= 38 ||
    (values.flare === true && !has(values, "chest_pain"))
  );
}

/** Returns the newest known grade of weakness and of numbness; entries are in the order of their days. */
export function lastGrades(entries) {
  const result = {};
  for (const entry of entries) {
    for (const key of ["weakness", "numbness"]) if (has(entry.values, key)) result[key] = entry.values[key];
  }
  return result;
}

/** Returns the baseline facts that follow from medicines which entries say are new. */
export function medicinesStarted(entries) {
  return Object.assign({}, ...entries.map(({ values }) => MEDICINES[values.medicine_started] ?? {}));
}

/** Returns the calendar date that lies `days` after `on`; both are "YYYY-MM-DD". */
export function addDays(on, days) {
  const [year, month, day] = on.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

const atFirst = (before) => new Set(before.map((entry) => entry.on)).size < LONG_DAYS_AT_FIRST;
const newest = (days) => days.reduce((one, other) => (one > other ? one : other));
const oldest = (days) => days.reduce((one, other) => (one < other ? one : other));

function calls({ modes: _modes, days, keys, if: alternatives }, known) {
  if (alternatives.length && !alternatives.some((each) => each.every((one) => holds(one, known)))) return false;
  if (days === 0) return true;
  const asked = known.entries.filter((entry) => entry.on <= known.on && keys.some((key) => has(entry.values, key)));
  if (!asked.length) return true;
  return days !== null && addDays(newest(asked.map((entry) => entry.on)), days) <= known.on;
}

/** Whether a condition about what is known holds: see the twin. */
function holds(condition, { flags, baseline, entries, on }) {
  if (condition.of === "flag") return flags.includes(condition.key);
  const before = entries.filter((entry) => entry.on <= on);
  if (condition.of === "away") {
    return before.length > 0 && addDays(newest(before.map((entry) => entry.on)), condition.days) <= on;
  }
  if (condition.of === "baseline") return fits(baseline[condition.key], condition);
  const answers = before.filter((entry) => has(entry.values, condition.key));
  if (condition.of === "last") return answers.length > 0 && fits(answers.at(-1).values[condition.key], condition);
  const fitting = answers.filter((entry) => fits(entry.values[condition.key], condition)).map((entry) => entry.on);
  if (!fitting.length) return false;
  return addDays(condition.of === "lately" ? newest(fitting) : oldest(fitting), condition.days) > on;
}

function fits(value, condition) {
  if (value === undefined || value === null) return false;
  return condition.in ? condition.in.includes(value) : value >= condition.at_least;
}
