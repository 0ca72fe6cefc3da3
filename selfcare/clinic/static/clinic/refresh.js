// Keeps the changing part of a page fresh, and says so when it cannot: then nothing may be closed.

import { REFRESH_MS, hasChanged, isStale } from "./freshness.js";

// Asks the server for the fragment; a poll says that nobody touched anything, so that an empty desk is signed out.
// XMLHttpRequest parses the answer into a document without running anything in it.
function load(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = 15_000;
    request.setRequestHeader("X-Background", "1");
    request.addEventListener("load", () => resolve(request));
    for (const failure of ["error", "timeout", "abort"]) {
      request.addEventListener(failure, () => reject(new Error(failure)));
    }
    request.send();
  });
}

// Puts the new fragment in place without losing the row that has the focus.
function replace(live, fresh) {
  const focused = document.activeElement;
  const row = live.contains(focused) ? focused.closest("[data-row]")?.dataset.row : undefined;
  const key = focused?.dataset?.key;
  live.replaceChildren(document.importNode(fresh, true));
  if (row === undefined) {
    return;
  }
  const again = [...live.querySelectorAll("[data-row]")].find((each) => each.dataset.row === row);
  const target = (key && again?.querySelector(`[data-key="${key}"]`)) || again?.querySelector(".row-link");
  target?.focus({ preventScroll: true });
}

// Starts keeping `live` fresh.
export function keepFresh(live) {
  const bar = document.getElementById("stale-bar");
  const words = document.getElementById("stale-words");
  let updatedAt = Date.now();
  let asking = false;

  function judge() {
    const fresh = live.querySelector("#fresh");
    const stale = isStale({ updatedAt, now: Date.now(), online: navigator.onLine });
    const changed = hasChanged({ seen: live.dataset.seen, token: fresh?.dataset.token });
    bar.hidden = !stale && !changed;
    const text = stale ? bar.dataset.old.replace("%TIME%", fresh?.dataset.updated ?? "") : bar.dataset.changed;
    if (!bar.hidden && words.textContent !== text) {
      words.textContent = text;
    }
    for (const button of document.querySelectorAll("[data-needs-fresh]")) {
      button.disabled = stale || changed;
    }
  }

  async function refresh() {
    if (asking) {
      return;
    }
    asking = true;
    try {
      const answer = await load(live.dataset.refresh);
      const fresh = answer.response?.getElementById("fresh");
      if (answer.status === 200 && fresh) {
        replace(live, fresh);
        updatedAt = Date.now();
      } else if (answer.status < 500) {
        // Signed out, or no longer allowed to see this: the page must not go on showing it.
        location.reload();
      }
    } catch {
      // No network: the bar says so as soon as the page is old.
    } finally {
      asking = false;
      judge();
    }
  }

  setInterval(refresh, REFRESH_MS);
  setInterval(judge, 1_000);
  addEventListener("online", refresh);
  addEventListener("offline", judge);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  document.getElementById("stale-reload").addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  judge();
}
