// What every clinician's page does once it is there: stay fresh, listen to keys, print, keep its messages coming.

import { listen } from "./keys.js";
import { keepFresh } from "./refresh.js";
import { reassert } from "../web/js/push.js";
import { forget } from "../web/js/store.js";

const live = document.getElementById("live");
if (live) {
  keepFresh(live);
}

listen();

// A draft of a message is its writer's: it goes with them. Signing out waits for nothing.
document.querySelector(".rail-end form")?.addEventListener("submit", () => forget("reply").catch(() => {}));

// A page that the browser kept after signing out must not come back with Back.
addEventListener("pageshow", (event) => event.persisted && location.reload());

// A subscription that the browser renewed or the push service dropped is put right without asking.
reassert().catch(() => {});

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

document.querySelector(".error-summary")?.focus();
