// PURE: what judging a catalogue condition means; the twin of selfcare/triage/judge.py.
//
// A condition is an object with exactly one operator name as a key, beside that operator's settings. Judging one gives
// the list of what was seen, [{ kind, day, name, value }], or null when it does not hold. A missing answer never
// satisfies a comparison.

import { beganOn } from "./course.js";
import { answer, dayNumber, isNumber } from "./timeline.js";

const NUMBER_COMPARISONS = ["at_least", "at_most", "above", "below"];

/**
 * Judges conditions against one timeline; scope holds the places of the entries that "answer" reads, and
 * foundOn(day, tier, groups) gives [{ id, group }] of what the rules found on a day.
 */
export class Judge {
  constructor(timeline, book, operators, scope, foundOn = () => []) {
    this.timeline = timeline;
    this.book = book;
    this.operators = operators;
    this.scope = scope;
    this.foundOn = foundOn;
  }

  /** Returns the same judge reading other entries. */
  reading(scope) {
    return new Judge(this.timeline, this.book, this.operators, scope, this.foundOn);
  }

  /** Returns what makes the condition hold, or null when it does not. */
  see(condition) {
    const name = Object.keys(condition).find((key) => Object.hasOwn(this.operators, key));
    if (name === undefined) throw new Error(`There is no operator in ${Object.keys(condition)}.`);
    return this.operators[name](this, condition[name], condition);
  }

  /** Returns the day number at which a clock reads 0. */
  clockStart(name) {
    const restart = this.book.clocks[name].restart_at_first_entry_when;
    const joined = this.joinedOn();
    return restart && joined !== null && this.see(restart) !== null ? joined : this.beganOn();
  }

  /** Returns the day number on which the present episode began: the onset, or a new start after a pain-free time. */
  beganOn() {
    return this.timeline.began(() => beganOn(this.timeline, this.book.course));
  }

  /** Returns the day number of the first entry of the present episode; without any entry, of joining, if known. */
  joinedOn() {
    const { days, baseline } = this.timeline;
    const known = baseline.joined_on ? dayNumber(baseline.joined_on) : null;
    return days.find((day) => day >= this.beganOn()) ?? days[0] ?? known;
  }
}

/** Returns whether a value satisfies every comparison written in the condition. */
export function compare(value, condition) {
  if ("is" in condition && value !== condition.is) return false;
  if ("in" in condition && !condition.in.includes(value)) return false;
  if ("includes" in condition && !words(value).some((word) => condition.includes.includes(word))) return false;
  if ("only" in condition) {
    const all = words(value);
    if (all.length === 0 || !all.every((word) => condition.only.includes(word))) return false;
  }
  if (!NUMBER_COMPARISONS.some((key) => key in condition)) return true;
  return (
    isNumber(value) &&
    !("at_least" in condition && value < condition.at_least) &&
    !("at_most" in condition && value > condition.at_most) &&
    !("above" in condition && value <= condition.above) &&
    !("below" in condition && value >= condition.below)
  );
}

function words(value) {
  return Array.isArray(value) ? value : [value];
}

/** Returns whether a mean satisfies every comparison written in the condition. */
export function compareMean(mean, condition) {
  return (
    !("at_least" in condition && mean.compare(condition.at_least) < 0) &&
    !("at_most" in condition && mean.compare(condition.at_most) > 0) &&
    !("above" in condition && mean.compare(condition.above) <= 0) &&
    !("below" in condition && mean.compare(condition.below) >= 0)
  );
}

/** Returns answers as things seen. */
export function saw(name, answers) {
  return answers.map(({ day, value }) => ({ kind: "answer", day, name, value }));
}

/** Returns a computed fact as a thing seen. */
export function fact(name, value) {
  return { kind: "fact", day: 0, name, value };
}

/** Returns the list, or null when it is empty. */
export function orNull(list) {
  return list.length > 0 ? list : null;
}

/** Returns the answers to one observation that the entries in scope hold. */
export function inScope(judge, name) {
  const { days, entries } = judge.timeline;
  return judge.scope
    .map((position) => answer(position, days[position], entries[position].values[name]))
    .filter(({ value }) => value !== null && value !== undefined);
}

/** Returns the first and the last day number of a window before a day. */
export function dayWindow(day, [nearest, farthest]) {
  return [farthest === null ? -Infinity : day - farthest, day - nearest];
}
