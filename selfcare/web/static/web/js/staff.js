// "Show this to staff": draws the answers kept on this phone in clinical words, and keeps the screen on. Without any
// answers the page stays a form to fill in.

import { stayAwake } from "./cues.js";
import { localDate } from "./drafts.js";
import { known, refresh } from "./person.js";
import { summary } from "./staff_summary.js";
import * as store from "./store.js";

const words = JSON.parse(document.getElementById("staff-words").textContent);
// Staff read the clinic's language, not the patient's.
const { lang } = document.querySelector("[data-staff]");
const { texts } = words;

const find = (name) => document.querySelector(`[data-staff-${name}]`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const instant = (at) => new Date(at).toLocaleString(lang, { dateStyle: "medium", timeStyle: "short" });
// A calendar date has no zone: read as UTC it stays the day that it is.
const day = (on) => new Date(`${on}T00:00:00Z`).toLocaleDateString(lang, { dateStyle: "medium", timeZone: "UTC" });
const label = (name) => words.signs[name].label;
const listed = (names) => names.map((name) => label(name).toLowerCase()).join(", ");

function item(tag, ...lines) {
  const element = document.createElement(tag);
  for (const [index, line] of lines.filter(Boolean).entries()) {
    const part = document.createElement(index === 0 ? "strong" : "span");
    part.textContent = line;
    element.append(part);
  }
  return element;
}

function plain(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}

function part(name, elements, { keep = false } = {}) {
  const section = document.querySelector(`[data-staff-part="${name}"]`);
  section.hidden = elements.length === 0 && !keep;
  section.querySelector("ul").replaceChildren(...elements);
}

/** One sign: what and how much, then since when, when it was reported, and the patient's own words. */
function sign({ name, value, details, side, first, at, since, was, later }) {
  const { kind, values, value: form } = words.signs[name];
  const said = kind === "yes" ? label(name) : `${label(name)}: ${kind === "grade" ? fill(form, { n: value }) : values[value]}`;
  const more = details.map((one) => words.details[`${name}_detail`]?.[one]).filter(Boolean);
  const head = [said, ...more, side ? words.sides[side] : ""].filter(Boolean).join(", ");
  const beganText = [texts.began_same_day, texts.began_day][since?.days] ?? texts.began;
  const began = since && fill(beganText, { on: day(since.on), n: since.days });
  const reported = first === at ? fill(texts.reported, { at: instant(at) }) : fill(texts.reported_since, { first: instant(first), at: instant(at) });
  const before = was && fill(texts.was, { then: fill(form, { n: was.value }), at: instant(was.at) });
  const afterwards = later && fill(laterText(later.value, kind), { at: instant(later.at) });
  const own = [words.spoken[name]?.[String(value)], ...details.map((one) => words.spoken[`${name}_detail`]?.[one])].filter(Boolean);
  const quoted = own.length ? fill(texts.patient_says, { words: own.join("; ") }) : "";
  const times = [began, reported, before].filter(Boolean).join("; ");
  return item("li", head, `${times[0].toUpperCase()}${times.slice(1)}.`, afterwards, quoted);
}

function laterText(value, kind) {
  if (value === "same_as_always") return texts.earlier_always;
  return kind === "change" ? texts.earlier : texts.earlier_no;
}

/** The lines of a group: names that were answered alike at one time stand together. */
function group({ title, none, always, alwaysKnown, declined, notAsked }) {
  const dated = [[none, texts.no_change], [always, texts.as_always], [alwaysKnown, texts.as_always_known]].flatMap(([all, text]) =>
    [...new Set(all.map(({ at }) => at))].map((at) =>
      fill(text, { at: instant(at), names: listed(all.filter((one) => one.at === at).map(({ name }) => name)) }),
    ),
  );
  const open = [[declined, texts.declined], [notAsked, texts.not_asked]]
    .filter(([all]) => all.length)
    .map(([all, text]) => fill(text, { names: listed(all.map(({ name }) => name)) }));
  const lines = [...dated, ...open];
  return lines.length ? [plain("dt", title), ...lines.map((line) => plain("dd", line))] : [];
}

function yesNo({ yes, no, unknown }, { first = texts.yes, second = texts.no, name = (one) => one } = {}) {
  const lines = [[yes, first], [no, second], [unknown, texts.unknown]].filter(([all]) => all.length);
  return lines.map(([all, text]) => plain("li", fill(text, { names: all.map(name).join(", ") })));
}

function pain({ onset, side, scores, at, range }) {
  return [
    onset && fill(texts.onset, { on: day(onset) }),
    side && words.sides[side] && fill(texts.pain_side, { side: words.sides[side] }),
    at && fill(texts.pain_at, { at: instant(at), list: scores.map(({ name, n }) => fill(texts.pain, { name: texts[name], n })).join(", ") }),
    range && fill(range.low === range.high ? texts.pain_level : texts.pain_range, range),
  ].filter(Boolean).join(" ");
}

function draw(found) {
  find("filled").hidden = found.empty;
  // A form to tick as long as no sign has been told: somebody may be worse than the last answer says.
  find("blank").hidden = found.signs.length > 0;
  for (const row of document.querySelectorAll("[data-staff-only-blank]")) row.hidden = !found.empty;
  if (found.empty) return;
  find("lead").textContent = found.ces ? texts.ces : found.cesUnsure ? texts.ces_unsure : found.signs.length ? texts.signs : texts.none;
  find("when").hidden = !found.newest;
  if (found.newest) find("when").textContent = fill(find("when").dataset.text, { at: instant(found.newest) });
  find("unfinished").hidden = !found.unfinished;
  find("unsent").hidden = !found.unsent;
  part("signs", found.signs.map(sign));
  find("groups").replaceChildren(...found.groups.flatMap(group));
  const lower = (name) => label(name).toLowerCase();
  part("usual", yesNo(found.usual, { first: texts.usual_yes, second: texts.usual_no, name: lower }));
  part("history", yesNo(found.history));
  part("medicines", yesNo(found.medicines));
  const line = pain(found.pain);
  document.querySelector('[data-staff-part="pain"]').hidden = !line;
  document.querySelector('[data-staff-part="pain"] p').textContent = line;
  const told = found.advised.map(({ at, tier }) => plain("li", fill(texts.advised, { at: instant(at), tier: words.tiers[tier] })));
  part("advised", told.length ? told : [plain("li", texts.no_advice)]);
  part("clinics", found.clinics.map(clinic));
}

function clinic({ name, phone }) {
  const line = plain("li", phone ? `${name}: ` : name);
  if (phone) {
    const call = plain("a", phone);
    call.href = `tel:${phone.replace(/[^+\d]/g, "")}`;
    line.append(call);
  }
  return line;
}

/** Everything on this phone of the person whose phone it is; what waits for somebody else stays closed. */
async function gather(context) {
  if (!context) return { context: null };
  const items = (await store.unsent().catch(() => [])).filter(({ owner, kind }) => owner === context.person && (kind ?? "entry") === "entry");
  const unsent = await Promise.all(items.map(async ({ id }) => ({ id, body: await store.unsentBody(id).catch(() => null) })));
  const draft = await store.recall("draft").catch(() => null);
  return { context, unsent: unsent.filter(({ body }) => body), draft: draft?.person === context.person ? draft : null };
}

async function show(context) {
  draw(summary({ ...(await gather(context)), on: localDate(new Date()) }, words));
}

async function keepAwake() {
  find("sleeps").hidden = await stayAwake();
}

/** Resolves at once without an app lock. Behind it the page stays a form to fill in, until its person types the PIN. */
async function opened() {
  const { dataset } = document.documentElement;
  // Locked after it was filled in: what is drawn goes, and the PIN is asked again.
  document.addEventListener("selfcare:locked", () => "locked" in dataset || location.reload());
  if (dataset.lock !== "closed") return;
  const unlocked = new Promise((resolve) => document.addEventListener("selfcare:unlocked", resolve, { once: true }));
  find("open").hidden = false;
  find("open").addEventListener("click", () => {
    dataset.locked = "";
    document.dispatchEvent(new Event("selfcare:locked"));
  });
  await unlocked;
  find("open").hidden = true;
}

// A phone that takes the lock only from a tap gets one.
document.addEventListener("click", keepAwake);
keepAwake();
await opened();
await show(await known());
const fresh = await refresh();
if (fresh) await show(fresh);
