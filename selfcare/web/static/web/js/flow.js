// PURE: which question comes next and what the answers say; the twin of selfcare/web/flow.py. No DOM, no clock.

const POSITIVE = new Set(["new", "worse", "unsure"]);
const CHANGE_KEYS = ["bladder", "bowel", "saddle", "sexual", "both_legs"];
const YES_KEYS = ["chills", "very_unwell", "gait_unsteady"];
const SITE_KEYS = ["pain_leg", "pain_back"];
const LONG_DAYS_AT_FIRST = 3;
const DAYS_BETWEEN_LONG_DAYS = 7;

const has = (object, key) => Object.hasOwn(object, key);

/** Returns the steps of this check-in in their order, as far as the answers given so far decide it. */
export function sequence(plan, { mode, flags, given }) {
  return plan.filter(
    (step) =>
      step.needs.every((flag) => flags.includes(flag)) &&
      (step.modes.includes(mode) || step.when.some(([name, values]) => has(given, name) && values.includes(given[name]))),
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
export function observations(plan, { given, extras, last }) {
  const result = {};
  for (const step of plan) {
    const answer = chosen(step, given[step.id]);
    if (!answer) continue;
    Object.assign(result, answer.writes);
    for (const key of answer.keeps) if (has(last, key)) result[key] = last[key];
    if (answer.extras) Object.assign(result, extras[step.id] ?? {});
  }
  const scores = SITE_KEYS.filter((key) => has(result, key)).map((key) => result[key]);
  if (scores.length && !has(result, "pain_avg")) result.pain_avg = Math.max(...scores);
  return result;
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
  const days = [...new Set(before.map((entry) => entry.on))].sort();
  if (days.length < LONG_DAYS_AT_FIRST) return "long";
  const week = addDays(on, 1 - DAYS_BETWEEN_LONG_DAYS);
  if (!before.some((entry) => entry.on >= week && has(entry.values, "night_pain"))) return "long";
  const latest = days.at(-1);
  if (before.some((entry) => entry.on === latest && positive(entry.values))) return "long";
  const known = lastGrades(before);
  return has(known, "weakness") && has(known, "numbness") ? "short" : "long";
}

/** Returns whether one entry holds an answer that calls for the careful form next time. */
export function positive(values) {
  return (
    CHANGE_KEYS.some((key) => POSITIVE.has(values[key])) ||
    YES_KEYS.some((key) => values[key] === true) ||
    (values.fever_c ?? 0) >= 38
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

/** Returns the calendar date that lies `days` after `on`; both are "YYYY-MM-DD". */
export function addDays(on, days) {
  const [year, month, day] = on.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}
