// The service worker's registration, and a new version that never takes a half-filled page away.

const PATH = "/sw.js";

// Under Trusted Types a worker's address must come from a policy; this one lets a single address through.
const policy = globalThis.trustedTypes?.createPolicy("selfcare", {
  createScriptURL: (url) => {
    if (url !== PATH) throw new TypeError("Only the service worker of this app may be registered.");
    return url;
  },
});

/** Registers the worker and offers a new version when there is one. */
export async function registerWorker() {
  if (!navigator.serviceWorker) return;
  const hadWorker = Boolean(navigator.serviceWorker.controller);
  let asked = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // A first worker takes over quietly. A newer one was asked for in this window or in another: only this one's own page
    // may be loaded anew, and not with something half written in it.
    if (!hadWorker) return;
    if (asked && !halfWritten()) location.reload();
    else if (asked) say("later");
    else offerReload();
  });
  const registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL(PATH) : PATH).catch(() => null);
  if (!registration) return;
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ type: "reading" }));
  const offer = () => {
    if (!registration.waiting || !hadWorker) return;
    onUpdate(() => {
      asked = true;
      // Another window may have taken it meanwhile.
      if (registration.waiting) registration.waiting.postMessage({ type: "use-now" });
      else location.reload();
    });
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
}

/** Resolves when the kept pages show the numbers of the country that was chosen, in the language of this page. */
export async function useChoices(country = chosenCountry()) {
  if (!navigator.serviceWorker) return;
  const choices = { language: document.documentElement.lang, ...(country && { country }) };
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((resolve) => (port1.onmessage = resolve));
  active.postMessage({ type: "choices", choices }, [port2]);
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 5000))]);
}

/** Keeps a country on this phone, signed in or not. */
export function chooseCountry(country) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `country=${country}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

function chosenCountry() {
  return /(?:^|; )country=([A-Z]+)/.exec(document.cookie)?.[1] ?? "";
}

// What is typed into a form lives on the page alone. A check-in and a session are kept on the phone answer by answer.
const touched = new Set();
addEventListener("input", ({ target }) => target.form && touched.add(target.form));
addEventListener("submit", (event) => event.defaultPrevented || touched.delete(event.target));

/** Returns whether a form on this page holds something that a reload would lose. */
const halfWritten = () => [...touched].some((form) => form.isConnected && form.method === "post" && !form.dataset.step);

function strip() {
  const shown = document.getElementById("update-strip");
  if (shown) shown.hidden = false;
  return shown;
}

function onUpdate(update) {
  if (strip()) document.getElementById("update-now").onclick = update;
}

/** The new version works already: this page is of the old one until it is loaded again, when the person likes. */
function offerReload() {
  onUpdate(() => (halfWritten() ? say("later") : location.reload()));
}

function say(what) {
  const line = strip()?.querySelector("p");
  if (line) line.textContent = line.dataset[what];
}
