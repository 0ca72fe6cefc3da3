// "Show this to staff": the newest answers kept on this phone, in clinical words. Without them the page is a blank form.

import { known } from "./person.js";

const words = JSON.parse(document.getElementById("staff-words").textContent);

/** PURE: the lines that an entry's observations give, warning signs only. */
export function lines(values, texts) {
  return Object.entries(values).flatMap(([name, value]) => {
    const text = texts[name]?.[String(value)];
    if (!text) return [];
    const since = values[`${name}_since_days`];
    return [since === undefined ? text : `${text}, ${(since === 1 ? texts.since.day : texts.since.days).replace("{n}", since)}`];
  });
}

const person = await known();
const withSigns = (person?.entries ?? []).filter(({ values }) => lines(values, words).length);
const newest = withSigns.at(-1);
if (newest) {
  const at = new Date(newest.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  const when = document.querySelector("[data-staff-when]");
  when.textContent = when.dataset.text.replace("{at}", at);
  const sameDay = withSigns.filter(({ on }) => on === newest.on);
  const items = [...new Set(sameDay.flatMap(({ values }) => lines(values, words)))];
  document.querySelector("[data-staff-list]").replaceChildren(
    ...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  document.querySelector("[data-staff-filled]").hidden = false;
  document.querySelector("[data-staff-blank]").hidden = true;
}
