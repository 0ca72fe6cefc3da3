// What a person wants to hear and feel in a session: the one place where player and settings keep it, sealed.

import * as store from "./store.js";

const USUAL = { quiet: false, voice: false, still: false };

/** Returns {quiet: no tones, voice: say each move, still: no vibration}. */
export const preferred = async () => ({ ...USUAL, ...(await store.recall("player").catch(() => null)) });

/** Keeps what is preferred on this phone. */
export const prefer = (preferences) => store.keep("player", preferences);
