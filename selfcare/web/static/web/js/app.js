// What every page does at once: goes on to the check-in, says when there is no network, registers the worker, signs out.

import { guardBack, nameReason, watchAge, watchLoading } from "./states.js";
import { registerWorker } from "./worker.js";

const person = document.body.dataset.person ?? "";
// How long a first visit waits for the worker, which then has the rest at hand.
const PATIENCE_MS = 5000;

function network() {
  const strip = document.getElementById("offline-strip");
  const show = () => (strip.hidden = navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

/** With a script the check-in runs on the phone; without one the same button starts the plain forms. */
function checkIn() {
  for (const form of document.querySelectorAll("form[data-check-in]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.assign(form.dataset.checkIn ? `/check-in#${form.dataset.checkIn}` : "/check-in");
    });
  }
}

/** Signs out here: nothing stays on this phone, and nobody loses answers that wait without having been told. */
function signOut() {
  const form = document.querySelector("form[data-sign-out]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Without a network and without a worker there is nothing to load; the server's answer empties the browser all the same.
    const modules = [import("./store.js"), import("./push.js"), import("./lock.js")];
    const [store, push, kept] = await Promise.all(modules).catch(() => []);
    const warning = form.querySelector("[data-unsent-warning]");
    if (warning?.hidden && (await store?.unsent().catch(() => []))?.length) return (await upkeep()).showUnsent();
    await push?.stop().catch(() => {});
    await store?.wipe().catch(() => {});
    kept?.remove();
    return form.submit();
  });
}

/** Puts the app lock to work where this phone has one. */
async function lock() {
  if (!localStorage.getItem("lock")) return;
  const [{ watch }, { signOut: end }] = await Promise.all([import("./lock.js"), import("./api.js")]);
  watch({ person, signOut: end });
}

const upkeep = () => import("./upkeep.js");

/** Resolves when what is fetched comes from this phone, or when there is no waiting for that any more. */
function workerOrPatience() {
  const worker = navigator.serviceWorker;
  if (!worker || worker.controller) return null;
  return new Promise((resolve) => {
    worker.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, PATIENCE_MS);
  });
}

network();
guardBack(person);
watchLoading();
watchAge();
nameReason();
checkIn();
signOut();
lock().catch(() => {});
registerWorker();
await workerOrPatience();
await upkeep();
