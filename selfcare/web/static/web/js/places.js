// PURE: what the marked areas of the body map mean for a check-in; the twin of selfcare/web/places.py. No DOM.

// The pain score that each site has, in the order of the questions.
export const SCORES = { buttock: "pain_buttock", leg: "pain_leg", back: "pain_back" };
const FEELS = ["places_with_pain", "places_with_tingling", "places_with_numbness"];
const MOST_SITES = 2;
const RISE = 2;
const SADDLE = "sad";
// What the first two letters of an area stand for; the side follows after a hyphen.
const KIND = {
  lb: "low_back", bu: "buttock", th: "thigh", ft: "thigh", hi: "thigh", gr: "groin",
  ca: "leg_below_knee", sh: "leg_below_knee", he: "leg_below_knee", fo: "leg_below_knee",
};

const kindOf = (area) => KIND[area.slice(0, 2)];

/** Returns the site whose score an area belongs to, or "" for the area between the legs. */
export function siteOf(area) {
  if (!kindOf(area) || area === SADDLE) return "";
  return { low_back: "back", buttock: "buttock" }[kindOf(area)] ?? "leg";
}

/** Returns the areas of the newest body map; those of the start of the episode when there is no newer one. */
export function current(entries, regions) {
  return entries.map(({ values }) => values.places).filter((marked) => marked?.length).at(-1) ?? regions;
}

/** Returns the flags that say which pain scores are asked: see the twin. */
export function flags(areas, { entries, everySite, oneScore }) {
  let wanted = Object.keys(SCORES).filter((site) => areas.some((area) => siteOf(area) === site));
  const sided = wanted.some((site) => site !== "back") ? ["sided"] : [];
  const marked = wanted.length ? ["marked", ...sided] : [];
  if (!wanted.length || (oneScore && wanted.length > 1)) return ["one_score", ...marked];
  if (!everySite && wanted.length > MOST_SITES) {
    const newest = lastScores(entries);
    const score = (site) => newest[SCORES[site]] ?? 11;
    const least = [...wanted].reverse().reduce((one, other) => (score(other) < score(one) ? other : one));
    wanted = wanted.filter((site) => site !== least);
  }
  return [...wanted, ...marked];
}

/** Returns the newest pain scores by their names; entries are in the order of their days. */
export function lastScores(entries) {
  const result = {};
  for (const { values } of entries) {
    for (const name of [...Object.values(SCORES), "pain_avg"]) if (Object.hasOwn(values, name)) result[name] = values[name];
  }
  return result;
}

/** Returns a flag for each score that would be a clear rise, such as "rise:pain_leg:6". */
export function rises(entries) {
  const all = Array.from({ length: 11 }, (_, value) => value);
  return Object.entries(lastScores(entries)).flatMap(([name, last]) =>
    all.filter((value) => value >= last + RISE).map((value) => `rise:${name}:${value}`),
  );
}

/** Returns what was marked, without a feeling of an area that is not marked any more. */
export function cleaned(extras) {
  const places = extras.places ?? [];
  const felt = FEELS.map((name) => [name, (extras[name] ?? []).filter((area) => places.includes(area))]);
  return { places, ...Object.fromEntries(felt.filter(([, areas]) => areas.length)) };
}

/** Returns the answer of the body map's step: what must be asked about, or "" when nothing is marked. */
export function answer(extras) {
  const marked = cleaned(extras);
  const numb = (marked.places_with_numbness ?? []).some((area) => area !== SADDLE);
  if (!marked.places.length) return "";
  return (numb ? "numb" : "marked") + (marked.places.includes(SADDLE) ? "_saddle" : "");
}

/** Returns the steps whose answer of "none" no longer fits what was marked: they are asked again. */
export function askedAgain(value, given) {
  const names = [["numbness", "numb", "0"], ["saddle", "saddle", "none"]];
  return names.filter(([step, sign, none]) => value.includes(sign) && ["", none].includes(given[step])).map(([step]) => step);
}

/** Returns what rules read of a body map: the site of the pain, its side, and tingling: see the twin. */
export function derived(values) {
  const marked = values.places;
  if (!marked?.length) return {};
  const kinds = [...new Set(marked.map(kindOf).filter(Boolean))];
  const found = kinds.length ? { pain_site: kinds.length === 1 ? kinds[0] : "mixed" } : {};
  const felt = FEELS.slice(1).flatMap((name) => values[name] ?? []).filter((area) => kindOf(area) !== "low_back");
  const legs = marked.filter((area) => felt.includes(area) || siteOf(area) === "leg");
  const side = sideOf(legs.length ? legs : marked);
  if (side && (legs.length || side !== "both") && (side === "both" || !Object.hasOwn(values, "pain_side"))) found.pain_side = side;
  if (values.places_with_tingling?.length) found.tingling = true;
  return found;
}

function sideOf(areas) {
  const left = areas.some((area) => area.endsWith("-l"));
  const right = areas.some((area) => area.endsWith("-r"));
  return left && right ? "both" : left ? "left" : right ? "right" : "";
}
