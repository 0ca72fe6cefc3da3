// The switch "Tell me on this device": only a tap asks the browser for permission.

import * as push from "../web/js/push.js";

const box = document.querySelector("[data-push-switch]");
const line = box.querySelector("[data-push-state]");
const button = (name) => box.querySelector(`[data-push-${name}]`);

function show(state) {
  line.textContent = line.dataset[state] ?? "";
  button("on").hidden = state !== "off" && state !== "failed";
  button("test").hidden = button("off").hidden = state !== "on" && state !== "tested";
}

async function change(step) {
  show(await step().catch(() => "failed"));
}

button("on").addEventListener("click", () => change(push.start));
button("off").addEventListener("click", () => change(push.stop));
button("test").addEventListener("click", () => change(async () => ((await push.test()) ? "tested" : "failed")));
change(push.state);
