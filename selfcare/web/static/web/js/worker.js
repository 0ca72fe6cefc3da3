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
    // A first worker takes over quietly; a newer one only after the person asked for it.
    if (hadWorker && asked) location.reload();
  });
  const registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL(PATH) : PATH).catch(() => null);
  if (!registration) return;
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ type: "reading" }));
  const offer = () => registration.waiting && hadWorker && show(registration.waiting, () => (asked = true));
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
}

/** Resolves when the kept help pages show the numbers of the country that this phone's cookie names. */
export async function useCountry(country = chosenCountry()) {
  if (!country || !navigator.serviceWorker) return;
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((resolve) => (port1.onmessage = resolve));
  active.postMessage({ type: "country", country }, [port2]);
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

function show(waiting, ask) {
  const strip = document.getElementById("update-strip");
  strip.hidden = false;
  document.getElementById("update-now").addEventListener(
    "click",
    () => {
      ask();
      waiting.postMessage({ type: "use-now" });
    },
    { once: true },
  );
}
