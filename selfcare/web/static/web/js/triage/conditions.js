// PURE: the operators that put conditions together and read answers, and the list of all operators.
// The twin of selfcare/triage/conditions.py.

import { compare, dayWindow, fact, inScope, orNull, saw } from "./judge.js";
import { iso } from "./timeline.js";
import * as trends from "./trends.js";

const EVER = [0, null];

// --- Putting conditions together ---

function all(judge, conditions) {
  const seen = [];
  for (const condition of conditions) {
    const found = judge.see(condition);
    if (found === null) return null;
    seen.push(...found);
  }
  return seen;
}

function any(judge, conditions) {
  const found = conditions.map((condition) => judge.see(condition)).filter((seen) => seen !== null);
  return found.length > 0 ? found.flat() : null;
}

function count(judge, conditions, condition) {
  const found = conditions.map((inner) => judge.see(inner)).filter((seen) => seen !== null);
  return compare(found.length, condition) ? found.flat() : null;
}

function someEntry(judge, condition) {
  const held = judge.scope.map((position) => judge.reading([position]).see(condition)).filter((seen) => seen !== null);
  return held.length > 0 ? held.flat() : null;
}

function entries(judge, inner, condition) {
  const [first, last] = dayWindow(judge.timeline.day, condition.days);
  const held = [];
  for (const [position, day] of judge.timeline.days.entries()) {
    if (day < first || day > last) continue;
    const seen = judge.reading([position]).see(inner);
    if (seen !== null) held.push({ day, seen });
  }
  const times = condition.unit === "days" ? new Set(held.map(({ day }) => day)).size : held.length;
  return times >= condition.times ? held.flatMap(({ seen }) => seen) : null;
}

// --- Reading answers ---

function answer(judge, name, condition) {
  return orNull(saw(name, inScope(judge, name).filter(({ value }) => compare(value, condition))));
}

function every(judge, name, condition) {
  const answers = inScope(judge, name);
  return answers.length > 0 && answers.every(({ value }) => compare(value, condition)) ? saw(name, answers) : null;
}

function baseline(judge, name, condition) {
  const value = judge.timeline.baseline[name] ?? null;
  return value === null || !compare(value, condition) ? null : [{ kind: "baseline", day: 0, name, value }];
}

function laterDate(judge, name) {
  const value = judge.timeline.baseline[name];
  // ISO dates sort as text; a value of another kind is no date and holds nothing back.
  const later = typeof value === "string" && value > iso(judge.timeline.day);
  return later ? [{ kind: "baseline", day: 0, name, value }] : null;
}

function first(judge, name) {
  const answers = judge.timeline.answers(name);
  return answers.length > 0 && judge.scope.includes(answers[0].position) ? saw(name, answers.slice(0, 1)) : null;
}

function earlier(judge, name, condition) {
  return lookingBack(judge, condition, (position, fits) => judge.timeline.before(name, position).find(fits), name);
}

function previous(judge, name, condition) {
  const newest = (position, fits) => judge.timeline.before(name, position).slice(0, 1).find(fits);
  return lookingBack(judge, condition, newest, name);
}

function lookingBack(judge, condition, find, name) {
  const seen = [];
  for (const position of judge.scope) {
    const [from, to] = dayWindow(judge.timeline.days[position], condition.days ?? EVER);
    const found = find(position, ({ day, value }) => from <= day && day <= to && compare(value, condition));
    if (found) seen.push(...saw(name, [found]));
  }
  return orNull(seen);
}

function latest(judge, name, condition) {
  const newest = judge.timeline.answers(name).at(-1);
  if (newest === undefined || !compare(newest.value, condition)) return null;
  const [first, last] = dayWindow(judge.timeline.day, condition.days ?? EVER);
  if (newest.day < first || newest.day > last) return null;
  const { on_clock: clock, from_day: day } = condition;
  return clock && newest.day < judge.clockStart(clock) + day ? null : saw(name, [newest]);
}

function joinedOnDay(judge, _, condition) {
  const joined = judge.joinedOn();
  return joined !== null && compare(joined - judge.beganOn(), condition) ? [] : null;
}

function silence(judge, _, condition) {
  const { day, days, onset } = judge.timeline;
  const silent = day - (days.at(-1) ?? onset);
  return compare(silent, condition) ? [fact("days without an entry", silent)] : null;
}

// --- Reading what other rules found ---

function findings(judge, tier, condition) {
  const [first, last] = dayWindow(judge.timeline.day, condition.days);
  const seen = new Map();
  for (let day = last; day >= first; day -= 1) {
    // One reason of each group is enough, so a group that is known already is not looked for again.
    const groups = condition.groups.filter((group) => !seen.has(group));
    for (const { id, group } of judge.foundOn(day, tier, groups)) {
      if (!seen.has(group)) seen.set(group, fact(id, iso(day)));
    }
    if (seen.size === 0 || seen.size >= condition.times) break;
  }
  return seen.size >= condition.times ? [...seen.values()] : null;
}

/** Every operator by its name in the catalogue. */
export const OPERATORS = {
  all,
  any,
  not: (judge, condition) => (judge.see(condition) === null ? [] : null),
  use: (judge, name) => judge.see(judge.book.definitions[name]),
  count,
  some_entry: someEntry,
  entries,
  answer,
  every,
  baseline,
  later_date: laterDate,
  first,
  earlier,
  previous,
  latest,
  rise: trends.rise,
  fall: trends.fall,
  above_first: trends.aboveFirst,
  rose: trends.rose,
  switches: trends.switches,
  mean_fall: trends.meanFall,
  mean_rise: trends.meanRise,
  against_mean: trends.againstMean,
  clock: trends.clock,
  first_entry: (judge) => (judge.scope.includes(0) ? [] : null),
  joined_on_day: joinedOnDay,
  silence,
  level: trends.level,
  status: trends.status,
  checkpoint: trends.checkpoint,
  checkpoint_level: trends.checkpointLevel,
  slot: trends.slot,
  findings,
};
