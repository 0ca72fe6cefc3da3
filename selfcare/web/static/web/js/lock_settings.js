// The app lock's own form: sets, changes and takes away the PIN. Nothing of it leaves this phone.

import * as lock from "./lock.js";

const form = document.querySelector("[data-lock-settings]");
const problem = form.querySelector("[data-problem]");
const state = form.querySelector("[data-state]");
const field = (name) => form.querySelector(`#pin-${name}`);

function show(said = "") {
  const after = lock.minutes();
  form.querySelector("[data-with-pin]").hidden = after === null;
  if (after !== null) field("minutes").value = String(after);
  for (const name of ["old", "new", "again"]) field(name).value = "";
  problem.textContent = "";
  state.textContent = state.dataset[said] ?? "";
}

function wrong(name, where) {
  state.textContent = "";
  lock.tell(problem, name);
  field(where).focus();
}

/** Whoever changes the PIN shows that they know it. */
async function known() {
  if (lock.minutes() === null) return true;
  const result = await lock.attempt(field("old").value);
  if (result === "open") return true;
  wrong(result, "old");
  return false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const pin = field("new").value;
  if (!lock.PIN.test(pin)) return wrong("short", "new");
  if (pin !== field("again").value) return wrong("differ", "again");
  if (!(await known())) return null;
  const kept = await lock.set(pin, { minutes: Number(field("minutes").value) }).then(() => true, () => false);
  return kept ? show("set") : wrong("lost", "new");
});

form.querySelector("[data-remove]").addEventListener("click", async () => {
  if (!(await known())) return;
  lock.remove();
  show("removed");
});

form.hidden = false;
show();
