// Messages on the screen of this device: switched on by the person's own tap, and put right at each start.

import * as api from "./api.js";
import * as store from "./store.js";

// Not serviceWorker.ready: signing out must not wait for a worker that is still being installed, or never will be.
const subscriptionNow = async () => (await navigator.serviceWorker?.getRegistration())?.pushManager?.getSubscription() ?? null;

// A tap and the putting right at the start, in this window or another, must not subscribe at once.
const alone = (work) => (navigator.locks ? navigator.locks.request("selfcare-push", work) : work());

/** Returns "on", "off", "denied", "install" (add to the Home Screen first) or "unsupported". Asks the person nothing. */
export async function state() {
  const appleTab = /iP(hone|ad|od)/.test(navigator.userAgent) && !navigator.standalone;
  if (appleTab && !("PushManager" in self)) return "install";
  if (!("PushManager" in self) || !("Notification" in self) || !navigator.serviceWorker) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return (await subscriptionNow()) ? "on" : "off";
}

/** Asks for permission and subscribes; call it from a tap. Returns the new state, or "failed". */
export async function start() {
  if ((await Notification.requestPermission()) !== "granted") return state();
  await navigator.serviceWorker.ready;
  return (await alone(subscribe)) ? "on" : "failed";
}

/** Takes this device's subscription back, on the server and in the browser. */
export async function stop() {
  await alone(async () => {
    const mine = await store.recall("push");
    if (mine) await api.unsubscribe(mine.id);
    await store.forget("push");
    await (await subscriptionNow())?.unsubscribe();
  });
  return "off";
}

/** Returns whether reminders have been switched on here, and not switched off since. */
export const wasOn = async () => Boolean(await store.recall("push").catch(() => null));

/** Puts a subscription right that the browser renewed or lost, or the server has given up. Never asks for permission. */
export async function reassert() {
  if (!("PushManager" in self) || Notification.permission !== "granted") return;
  // Waited for here: signing out must not stand in line behind a worker that is still being installed.
  await navigator.serviceWorker.ready;
  await alone(putRight);
}

async function putRight() {
  const subscription = await subscriptionNow();
  const mine = await store.recall("push");
  if (!subscription) {
    if (mine) await subscribe();
    return;
  }
  const { status, data } = mine ? await api.subscription(mine.id) : { status: 404 };
  if (status === 200 && data.alive) return;
  if (status !== 200 && status !== 404) return;
  await subscription.unsubscribe();
  await subscribe();
}

/** Returns whether a test message is on its way. */
export async function test() {
  const { status } = await api.sendTest();
  return status >= 200 && status < 300;
}

async function subscribe() {
  const { status, data } = await api.pushKey();
  if (status !== 200) return false;
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(data.public_key) };
  const subscription = await registration.pushManager.subscribe(options).catch(() => null);
  if (!subscription) return false;
  const { endpoint, keys } = subscription.toJSON();
  const answer = await api.subscribe({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
  if (answer.status !== 200 && answer.status !== 201) return false;
  await store.keep("push", { id: answer.data.id });
  return true;
}

function bytes(base64url) {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
