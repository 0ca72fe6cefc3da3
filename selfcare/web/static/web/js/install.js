// The app on the Home Screen: whether it is there, which phone this is, and the browser's own offer where it makes one.

const listeners = new Set();
let offer = null;

addEventListener("beforeinstallprompt", (event) => {
  // The browser's bar would come unasked; the page has a button of its own.
  event.preventDefault();
  offer = event;
  tell();
});
addEventListener("appinstalled", () => {
  offer = null;
  tell();
});

function tell() {
  for (const listener of listeners) listener();
}

/** Calls `listener` whenever the browser begins or ends its offer. */
export const onChange = (listener) => listeners.add(listener);

/** Returns whether this page runs from the Home Screen. */
export const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

/** Returns whether the browser can put the app on the Home Screen by itself. */
export const canAsk = () => offer !== null;

/** Shows the browser's own question; call it from a tap. One offer can be used once. */
export async function ask() {
  const asked = offer;
  offer = null;
  await asked?.prompt();
  tell();
}

/** Returns "iphone", "android" or "computer": which steps to show. */
export function platform() {
  // An iPad says that it is a Mac, but a Mac has no touch screen.
  if (/iP(hone|ad|od)/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)) return "iphone";
  return /Android/.test(navigator.userAgent) ? "android" : "computer";
}
