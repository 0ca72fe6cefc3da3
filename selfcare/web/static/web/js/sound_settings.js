// The page of sound: the switches of the player, and a button to try them.

import * as cues from "./cues.js";
import * as sounds from "./sounds.js";

const form = document.querySelector("[data-sound]");
const state = form.querySelector("[data-state]");
const box = (name) => form.elements[name];
let preferences = await sounds.preferred();

function show() {
  box("tones").checked = !preferences.quiet;
  box("voice").checked = preferences.voice && cues.canSpeak();
  box("vibrate").checked = !preferences.still;
  box("voice").closest("[data-row]").hidden = !cues.canSpeak();
  box("vibrate").closest("[data-row]").hidden = !("vibrate" in navigator);
  form.querySelector("[data-no-voice]").hidden = cues.canSpeak();
}

form.addEventListener("change", async () => {
  preferences = { ...preferences, quiet: !box("tones").checked, still: !box("vibrate").checked };
  // A voice that this phone lacks is no choice of the person's.
  if (cues.canSpeak()) preferences.voice = box("voice").checked;
  if (!preferences.voice) cues.hush();
  const kept = await sounds.prefer(preferences).then(() => true, () => false);
  state.textContent = kept ? state.dataset.kept : state.dataset.lost;
});

form.querySelector("[data-try]").addEventListener("click", () => {
  cues.unlock();
  cues.sound("change", preferences);
  if (preferences.voice) cues.speak(form.querySelector("[data-try]").dataset.said);
});

// Voices arrive late in some browsers.
globalThis.speechSynthesis?.addEventListener?.("voiceschanged", show);
form.hidden = false;
show();
