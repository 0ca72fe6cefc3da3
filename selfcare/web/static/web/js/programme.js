// What the phone knows of the person's exercises: the next seven days, and sessions on their way to the server.

import * as api from "./api.js";
import { localDate } from "./drafts.js";
import * as outbox from "./outbox.js";
import { knownExercises as known, settle } from "./person.js";
import { bodyOf, counted } from "./session_answers.js";
import * as store from "./store.js";

const STALE_MS = 60 * 60 * 1000;
// "One hour after" is asked from a little before until it is no longer that (clinical.md 4.5).
const HOUR_AFTER_MS = [45 * 60 * 1000, 150 * 60 * 1000];
const LOCK = "selfcare-session";

export { known };

/** Returns what the server knows now, kept for offline use; null when nobody is signed in or there is no network. */
export async function refresh() {
  const answer = await api.exercises();
  if (answer.status !== 200) return null;
  const { person } = answer.data;
  await settle(person);
  // Until the server has seen a warning sign of this phone, it cannot know that exercises rest.
  if (!(await waiting(person))) await store.forget("sign").catch(() => {});
  await store.keep("exercises", answer.data).catch(() => {});
  return answer.data;
}

const waiting = async (person) => (await store.unsent().catch(() => [])).some(({ owner }) => owner === person);

/** Returns why exercises rest for a warning sign that was given on this phone and that the server has not seen yet, or "". */
export async function openSign(person) {
  const sign = await store.recall("sign").catch(() => null);
  return sign?.owner === person ? sign.rest : "";
}

/** Lets exercises rest on this phone at once: see openSign. */
export const noteSign = (person) => store.keep("sign", { owner: person, rest: "safety_stop" }).catch(() => {});

/** PURE: the plan of a local day out of what was fetched, or null when it was fetched too long ago. */
export const dayOf = (context, on) => context.days.find((day) => day.on === on) ?? null;

/** PURE: how often each exercise was done on a local day, as far as it is known. */
export const doneOn = (context, on) => (context.days[0]?.on === on ? context.done : {});

/** PURE: the session whose "one hour after" is to be asked now, or null. */
export function hourAfter({ ask_after: session }, now) {
  if (!session) return null;
  const age = now - Date.parse(session.ended_at);
  return age >= HOUR_AFTER_MS[0] && age <= HOUR_AFTER_MS[1] ? session : null;
}

/** Returns the session that is under way on this phone, or null. */
export const underWay = () => store.recall("session").catch(() => null);

/** Keeps the session that is under way. */
export const keep = (session) => store.keep("session", session).catch(() => {});

/**
 * Hands a session to the outbox and forgets it here. `kept` hears when the phone holds it, `confirmed` when the server has it,
 * with what the server said.
 */
export async function hand(session, { at = new Date(), kept = () => {}, confirmed = () => {} } = {}) {
  const body = bodyOf(counted(session), { at, zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  if (!body) return forget();
  try {
    await outbox.add({ id: session.id, kind: "session", owner: session.person, body, at: at.getTime() });
  } catch (error) {
    // This phone cannot keep anything: send directly.
    console.error("outbox", error);
    const answer = await api.putSession(session.id, body, session.person);
    if (answer.status < 200 || answer.status >= 300) throw error;
    return confirmed(answer.data);
  }
  kept();
  outbox.onConfirmed(({ id, said }) => id === session.id && confirmed(said));
  await forget();
  await remember(session, body, at);
  await outbox.flush({ force: true });
}

/** Forgets the session that is under way. */
export const forget = () => store.forget("session").catch(() => null);

/** Hands over a session that was left in the middle, once it is an hour or a day old, unless a window has it open. */
export async function handStale(now = new Date()) {
  if (!navigator.locks) return;
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    const session = lock ? await underWay() : null;
    if (!session || (session.on === localDate(now) && now.getTime() - session.seen <= STALE_MS)) return;
    await hand(session, { at: new Date(session.seen) });
  });
}

/** Keeps the answer to "one hour after" until it has been sent. */
export async function tellHourAfter(person, session, pain, at = new Date()) {
  const body = { session, pain };
  await outbox.add({ id: crypto.randomUUID(), kind: "hour-after", owner: person, body, at: at.getTime() });
  await change((context) => ({ ...context, ask_after: null }));
  await outbox.flush({ force: true });
}

/** What was just done counts on this phone at once, with or without a network. */
async function remember(session, body, at) {
  await change((context) => {
    const done = { ...doneOn(context, session.on) };
    for (const { exercise, done: whole } of body.results) if (whole) done[exercise] = (done[exercise] ?? 0) + 1;
    const trained = [...new Set([...(context.trained_on ?? []), session.on])];
    return { ...context, done, trained_on: trained, ask_after: { session: session.id, ended_at: at.toISOString() } };
  });
}

async function change(work) {
  const context = await known();
  if (context) await store.keep("exercises", work(context)).catch(() => {});
}
