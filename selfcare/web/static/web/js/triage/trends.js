// PURE: the operators that compare answers over time; the twin of selfcare/triage/trends.py.

import { courseOn, levelOf, worstLevel } from "./course.js";
import { compare, compareMean, dayWindow, fact, inScope, orNull, saw } from "./judge.js";
import { hundredths, isNumber, iso, Mean } from "./timeline.js";

// --- Comparing answers over time ---

function changed(judge, name, condition, differs) {
  const seen = [];
  for (const now of inScope(judge, name)) {
    const [first, last] = dayWindow(now.day, condition.days);
    const before = judge.timeline.before(name, now.position).filter(({ value }) => isNumber(value));
    let within = before.filter(({ day }) => first <= day && day <= last);
    // After a silence longer than the window the last answer before it is the one to compare with.
    if (condition.or_last_answer && before.length > 0 && before[0].day < first) within = before.slice(0, 1);
    const then = within.find(({ value }) => differs(value, now.value));
    if (isNumber(now.value) && then) seen.push(...saw(name, [then, now]));
  }
  return orNull(seen);
}

export function rise(judge, name, condition) {
  const below = condition.from_below ?? Infinity;
  return changed(judge, name, condition, (then, now) => now - then >= condition.by && then < below);
}

export function fall(judge, name, condition) {
  const rest = 100 - condition.percent;
  return changed(judge, name, condition, (then, now) => then > 0 && 100 * now <= rest * then);
}

export function aboveFirst(judge, name) {
  const [oldest] = judge.timeline.answers(name).filter(({ value }) => isNumber(value));
  const higher = inScope(judge, name).filter(({ value }) => isNumber(value) && value > oldest.value);
  return higher.length > 0 ? saw(name, [oldest, ...higher]) : null;
}

export function rose(judge, name, condition) {
  const [first, last] = dayWindow(judge.timeline.day, condition.days);
  const answers = judge.timeline.between(name, first, last).filter(({ value }) => isNumber(value));
  const floor = condition.over_first_answer ? judge.timeline.answers(name)[0]?.value : -Infinity;
  for (const [place, now] of answers.entries()) {
    if (now.value < condition.to || now.value <= floor) continue;
    const then = answers.slice(0, place).find(({ value }) => value < now.value);
    if (then) return saw(name, [then, now]);
  }
  return null;
}

export function switches(judge, name, condition) {
  const [first, last] = dayWindow(judge.timeline.day, condition.days);
  const answers = judge.timeline.between(name, first, last).filter(({ value }) => condition.between.includes(value));
  const turns = answers.filter(({ value }, place) => place > 0 && answers[place - 1].value !== value);
  return turns.length > 0 && turns.length >= condition.times ? saw(name, [answers[0], ...turns]) : null;
}

// --- Means, status and time ---

function twoMeans(judge, name, condition) {
  const now = judge.timeline.mean(name, ...dayWindow(judge.timeline.day, condition.days));
  const then = judge.timeline.mean(name, ...dayWindow(judge.timeline.day, condition.against));
  return now === null || then === null ? null : [now, then];
}

function meansSeen(name, now, then) {
  return [fact(`mean ${name}`, now.rounded()), fact(`mean ${name} before`, then.rounded())];
}

export function meanFall(judge, name, condition) {
  const means = twoMeans(judge, name, condition);
  if (means === null || means[1].compare(condition.against_at_least ?? 0) < 0) return null;
  const [now, then] = means;
  const fell = 100n * now.total * then.parts <= BigInt(100 - condition.percent) * then.total * now.parts;
  return fell ? meansSeen(name, now, then) : null;
}

export function meanRise(judge, name, condition) {
  const means = twoMeans(judge, name, condition);
  if (means === null || means[0].minus(means[1]).compare(condition.by) < 0) return null;
  return meansSeen(name, ...means);
}

export function againstMean(judge, name, condition) {
  const seen = [];
  for (const now of inScope(judge, name)) {
    const before = judge.timeline.mean(name, ...dayWindow(now.day, condition.days));
    if (before === null || before.entries < (condition.answers ?? 1) || !isNumber(now.value)) continue;
    if (!compareMean(new Mean(hundredths(now.value), 1n, 1).minus(before), condition)) continue;
    seen.push(...saw(name, [now]), fact(`mean ${name} before`, before.rounded()));
  }
  return orNull(seen);
}

export function clock(judge, name, condition) {
  const reading = judge.timeline.day - judge.clockStart(name);
  return compare(reading, condition) ? [fact(`day of ${name}`, reading)] : null;
}

export function level(judge, _, condition) {
  const { timeline, book } = judge;
  const found = condition.of
    ? levelOf(timeline, book.course, condition.of, timeline.day)
    : worstLevel(timeline, book.course, timeline.day);
  return found && compareMean(found.level, condition) ? [fact(`level ${found.series}`, found.level.rounded())] : null;
}

export function status(judge, statuses) {
  const course = courseOn(judge.timeline, judge.book.course, judge.timeline.day);
  return statuses.includes(course.status) ? [fact("status", course.status), ...levels(course)] : null;
}

export function checkpoint(judge, name, condition) {
  return decided(judge, name, condition, ({ status: now }) => condition.statuses.includes(now));
}

export function checkpointLevel(judge, name, condition) {
  return decided(judge, name, condition, ({ level: now }) => now !== null && compareMean(now, condition));
}

function decided(judge, name, condition, holds) {
  const { timeline } = judge;
  const start = judge.clockStart(name);
  const begun = slotBegun(condition, timeline.day - start);
  if (begun === null) return null;
  // Without an entry nothing becomes known, so only the days with one are asked after the first.
  for (const day of new Set([start + begun, ...timeline.days.filter((each) => each >= start + begun)])) {
    const course = courseOn(timeline, judge.book.course, day);
    if (course.status === "insufficient") continue;
    // The first day with enough entries decides, and goes on deciding: a check that ran late still finds it.
    if (!holds(course)) return null;
    return [...occasion(judge, name, begun), fact("status", course.status), fact("decided on", iso(day)), ...levels(course)];
  }
  return null;
}

export function slot(judge, name, condition) {
  const begun = slotBegun(condition, judge.timeline.day - judge.clockStart(name));
  return begun === null ? null : occasion(judge, name, begun);
}

function occasion(judge, name, begun) {
  const began = judge.beganOn();
  // A new episode asks again what the one before has asked.
  const value = began === judge.timeline.onset ? `D${begun}` : `D${begun} of ${iso(began)}`;
  const reading = judge.timeline.day - judge.clockStart(name);
  return [{ kind: "occasion", day: 0, name: "occasion", value }, fact(`day of ${name}`, reading)];
}

function levels({ series, level: now, start }) {
  const means = [[`level ${series}`, now], ["start level", start]];
  return means.filter(([, found]) => found).map(([name, found]) => fact(name, found.rounded()));
}

// Returns the day at which the current slot began, or null outside all slots.
function slotBegun({ at, then_every: every, until = Infinity }, reading) {
  if (reading > until) return null;
  const last = at.at(-1);
  if (every && reading >= last) return last + Math.floor((reading - last) / every) * every;
  return at.filter((day) => day <= reading).at(-1) ?? null;
}
