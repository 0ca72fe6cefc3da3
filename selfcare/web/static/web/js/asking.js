// Before a system prompt there is a soft question, once and after the first entry; and a word when reminders stopped here.

import * as push from "./push.js";
import * as store from "./store.js";

const ASKED = "asked";

/** Shows what concerns reminders on this phone, where the page has a place for it. Never asks the system anything. */
export async function offer() {
  const soft = document.querySelector("[data-soft-ask]");
  const lost = document.querySelector("[data-alerts-lost]");
  if (!soft && !lost) return;
  const state = await push.state();
  if (lost && state !== "on" && (await push.wasOn())) return showLost(lost);
  // Only the page with the steps can go on from here, and it needs the network.
  if (soft && navigator.onLine && ["off", "install"].includes(state) && !(await store.recall(ASKED))) showSoft(soft);
}

function showLost(lost) {
  lost.hidden = false;
  lost.querySelector("button").addEventListener("click", async () => {
    await push.stop().catch(() => {});
    lost.hidden = true;
  });
}

function showSoft(soft) {
  soft.hidden = false;
  const answered = () => store.keep(ASKED, { at: Date.now() }).catch(() => {});
  soft.querySelector("button").addEventListener("click", () => {
    soft.hidden = true;
    answered();
  });
  soft.querySelector("a").addEventListener("click", async (event) => {
    event.preventDefault();
    await answered();
    location.assign(event.target.href);
  });
}
