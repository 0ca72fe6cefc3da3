// PURE: what a diary means. No DOM, no clock, no network; the twin of selfcare/triage/rules.py.
//
// catalogue: the JSON of GET /api/v1/catalogue.
// history: { baseline: {name: value}, onset_on: "YYYY-MM-DD", entries: [{ id, on: "YYYY-MM-DD", at: ISO instant, values }] }.
// A name missing from values was not answered: it is never "no".

import { OPERATORS } from "./triage/conditions.js";
import { Judge } from "./triage/judge.js";
import { iso, Timeline } from "./triage/timeline.js";

/** The tiers, most urgent first. */
export const TIERS = ["emergency", "same_day", "within_2_weeks", "routine", "none"];

/**
 * Returns what the diary means on the local day asOf, most urgent first, then in catalogue order:
 * [{ rule_id, reason, tier, advice, occasion, inputs }].
 */
export function evaluate(catalogue, history, asOf) {
  const timeline = new Timeline(history, asOf);
  const judge = new Judge(timeline, catalogue, OPERATORS, timeline.today);
  const findings = [];
  for (const rule of catalogue.rules) {
    if (rule.runs === "on_entry" && timeline.today.length === 0) continue;
    const finding = judgeRule(judge, rule);
    if (finding) findings.push(finding);
  }
  return findings.sort((one, other) => TIERS.indexOf(one.tier) - TIERS.indexOf(other.tier));
}

/** Returns the most urgent tier of the findings, or "none". */
export function highestTier(findings) {
  return TIERS.find((tier) => findings.some((finding) => finding.tier === tier)) ?? "none";
}

/** Returns an advice text ready to show in a country: { id, tier, title, calls: [{ number, label }], do, say, why }. */
export function card(catalogue, adviceId, country) {
  const advice = catalogue.advice[adviceId];
  const region = catalogue.regions[country] ?? catalogue.regions[catalogue.fallback_region];
  const filled = (text) => text.replace(/\{(\w+)\}/g, (_, name) => region[name]);
  const numbers = advice.calls.map((kind) => region[`${kind}_number`]).filter(Boolean);
  return {
    id: adviceId,
    tier: advice.tier,
    title: filled(advice.title),
    calls: numbers.map((number) => ({ number, label: `Call ${number}` })),
    do: advice.do.map(filled),
    say: filled(advice.say),
    why: advice.why.map(filled),
  };
}

function judgeRule(judge, rule) {
  for (const branch of rule.branches) {
    const seen = judge.see(branch.when);
    if (seen === null || (branch.unless && judge.see(branch.unless) !== null)) continue;
    return {
      rule_id: rule.id,
      reason: rule.reason,
      tier: branch.tier,
      advice: branch.advice,
      occasion: seen.find(({ kind }) => kind === "occasion")?.value ?? "",
      inputs: inputs(seen),
    };
  }
  return null;
}

// What was seen: answers by day and name (a list if they differ), baseline keys, and computed facts.
function inputs(seen) {
  const answers = new Map();
  const found = { days: {}, baseline: {}, facts: {} };
  for (const { kind, day, name, value } of seen) {
    if (kind === "baseline") found.baseline[name] = value;
    if (kind === "fact") found.facts[name] = value;
    if (kind !== "answer") continue;
    const date = iso(day);
    const names = answers.get(date) ?? new Map();
    const values = names.get(name) ?? [];
    if (!values.some((known) => same(known, value))) values.push(value);
    answers.set(date, names.set(name, values));
  }
  for (const date of [...answers.keys()].sort()) {
    found.days[date] = {};
    for (const [name, values] of answers.get(date)) found.days[date][name] = values.length === 1 ? values[0] : values;
  }
  return Object.fromEntries(Object.entries(found).filter(([, part]) => Object.keys(part).length > 0));
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
