// Who uses this phone, and what the app may keep for that person: the last weeks of answers, sealed.

import * as api from "./api.js";
import * as store from "./store.js";

/** Returns what was fetched last for the person of this phone, or null on a phone without anybody. */
export const known = () => store.recall("context").catch(() => null);

/** Returns what was fetched last of the exercises of this phone's person, or null. */
export const knownExercises = () => store.recall("exercises").catch(() => null);

/** Returns what the server knows now, kept for offline use; null when nobody is signed in or there is no network. */
export async function refresh() {
  const answer = await api.context();
  if (answer.status !== 200) return null;
  await settle(answer.data.person);
  await store.keep("context", answer.data).catch(() => {});
  return answer.data;
}

/** Forgets what was kept for somebody else. Unsent entries stay, sealed: only their own person's sign-in sends them. */
export async function settle(person) {
  const kept = await known();
  if (kept && kept.person !== person) {
    await store.forget("context");
    await store.forget("draft");
  }
  const letter = await store.recall("letter").catch(() => null);
  if (letter && letter.person !== person) await store.forget("letter");
  const exercises = await knownExercises();
  if (exercises && exercises.person !== person) await store.forget("exercises");
}

/** Adds an entry made on this phone to the kept weeks, so that the next evaluation sees it without a network. */
export async function remember(entry) {
  const kept = await known();
  if (!kept || kept.entries.some(({ id }) => id === entry.id)) return;
  await store.keep("context", { ...kept, entries: inOrder([...kept.entries, entry]) });
}

/** PURE: entries in the order in which the days happened. */
export function inOrder(entries) {
  const place = ({ on, at, id }) => `${on} ${new Date(at).toISOString()} ${id}`;
  return [...entries].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}
