// The reminder page's own buttons: switch messages on this device on, off, and try them.

import * as push from "./push.js";

const box = document.querySelector("[data-push]");
const line = box.querySelector("[data-push-state]");
const button = (name) => box.querySelector(`[data-push-${name}]`);

async function show(state) {
  box.hidden = state === "unsupported";
  line.textContent = line.dataset[state] ?? "";
  button("on").hidden = state !== "off" && state !== "failed";
  button("test").hidden = state !== "on" && state !== "tested";
  button("off").hidden = state !== "on" && state !== "tested";
}

button("on").addEventListener("click", async () => show(await push.start().catch(() => "failed")));
button("off").addEventListener("click", async () => show(await push.stop().catch(() => "failed")));
button("test").addEventListener("click", async () => show((await push.test()) ? "tested" : "failed"));
show(await push.state());
