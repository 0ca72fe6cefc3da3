// The clinician's message: a draft is kept on this device, sealed, until it is sent or its writer signs out.

import * as store from "../web/js/store.js";

const DRAFT = "reply";
const PAUSE_MS = 400;
const form = document.querySelector("[data-letter-form]");
const text = form?.elements.text;
const part = (name) => document.querySelector(`[data-letter-${name}]`);

// Puts the kept draft into the form, unless it has been sent, or is somebody else's or about somebody else.
async function takeUp() {
  const draft = await store.recall(DRAFT).catch(() => null);
  if (!draft) {
    return;
  }
  const sent = document.querySelector(`[data-letter-id="${CSS.escape(draft.id)}"]`);
  const [clinician] = form.dataset.desk.split(":");
  if (sent || !draft.desk.startsWith(`${clinician}:`)) {
    await store.forget(DRAFT).catch(() => {});
    return;
  }
  if (draft.desk === form.dataset.desk && !text.value) {
    text.value = draft.text;
    form.elements.id.value = draft.id;
    part("kept").hidden = false;
  }
}

function keep() {
  const draft = { desk: form.dataset.desk, id: form.elements.id.value, text: text.value };
  return text.value.trim() ? store.keep(DRAFT, draft) : store.forget(DRAFT);
}

function keepUp() {
  let timer = 0;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep().catch(() => {}), PAUSE_MS);
  };
  text.addEventListener("input", changed);
  document.querySelector("[data-templates]").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = event.target.elements.template.selectedOptions[0].dataset.text;
    text.value = text.value.trim() ? `${text.value.trimEnd()}\n\n${words}` : words;
    text.focus();
    changed();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    await keep().catch(() => {});
    if (navigator.onLine) {
      form.submit();
      return;
    }
    part("offline").hidden = false;
    part("offline").focus();
  });
  addEventListener("online", () => (part("offline").hidden = true));
}

if (form) {
  await takeUp();
  keepUp();
  form.dataset.ready = "yes";
}
