// A check-in that was left in the middle: sent as it is when it is of an earlier day, or holds a sign that must not wait.

import { addDays } from "./flow.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";

// Until this hour of the phone's clock the day before can be filled in.
export const YESTERDAY_UNTIL = 12;
const LONGEST_PAUSE_MS = 30 * 60 * 1000;

/** Returns whether a check-in of this phone is not finished. */
export const unfinished = async () => Boolean((await store.recall("draft"))?.body);

/** Hands a stale check-in to the outbox, unless a window has it open. */
export async function handStale(now = new Date()) {
  if (!navigator.locks) return;
  await navigator.locks.request("selfcare-check-in", { ifAvailable: true }, async (lock) => {
    const draft = lock ? await store.recall("draft") : null;
    if (!draft?.body || !isStale(draft, now)) return;
    await outbox.add({ id: draft.id, owner: draft.person, body: draft.body, at: draft.savedAt });
    await store.forget("draft");
  });
  await outbox.flush().catch(() => {});
}

/** PURE: a draft is stale when its day is over, and after half an hour when a warning sign in it waits to be judged. */
export function isStale(draft, now) {
  return isOver(draft, now) || (draft.signWaits && now.getTime() - draft.savedAt > LONGEST_PAUSE_MS);
}

/** PURE: the day of a draft is over on the next local day; one about the day before may go on until noon. */
export function isOver({ on, late }, now) {
  const open = late && now.getHours() < YESTERDAY_UNTIL;
  return on < (open ? addDays(localDate(now), -1) : localDate(now));
}

/** PURE: the calendar date of the phone's own zone, as "YYYY-MM-DD". */
export function localDate(now) {
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
