// Runs in the head, before anything is painted: the look that this phone's cookie asks for, the cover that keeps pages
// out of the task switcher and of Back after a quick-hide, and the app lock. Not a module: modules wait for the page.

"use strict";

(() => {
  const root = document.documentElement;
  const path = location.pathname;
  // The clinician's side has a look and a session limit of its own.
  if (path.startsWith("/clinic")) return;
  const CLOCK = "/clock";
  // From one page to the next on a slow network is no absence.
  const MOMENT_MS = 10000;
  // What must work without the PIN: help, the neutral page, and signing in again.
  const OPEN = ["/help-now", CLOCK, "/account", "/join"];
  const within = (one) => path === one || path.startsWith(`${one}/`);
  const open = OPEN.some(within);
  const stored = (area, name) => {
    try {
      return self[area].getItem(name);
    } catch {
      return null;
    }
  };
  const store = (name, value) => {
    try {
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, value);
    } catch {
      // A browser that keeps nothing asks for the PIN on every page.
    }
  };

  // --- the look ---

  let title = "";

  function look() {
    const words = (/(?:^|; )phone=([a-z.]*)/.exec(document.cookie)?.[1] ?? "").split(".").join(" ");
    root.dataset.phone = words;
    const colour = words.includes("dark") ? "#17212b" : words.includes("light") ? "#ffffff" : "";
    for (const meta of colour ? document.querySelectorAll('meta[name="theme-color"]') : []) {
      meta.content = colour;
      meta.removeAttribute("media");
    }
    // Before the style sheet is there: no white page in the dark.
    const scheme = document.querySelector('meta[name="color-scheme"]');
    if (scheme && colour) scheme.content = words.includes("dark") ? "dark" : "light";
    if (words.includes("discreet")) neutralTitle();
  }

  function neutralTitle() {
    title ||= document.title;
    document.title = document.querySelector('meta[name="application-name"]').content;
  }

  // --- the cover ---

  const hidden = () => path !== CLOCK && stored("sessionStorage", "hidden") !== null;
  const cover = () => (root.dataset.covered = "");
  const uncover = () => hidden() || delete root.dataset.covered;

  function away() {
    cover();
    location.replace(CLOCK);
  }

  // After a quick-hide nothing comes back by Back; whoever opens the app anew has come back on purpose.
  if (hidden()) {
    if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") away();
    else store("hidden", null);
  }
  addEventListener("pagehide", () => {
    cover();
    seen();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && hidden()) return away();
    if (persisted) look();
    return uncover();
  });
  // Nobody may be left before an empty page, whatever order a browser tells these things in.
  addEventListener("focus", uncover);

  // --- quick-hide ---

  const TWICE_MS = 800;
  const PATIENCE_MS = 400;
  const isShown = (one) => one && getComputedStyle(one).display !== "none";
  let escapedAt = -Infinity;

  /** Covers the page, lets what is being kept come to an end, and goes to a neutral page; Back brings nothing back. */
  async function hide() {
    cover();
    store("hidden", "1");
    const kept = import("./store.js").then(({ settled }) => settled());
    await Promise.race([kept.catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    location.replace(CLOCK);
  }

  addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-hide]")) return;
    event.preventDefault();
    hide();
  });
  // Escape pressed twice, wherever the button is shown.
  addEventListener("keydown", ({ key, repeat, timeStamp }) => {
    if (key !== "Escape" || repeat) return;
    if (timeStamp - escapedAt < TWICE_MS && isShown(document.querySelector("[data-hide]"))) hide();
    escapedAt = timeStamp;
  });

  // --- the lock ---

  const lock = () => JSON.parse(stored("localStorage", "lock") ?? "null");

  function expired() {
    const kept = lock();
    if (!kept) return false;
    const ago = Date.now() - Number(stored("sessionStorage", "seen") ?? NaN);
    // A clock that has been set back counts as long ago.
    return !(ago >= 0 && ago < Math.max(kept.minutes * 60000, MOMENT_MS));
  }

  /** Notes when the pages were last in sight and open. */
  function seen() {
    if (root.dataset.lock !== "closed") store("seen", String(Date.now()));
  }

  function close() {
    root.dataset.lock = "closed";
    if (!open) {
      root.dataset.locked = "";
      neutralTitle();
    }
    document.dispatchEvent(new Event("selfcare:locked"));
  }

  document.addEventListener("selfcare:unlocked", () => {
    delete root.dataset.lock;
    delete root.dataset.locked;
    seen();
    if (title && !root.dataset.phone.includes("discreet")) document.title = title;
  });
  document.addEventListener("visibilitychange", () => {
    const gone = document.visibilityState === "hidden";
    if (gone) seen();
    if (gone && root.dataset.phone.includes("discreet")) cover();
    if (gone) return;
    if (expired()) close();
    uncover();
  });

  look();
  if (expired()) close();
  else seen();
})();
