// Entries and sessions on their way: sent one after the other by one tab at a time, and removed only when the server has
// confirmed.

import * as api from "./api.js";
import { forgetToken, tokenOf } from "./device.js";
import * as store from "./store.js";

const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60 * 1000;
const channel = "BroadcastChannel" in self ? new BroadcastChannel("selfcare-outbox") : null;
const listeners = new Set();
const hearers = new Set();
const SENDERS = { entry: api.putEntry, session: api.putSession, "hour-after": api.putHourAfter };
// What the server says to whoever is not signed in, or not as a patient.
const SIGNED_OUT = new Set([401, 403]);
// Why exercises rest on this phone after advice of a tier, until the server has seen the entry (programme.js).
const RESTS = { emergency: "open_emergency", same_day: "open_same_day" };
if (channel) channel.onmessage = ({ data }) => (data.confirmed ? hear(data.confirmed) : tell(false));

function tell(others = true) {
  for (const listener of listeners) listener();
  if (others) channel?.postMessage({ changed: true });
}

function hear(confirmed) {
  for (const hearer of hearers) hearer(confirmed);
}

/** Calls `listener` whenever the outbox changes, in any tab. */
export function onChange(listener) {
  listeners.add(listener);
}

/**
 * Calls `hearer` with `{id, said}` for each entry that the server has confirmed. The page that handed an entry in has to hear it
 * here: another tab, or this page when the network is back, may be the one that sends it.
 */
export function onConfirmed(hearer) {
  hearers.add(hearer);
}

/** Keeps an entry, or what else its kind says, until it has been sent. */
export async function add(entry) {
  await store.addUnsent(entry);
  const rest = RESTS[entry.body.shown_tier];
  if (rest) await store.keep("sign", { owner: entry.owner, rest }).catch(() => {});
  tell();
}

/** Sends what waits. Returns whether any of it was confirmed. `force` ignores waiting times; "all" tries refused ones again. */
export async function flush({ force = false } = {}) {
  const work = () => sendAll(force);
  return navigator.locks ? navigator.locks.request("selfcare-outbox", work) : work();
}

async function sendAll(force) {
  let any = false;
  const now = Date.now();
  const due = (await store.unsent()).filter((item) => (item.state !== "parked" || force === "all") && (force || item.nextAt <= now));
  if (!due.length) return any;
  // Somebody else may be signed in on this phone by now: an entry is sent by its own person only.
  const who = await api.context();
  const person = who.status === 200 ? who.data.person : null;
  for (const item of due) {
    if (item.owner === person) {
      any = (await sendOne(item)) || any;
      continue;
    }
    // Not signed in as its own person: the token of that person, if this phone has one. Without an answer there is no network.
    const token = SIGNED_OUT.has(who.status) || person !== null ? await tokenOf(item.owner) : null;
    if (token) any = (await sendOne(item, token)) || any;
    else if (person === null) await store.note(item.id, refused(item, who));
  }
  tell();
  return any;
}

async function sendOne(item, token) {
  const body = await store.unsentBody(item.id);
  if (body === null) return false;
  const answer = await SENDERS[item.kind ?? "entry"](item.id, body, item.owner, token);
  if (answer.status >= 200 && answer.status < 300) {
    await store.sent(item.id);
    // To a device's token the server says no more than `{id, stored}`.
    const confirmed = { id: item.id, said: answer.data };
    hear(confirmed);
    channel?.postMessage({ confirmed });
    return true;
  }
  if (token && answer.status === 401) await forgetToken(item.owner);
  await store.note(item.id, refused(item, answer));
  return false;
}

/** PURE: what to remember about an entry after an answer that was not a confirmation. Nothing is ever dropped. */
export function refused(item, { status, retryAfter }, now = Date.now()) {
  const attempts = item.attempts + 1;
  if (SIGNED_OUT.has(status)) return { state: "signed_out", attempts, nextAt: 0 };
  if ([400, 404, 409, 413, 415, 422].includes(status)) return { state: "parked", attempts };
  const wait = Math.min(LONGEST_WAIT_MS, Math.max(retryAfter * 1000, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10)));
  return { state: "waiting", attempts, nextAt: now + wait };
}

/** Sends whenever there is a chance: now, when the network is back, when the page is looked at again. */
export function start(onSent) {
  const attempt = async (force) => {
    if (await flush({ force }).catch(() => false)) onSent?.();
  };
  addEventListener("online", () => attempt(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") attempt(false);
  });
  setInterval(() => navigator.onLine && attempt(false), 30000);
  return attempt(true);
}
