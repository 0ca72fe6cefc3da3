// What a page says about itself: that the next one is slow, how old it is, that the session is over, and nothing any more
// once its person has signed out.

const SLOW_MS = 400;
const DAY_MS = 24 * 60 * 60 * 1000;
const LOOK_MS = 60 * 1000;

/** Says "Still loading…" when the way to another page takes longer than a moment. */
export function watchLoading() {
  const strip = document.getElementById("loading-strip");
  if (!strip) return;
  let timer = 0;
  const stop = () => {
    clearTimeout(timer);
    strip.textContent = "";
  };
  const start = () => {
    stop();
    timer = setTimeout(() => (strip.textContent = strip.dataset.text), SLOW_MS);
  };
  addEventListener("click", (event) => leaves(event) && start());
  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (navigator.onLine || event.target.method !== "post") return start();
    // The browser's own page for "no network" would take away what is written here.
    event.preventDefault();
    stop();
    strip.textContent = strip.dataset.offline;
  });
  addEventListener("online", stop);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", stop);
  // Somebody who has come back, or stopped waiting, waits no longer.
  addEventListener("keydown", ({ key }) => key === "Escape" && stop());
}

/** PURE: whether a click leads this window to another page of this site. */
function leaves(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return false;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return false;
  return link.pathname !== location.pathname || link.search !== location.search || !link.hash;
}

/** The page that stands in for another one says "offline" only when that is so: the network may be slow, or the server away. */
export function nameReason() {
  const title = document.querySelector("[data-offline-title]");
  if (!title || !navigator.onLine) return;
  document.title = document.title.replace(title.textContent, title.dataset.offlineTitle);
  title.textContent = title.dataset.offlineTitle;
}

/** Says when the lists and charts of this page were fetched, and after a day that they may be old. */
export function watchAge() {
  const line = document.querySelector("[data-fetched]");
  if (!line) return;
  // A page that the browser kept for going back keeps the time at which it was loaded.
  const loaded = performance.timeOrigin;
  const look = () => {
    const old = Date.now() - loaded > DAY_MS;
    const style = old ? { dateStyle: "medium", timeStyle: "short" } : { timeStyle: "short" };
    const at = new Date(loaded).toLocaleString(document.documentElement.lang, style);
    line.textContent = [line.dataset.fetched.replace("{at}", at), old ? line.dataset.old : ""].filter(Boolean).join(" ");
    line.hidden = false;
  };
  look();
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
}

/** A page of a person that the browser brings back after sign-out is emptied at once and loaded anew. */
export function guardBack(person) {
  if (!person) return;
  addEventListener("pageshow", async ({ persisted }) => {
    if (!persisted) return;
    document.body.hidden = true;
    const { known } = await import("./person.js");
    if (await known()) document.body.hidden = false;
    else location.reload();
  });
}
