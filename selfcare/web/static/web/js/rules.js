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
 * [{ rule_id, reason, tier, advice, occasion, inputs }]. Rules that run on findings come after all others, whose
 * findings they read.
 */
export function evaluate(catalogue, history, asOf) {
  const timeline = new Timeline(history, asOf);
  const findings = run(judgeOf(catalogue, timeline), catalogue.rules.filter((rule) => rule.runs !== "on_findings" && !informs(rule)));
  const combining = catalogue.rules.filter(({ runs }) => runs === "on_findings");
  if (findings.length > 0 && combining.length > 0) {
    findings.push(...run(judgeOf(catalogue, timeline, found(catalogue, timeline, [...findings])), combining));
  }
  return findings.sort((one, other) => TIERS.indexOf(one.tier) - TIERS.indexOf(other.tier));
}

/** Returns what the patient may be told or asked on the local day asOf without any urgency, in catalogue order. */
export function inform(catalogue, history, asOf) {
  return run(judgeOf(catalogue, new Timeline(history, asOf)), catalogue.rules.filter(informs));
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
    calls: numbers.map((number) => ({ number, label: catalogue.call.replace("{number}", number) })),
    do: advice.do.map(filled),
    say: filled(advice.say),
    why: advice.why.map(filled),
  };
}

const informs = (rule) => rule.branches[0].tier === TIERS.at(-1);

const judgeOf = (catalogue, timeline, foundOn) => new Judge(timeline, catalogue, OPERATORS, timeline.today, foundOn);

function run(judge, rules) {
  const silent = judge.timeline.today.length === 0;
  return rules
    .filter((rule) => !(silent && rule.runs === "on_entry"))
    .map((rule) => judgeRule(judge, rule))
    .filter(Boolean);
}

// What the rules found on the judged day, and what they would have found on an earlier one.
function found(catalogue, timeline, findings) {
  return (day, tier, groups) => {
    const rules = catalogue.rules.filter(
      ({ runs, group, branches }) =>
        runs !== "on_findings" && groups.includes(group) && branches.some((branch) => branch.tier === tier),
    );
    const those = day === timeline.day ? findings : run(judgeOf(catalogue, timeline.upTo(day)), rules);
    return those
      .filter((finding) => finding.tier === tier)
      .map((finding) => rules.find(({ id }) => id === finding.rule_id))
      .filter(Boolean)
      .map(({ id, group }) => ({ id, group }));
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
