// What a phone can give besides the picture: tones made here, vibration, speech, and a screen that stays on.

const TONES = {
  // 1 = start, 2 = half-way, 3 = change or stop (ux.md 3.7); one low tone announces a change of sides.
  start: { count: 1, hertz: 660 },
  half: { count: 2, hertz: 660 },
  soon: { count: 1, hertz: 440 },
  change: { count: 3, hertz: 880 },
};
const LENGTH_S = 0.14;
const GAP_S = 0.1;
const LOUDNESS = 0.25;
const VIBRATION_MS = 200;
const RELEASE_AFTER_MS = 2 * 60 * 1000;

let audio = null;
let lock = null;
let wanted = false;
let releasing = 0;

/** Makes sound possible: phones allow it only from within a tap. */
export function unlock() {
  const Audio = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!Audio) return;
  audio ??= new Audio();
  audio.resume?.().catch(() => {});
}

/** Sounds one of the tones and vibrates with it. */
export function sound(name, { quiet = false, still = false } = {}) {
  if (!still) navigator.vibrate?.(VIBRATION_MS);
  if (quiet || !audio || audio.state !== "running") return;
  const { count, hertz } = TONES[name];
  for (let index = 0; index < count; index += 1) beep(hertz, audio.currentTime + index * (LENGTH_S + GAP_S));
}

function beep(hertz, at) {
  const wave = audio.createOscillator();
  const gain = audio.createGain();
  wave.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  // A short slope instead of an edge: an edge clicks.
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  gain.gain.setValueAtTime(LOUDNESS, at + LENGTH_S - 0.03);
  gain.gain.linearRampToValueAtTime(0, at + LENGTH_S);
  wave.connect(gain).connect(audio.destination);
  wave.start(at);
  wave.stop(at + LENGTH_S);
}

/** Returns whether this phone can speak without a network. */
export const canSpeak = () => Boolean(globalThis.speechSynthesis?.getVoices().some(isOurs));

const isOurs = ({ localService, lang }) => localService && lang.slice(0, 2) === document.documentElement.lang.slice(0, 2);

/** Says a sentence with a voice that lives on this phone; what was being said stops. */
export function speak(text) {
  const voice = globalThis.speechSynthesis?.getVoices().find(isOurs);
  if (!voice || !text) return;
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(text);
  said.voice = voice;
  said.lang = voice.lang;
  speechSynthesis.speak(said);
}

/** Stops speaking. */
export const hush = () => globalThis.speechSynthesis?.cancel();

/** Keeps the screen on; resolves with whether that works here. */
export async function stayAwake() {
  clearTimeout(releasing);
  wanted = true;
  return request();
}

async function request() {
  if (!navigator.wakeLock || !wanted || document.visibilityState !== "visible") return false;
  if (lock && !lock.released) return true;
  lock = await navigator.wakeLock.request("screen").catch(() => null);
  return lock !== null;
}

// The browser takes the lock away whenever the page is hidden.
document.addEventListener("visibilitychange", () => request());

/** Lets the screen go dark again: at once, or after a pause of two minutes. */
export function maySleep({ now = true } = {}) {
  clearTimeout(releasing);
  const release = () => {
    wanted = false;
    lock?.release().catch(() => {});
    lock = null;
  };
  if (now) release();
  else releasing = setTimeout(release, RELEASE_AFTER_MS);
}
