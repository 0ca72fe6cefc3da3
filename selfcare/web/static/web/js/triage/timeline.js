// PURE: a diary laid out so that conditions can read it quickly; the twin of selfcare/triage/timeline.py.

const DAY_MS = 86_400_000;

/** Returns the day number of a date "YYYY-MM-DD". */
export const dayNumber = (date) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** Returns the date of a day number. */
export const iso = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Returns whether a value is a number; true and false are not. */
export const isNumber = (value) => typeof value === "number";

/** Returns a number in whole hundredths. */
export const hundredths = (points) => BigInt(Math.floor(points * 100 + 0.5));

/** An exact mean in hundredths of a point: total / parts, over a number of answers. */
export class Mean {
  constructor(total, parts, entries) {
    this.total = total;
    this.parts = parts;
    this.entries = entries;
  }

  /** Returns the difference of two means. */
  minus(other) {
    return new Mean(this.total * other.parts - other.total * this.parts, this.parts * other.parts, this.entries);
  }

  /** Returns a negative number, 0 or a positive number: this mean is below, at or above the points. */
  compare(points) {
    const difference = this.total - hundredths(points) * this.parts;
    return difference < 0n ? -1 : Number(difference > 0n);
  }

  /** Returns the mean in points, rounded to two decimals, for showing. */
  rounded() {
    return Number((2n * this.total + this.parts) / (2n * this.parts)) / 100;
  }
}

/** The diary of one history up to and including one day. */
export class Timeline {
  #answers = new Map();
  #began = null;

  constructor(history, asOf) {
    this.history = history;
    this.baseline = history.baseline;
    this.onset = dayNumber(history.onset_on);
    this.day = dayNumber(asOf);
    this.entries = history.entries.filter(({ on }) => on <= asOf).sort(inOrder);
    this.days = this.entries.map(({ on }) => dayNumber(on));
    this.today = [...this.days.keys()].filter((position) => this.days[position] === this.day);
  }

  /** Returns the same diary as it stood on an earlier day. */
  upTo(day) {
    return new Timeline(this.history, iso(day));
  }

  /** Returns when the present episode began, computed once. */
  began(compute) {
    this.#began ??= compute();
    return this.#began;
  }

  /** Returns all answers to one observation, oldest first: [{ position, day, value }]. */
  answers(name) {
    if (!this.#answers.has(name)) {
      const answers = this.entries.map(({ values }, position) => answer(position, this.days[position], values[name]));
      this.#answers.set(name, answers.filter(({ value }) => value !== null && value !== undefined));
    }
    return this.#answers.get(name);
  }

  /** Returns the answers to one observation from the first day to the last, both included. */
  between(name, first, last) {
    return this.answers(name).filter(({ day }) => first <= day && day <= last);
  }

  /** Returns the answers given before the entry at a position, newest first. */
  before(name, position) {
    return this.answers(name).filter((one) => one.position < position).reverse();
  }

  /**
   * Returns the mean over the days from first to last, or null without an answer. Two entries of one local day count
   * as one day with their mean, and as two entries.
   */
  mean(name, first, last) {
    const byDay = new Map();
    let entries = 0;
    for (const { day, value } of this.between(name, first, last)) {
      if (!isNumber(value)) continue;
      byDay.set(day, [...(byDay.get(day) ?? []), hundredths(value)]);
      entries += 1;
    }
    if (entries === 0) return null;
    let total = 0n;
    let parts = 1n;
    for (const values of byDay.values()) {
      const count = BigInt(values.length);
      total = total * count + values.reduce((sum, value) => sum + value, 0n) * parts;
      parts *= count;
    }
    return new Mean(total, parts * BigInt(byDay.size), entries);
  }
}

/** Returns one answered observation. */
export function answer(position, day, value) {
  return { position, day, value };
}

function inOrder(one, other) {
  if (one.on !== other.on) return one.on < other.on ? -1 : 1;
  const [first, second] = [Date.parse(one.at), Date.parse(other.at)];
  if (first !== second) return first - second;
  return one.id < other.id ? -1 : Number(one.id > other.id);
}
