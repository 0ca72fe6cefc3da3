// PURE: what the answers kept on a phone tell hospital staff, with "no change", "as always" and "not asked" told apart. No
// DOM, no clock. Never more than was answered: a sign once reported stays until 14 days after it, whatever came later.

import { addDays } from "./flow.js";
import { inOrder } from "./person.js";

const NEW_FOR_DAYS = 14;
const SITES = ["pain_avg", "pain_buttock", "pain_leg", "pain_back"];

/** Returns what the page shows; `unsent` are [{id, at, body}], `on` is the phone's own date. */
export function summary({ context, unsent = [], draft = null, on }, words) {
  const entries = gather({ context, unsent, draft });
  const told = Object.fromEntries(Object.keys(words.signs).map((name) => [name, lately(entries, name, words, on)]));
  const signs = words.groups.flatMap(({ names }) => names).filter((name) => told[name].sign);
  return {
    signs: signs.map((name) => ({ name, ...told[name].sign })),
    ces: signs.some((name) => words.ces.includes(name) && !told[name].sign.unsure),
    cesUnsure: signs.some((name) => words.ces.includes(name) && told[name].sign.unsure),
    groups: words.groups.map(({ title, names }) => ({ title, ...grouped(names, told, words) })),
    usual: yesNo(context?.baseline ?? {}, words.usual),
    history: known(context?.baseline ?? {}, words.history),
    medicines: known(context?.baseline ?? {}, words.medicines),
    pain: pain(entries, context),
    advised: advised(entries, words, on),
    newest: entries.at(-1)?.at ?? null,
    unsent: entries.some((entry) => entry.unsent),
    unfinished: entries.some((entry) => entry.unfinished),
    clinics: context?.clinics ?? [],
    empty: !context && entries.length === 0,
  };
}

/** Returns every answer that the phone holds, each entry once: as the server gave it, waiting to be sent, or half filled. */
function gather({ context, unsent, draft }) {
  const found = new Map((context?.entries ?? []).map((entry) => [entry.id, entry]));
  const of = (id, body) => ({ id, on: body.occurred_on, at: body.recorded_at, values: body.observations, shown: body.shown_tier });
  for (const { id, body } of unsent) found.set(id, { ...of(id, body), unsent: true });
  if (draft?.body) found.set(draft.id, { ...of(draft.id, draft.body), unsent: true, unfinished: true });
  return inOrder([...found.values()]);
}

/** What is known of one name: the sign to show, if any, and the newest answer. */
function lately(entries, name, words, on) {
  const { kind } = words.signs[name];
  const answers = entries.filter(({ values }) => Object.hasOwn(values, name));
  const newest = answers.at(-1) ?? null;
  const last = answers.findLastIndex(({ values }) => isSign(values[name], words.signs[name]));
  if (last < 0) return { sign: null, newest: newest && { value: newest.values[name], at: newest.at, values: newest.values } };
  const entry = answers[last];
  const later = entry !== newest ? newest : null;
  const current = { value: newest.values[name], at: newest.at, values: newest.values };
  if (later && entry.on < addDays(on, -NEW_FOR_DAYS)) return { sign: null, newest: current };
  let first = last;
  while (first > 0 && isSign(answers[first - 1].values[name], words.signs[name])) first -= 1;
  const run = answers.slice(first, last + 1);
  const dated = run.find(({ values }) => Object.hasOwn(values, `${name}_since_days`));
  const since = dated ? { days: dated.values[`${name}_since_days`], on: addDays(dated.on, -dated.values[`${name}_since_days`]) } : null;
  const before = kind === "grade" ? answers.slice(0, last).findLast(({ values }) => values[name] !== entry.values[name]) : null;
  return {
    sign: {
      value: entry.values[name],
      unsure: run.every(({ values }) => values[name] === "unsure"),
      details: [...new Set(run.flatMap(({ values }) => values[`${name}_detail`] ?? []).flat())],
      side: entry.values[`${name}_side`] ?? null,
      first: answers[first].at,
      at: entry.at,
      since,
      was: before ? { value: before.values[name], at: before.at } : null,
      later: later ? { value: later.values[name], at: later.at } : null,
    },
    newest: current,
  };
}

function isSign(value, { kind, values, least }) {
  if (kind === "yes") return value === true;
  if (kind === "grade") return value >= least;
  return Object.hasOwn(values, value);
}

/** Sorts what is no sign into "no change", "as always", "preferred not to say" and "not asked"; the last for daily ones only. */
function grouped(names, told, words) {
  const result = { none: [], always: [], alwaysKnown: [], declined: [], notAsked: [] };
  for (const name of names) {
    const { sign, newest } = told[name];
    if (sign) continue;
    if (!newest) {
      if (words.daily.includes(name)) result.notAsked.push({ name });
    } else if (newest.value === "prefer_not_to_say" || newest.value === "not_applicable") {
      result.declined.push({ name });
    } else if (newest.value === "same_as_always") {
      const isKnown = (newest.values.known_to_clinician ?? []).includes(name);
      result[isKnown ? "alwaysKnown" : "always"].push({ name, at: newest.at });
    } else {
      result.none.push({ name, at: newest.at });
    }
  }
  return result;
}

function yesNo(baseline, keys) {
  const result = { yes: [], no: [], unknown: [] };
  for (const [name, key] of Object.entries(keys)) {
    const value = baseline[key];
    result[value === true ? "yes" : value === false ? "no" : "unknown"].push(name);
  }
  return result;
}

/** A number or a word counts as yes; what was never answered, or answered with "not sure", as not known. */
function known(baseline, labels) {
  const result = { yes: [], no: [], unknown: [] };
  for (const [name, label] of Object.entries(labels)) {
    const value = baseline[name];
    if (value === undefined || value === null) {
      // Weeks and recent medicines are left empty by whom they do not concern: nothing can be said.
      if (!label.includes("{n}") && name !== "new_medicine") result.unknown.push(label);
    } else if (value === false) result.no.push(label);
    else result.yes.push(label.replace("{n}", value));
  }
  return result;
}

function pain(entries, context) {
  const scored = entries.filter(({ values }) => SITES.some((name) => Object.hasOwn(values, name)));
  const newest = scored.at(-1);
  const side = entries.findLast(({ values }) => values.pain_side)?.values.pain_side ?? context?.baseline?.pain_side ?? null;
  if (!newest) return { onset: context?.onset_on ?? null, side, scores: [], at: null, range: null };
  const from = addDays(newest.on, -6);
  const level = ({ values }) => Math.max(...SITES.filter((name) => Object.hasOwn(values, name)).map((name) => values[name]));
  const week = scored.filter(({ on }) => on >= from);
  const levels = week.map(level);
  return {
    onset: context?.onset_on ?? null,
    side,
    // One score alone is written under both names: its site says more.
    scores: SITES.filter((name) => Object.hasOwn(newest.values, name))
      .filter((name, _, all) => name !== "pain_avg" || all.length === 1)
      .map((name) => ({ name, n: newest.values[name] })),
    at: newest.at,
    range: { low: Math.min(...levels), high: Math.max(...levels), days: new Set(week.map(({ on }) => on)).size },
  };
}

/** The newest three times that the app told this person more than nothing, within the days in which a sign counts as new. */
function advised(entries, words, on) {
  const told = entries.filter((entry) => Object.hasOwn(words.tiers, entry.shown ?? "") && entry.on >= addDays(on, -NEW_FOR_DAYS));
  return told.slice(-3).reverse().map(({ at, shown }) => ({ at, tier: shown }));
}
