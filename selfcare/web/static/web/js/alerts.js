// "Reminders on this phone": what this device can do, the switch, a test message, and how to get there on each platform.

import * as install from "./install.js";
import * as push from "./push.js";

const page = document.querySelector("[data-alerts]");
const line = page.querySelector("[data-push-state]");
const button = (name) => page.querySelector(`[data-push-${name}]`);

function show(state) {
  line.textContent = line.dataset[state] ?? "";
  const works = state === "on" || state === "tested" || state === "untested";
  button("on").hidden = !["off", "failed", "lost"].includes(state);
  button("test").hidden = button("off").hidden = !works;
  page.querySelector("[data-no-test]").hidden = !works;
  for (const help of page.querySelectorAll("[data-when-denied]")) help.hidden = state !== "denied";
}

/** A switch that was on here and is not any more says so: the person did not choose that. */
async function look() {
  const state = await push.state();
  show(state === "off" && (await push.wasOn()) ? "lost" : state);
}

function change(name, step) {
  button(name).addEventListener("click", async () => {
    button(name).disabled = true;
    show(await step().catch(() => "failed"));
    button(name).disabled = false;
  });
}

function showInstall() {
  const installed = install.isInstalled();
  page.querySelector("[data-installed]").hidden = !installed;
  page.querySelector("[data-not-installed]").hidden = installed;
  page.querySelector("[data-install-now]").hidden = installed || !install.canAsk();
  for (const platform of page.querySelectorAll("details[data-platform]")) {
    platform.open = platform.dataset.platform === install.platform();
  }
}

change("on", push.start);
change("off", push.stop);
change("test", async () => ((await push.test()) ? "tested" : "untested"));
page.querySelector("[data-install-now]").addEventListener("click", () => install.ask());
install.onChange(showInstall);
showInstall();
await look();
// Who comes back from the settings of the phone sees what has become of it.
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
