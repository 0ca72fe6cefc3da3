// PURE: how a complaint goes over the weeks: level, start level, status; the twin of selfcare/triage/course.py.
// Every number comes from the catalogue's "course" section.

import { hundredths, isNumber, Mean } from "./timeline.js";

/** Returns the status on a day and what it was computed from: { status, series, level, start }. */
export function courseOn(timeline, numbers, day) {
  const found = worstLevel(timeline, numbers, day);
  const start = found && startLevel(timeline, numbers, found.series, day);
  if (!start) return { status: "insufficient", series: "", level: null, start: null };
  return { status: statusOf(timeline, numbers, day, found, start), series: found.series, level: found.level, start };
}

function statusOf(timeline, numbers, day, { series, level, window }, start) {
  if (isRecovered(timeline, numbers, series, day)) return "recovered";
  const gain = start.minus(level);
  const worse = level.minus(start).compare(numbers.change_points) >= 0;
  // Who starts low starts as adequate; only a clear rise, or pain that gets in the way, takes that away.
  const startsLow = start.compare(numbers.adequate_at_most) <= 0 && !worse;
  const low = level.compare(numbers.adequate_at_most) <= 0 || startsLow;
  const hindrance = timeline.mean(numbers.interference, day - window + 1, day);
  const hindered = hindrance !== null && hindrance.compare(numbers.interference_at_most) > 0;
  if (low && !hindered && !feelsWorse(timeline, numbers, day)) return "adequate";
  // gain / start >= percent / 100, without dividing: start may be 0.
  const enough = 100n * gain.total * start.parts >= BigInt(numbers.change_percent) * start.total * gain.parts;
  if (gain.compare(numbers.change_points) >= 0 && enough) return "improving";
  return worse ? "worsening" : "not_improved";
}

// Whether the newest word of the last two weeks on the whole course is "worse".
function feelsWorse(timeline, numbers, day) {
  const said = timeline.between(numbers.global_change, day - numbers.wide_window_days + 1, day).at(-1);
  return said !== undefined && numbers.global_worse.includes(said.value);
}

/** Returns { series, level, window } of the worst region, or of pain as a whole; null if there are too few entries. */
export function worstLevel(timeline, numbers, day) {
  let found = null;
  for (const series of numbers.regions) {
    const candidate = levelOf(timeline, numbers, series, day);
    if (candidate && (!found || candidate.level.minus(found.level).total > 0n)) found = candidate;
  }
  return found ?? levelOf(timeline, numbers, numbers.overall, day);
}

/** Returns { series, level, window } of one series; null if there are too few entries. */
export function levelOf(timeline, numbers, series, day) {
  let window = numbers.window_days;
  let level = timeline.mean(series, day - window + 1, day);
  if (level === null || level.entries < numbers.widen_from_entries) return null;
  if (level.entries < numbers.enough_entries) {
    window = numbers.wide_window_days;
    level = timeline.mean(series, day - window + 1, day);
  }
  return level.entries < numbers.enough_entries ? null : { series, level, window };
}

/** Returns the mean of the first entries of a series in the episode, within its first diary days; null without any. */
export function startLevel(timeline, numbers, series, day) {
  const began = timeline.began(() => beganOn(timeline, numbers));
  const answers = timeline.between(series, began, day).filter(({ value }) => isNumber(value));
  if (answers.length === 0) return null;
  const last = answers[0].day + numbers.start_days - 1;
  const first = answers.slice(0, numbers.start_entries).filter((one) => one.day <= last);
  const total = first.reduce((sum, { value }) => sum + hundredths(value), 0n);
  return new Mean(total, BigInt(first.length), first.length);
}

/** Returns whether pain was next to nothing for long enough; short gaps count only if the patient confirmed them. */
export function isRecovered(timeline, numbers, series, day) {
  const first = day - numbers.recovered_days + 1;
  const worst = new Map();
  for (const answer of timeline.between(series, first, day)) {
    worst.set(answer.day, Math.max(worst.get(answer.day) ?? 0, answer.value));
  }
  const confirmed = new Set();
  for (const answer of timeline.between(numbers.confirmed_gap, first, day)) {
    for (let back = 1; back <= answer.value; back += 1) confirmed.add(answer.day - back);
  }
  let gap = 0;
  for (let current = first; current <= day; current += 1) {
    if (worst.has(current)) {
      if (worst.get(current) > numbers.recovered_at_most) return false;
      gap = 0;
      continue;
    }
    gap += 1;
    if (!confirmed.has(current) || gap > numbers.recovered_gap_days) return false;
  }
  return true;
}

/**
 * Returns the day number on which the present episode began: the onset, or the first day of pain that lasted after an
 * episode had ended with enough pain-free days. A day without an entry is no pain-free day unless it was confirmed.
 */
export function beganOn(timeline, numbers) {
  let began = timeline.onset;
  let ended = false;
  let free = null;
  let backSince = null;
  let lastPain = timeline.onset - 1;
  let lastFree = timeline.onset - 1;
  for (const [place, { values }] of timeline.entries.entries()) {
    const day = timeline.days[place];
    if (day < timeline.onset) continue;
    const since = daysSaid(values[numbers.new_episode]);
    const confirmed = daysSaid(values[numbers.confirmed_gap]);
    if (confirmed > 0) free = stretch(free, Math.max(lastPain + 1, day - since - confirmed), day - since - 1);
    const pains = [numbers.overall, ...numbers.regions].map((name) => values[name]).filter(isNumber);
    const pain = pains.length > 0 ? Math.max(...pains) : numbers.new_pain_at_least;
    if (pain <= numbers.recovered_at_most) {
      free = stretch(free, day, day);
      backSince = null;
    }
    if (free) {
      lastFree = free[1];
      ended = ended || lastFree - free[0] + 1 >= numbers.recovered_days;
    }
    if (pains.length === 0 || pain <= numbers.recovered_at_most) continue;
    lastPain = day;
    free = null;
    if (pain < numbers.new_pain_at_least) {
      backSince = null;
    } else if (ended) {
      backSince ??= Math.max(lastFree + 1, day - since);
      // Reported on a later day than it began: it has lasted longer than 24 hours.
      if (day > backSince) [began, ended, backSince] = [backSince, false, null];
    }
  }
  return began;
}

const daysSaid = (value) => (isNumber(value) ? Math.trunc(value) : 0);

// The pain-free days up to now with some more: joined to those before, or begun anew.
function stretch(free, first, last) {
  if (last < first) return free;
  if (free === null || first > free[1] + 1) return [first, last];
  return [Math.min(free[0], first), Math.max(free[1], last)];
}
