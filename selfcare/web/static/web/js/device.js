// The token with which this phone may hand in what one person left on it, after the sign-in has run out. It reads nothing.

import * as api from "./api.js";
import * as store from "./store.js";

// Two windows that start together would each ask, and the first one's token would be worth nothing.
const LOCK = "selfcare-device";
const name = (person) => `device:${person}`;

/** Returns the token kept for a person, or null. */
export const tokenOf = async (person) => (await store.recall(name(person)).catch(() => null))?.token ?? null;

/** Forgets the token of a person: the server does not take it any more. */
export const forgetToken = (person) => store.forget(name(person)).catch(() => {});

/** Gets a token for the person signed in, unless this phone has the one that the server knows. `context` is the server's. */
export async function assert(context) {
  if (!context) return;
  const work = () => renew(context);
  await (navigator.locks ? navigator.locks.request(LOCK, work) : work());
}

async function renew({ person, device }) {
  const kept = await store.recall(name(person));
  const push = (await store.recall("push"))?.id ?? null;
  if (kept && kept.id === device?.id && push === device.push) return;
  const { status, data } = await api.device({ replaces: kept?.id ?? null, push }, person);
  if (status === 201) await store.keep(name(person), data);
}
