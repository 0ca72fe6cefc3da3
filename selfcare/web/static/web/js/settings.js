// The settings page: fills in what only this phone knows.

import * as lock from "./lock.js";
import * as sounds from "./sounds.js";

const words = document.querySelector("[data-settings]").dataset;
const place = (name) => document.querySelector(`[data-fill="${name}"]`);

const { quiet, voice } = await sounds.preferred();
place("sound").textContent = [quiet ? words.soundOff : words.soundOn, ...(voice ? [words.voiceOn] : [])].join(", ");

const privacy = place("lock");
const pin = lock.minutes() === null ? words.lockOff : words.lockOn;
privacy.textContent = [privacy.textContent, pin].filter(Boolean).join(", ");
