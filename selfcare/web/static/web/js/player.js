// The player's screen: draws where the session stands, sounds the tones, and keeps the truth in timestamps.

import { counted } from "./session_answers.js";
import * as cues from "./cues.js";
import {
  afterAway, begin, leaveMove, pause, positionAt, restartSide, resume, skip, stepsOf, tonesBetween, tonesOf, viewAt,
} from "./player_clock.js";

const KEEP_EVERY_MS = 5000;
const HALF_SECOND_MS = 500;
// Wall time at load and steady time from there: comparable after a reload, and no change of the phone's clock moves it.
const anchor = Date.now() - performance.now();
const clockNow = () => anchor + performance.now();

const stage = document.getElementById("session");
const words = stage.dataset;
const part = (name) => stage.querySelector(`[data-screen="player"] [data-part="${name}"]`);

let session = null;
let steps = [];
let tones = [];
let hooks = null;
let timer = 0;
let heard = 0;
let keptAt = 0;
let shown = null;
let kept = "";
let away = false;
let preferences = { quiet: false, voice: false };

/**
 * Leads the session: `on.keep` keeps it, `on.done` hears that its last step is over. One that ran before stands still until
 * the person goes on.
 */
export function lead(given, chosen, { interrupted = false, ...on }) {
  session = given;
  hooks = on;
  preferences = chosen;
  steps = stepsOf(session.moves);
  tones = tonesOf(steps);
  shown = null;
  away = interrupted;
  if (session.clock) session.clock = pause(session.clock, session.seen);
  else {
    session.clock = begin(clockNow());
    cues.stayAwake();
  }
  session.seen = clockNow();
  heard = positionAt(session.clock, session.seen);
  settings();
  tick();
}

/** Pauses or goes on. */
export function toggle() {
  if (session.clock.since === null) {
    away = false;
    session.seen = clockNow();
    session.clock = resume(session.clock, steps, clockNow());
    cues.unlock();
    cues.stayAwake();
  } else stand(pause(session.clock, clockNow()));
  heard = session.clock.position;
  keepAndTick();
}

/** Stops the clock where it is. */
export function freeze() {
  stand(pause(session.clock, clockNow()));
  keepAndTick();
}

/** Goes on with the next part. */
export function skipPart() {
  session.clock = skip(session.clock, steps, clockNow());
  heard = session.clock.position;
  keepAndTick();
}

/** Leaves the move that is under way; the clock stands until the person goes on. */
export function leave() {
  session.clock = leaveMove(session.clock, steps, clockNow());
  heard = session.clock.position;
  keepAndTick();
}

/** Begins the side that is under way anew; the clock stands until the person goes on. */
export function again() {
  session.clock = restartSide(session.clock, steps, clockNow());
  heard = session.clock.position;
  keepAndTick();
}

/** Returns the move that is under way, or null. */
export const moveNow = () => (session && session.moves[viewAt(steps, session.clock, clockNow()).step?.move]) ?? null;

/** Takes the session away from the player. */
export function close() {
  clearTimeout(timer);
  if (!session) return;
  session.seen = clockNow();
  session.made = counted(session).made;
  session = null;
  cues.hush();
  cues.maySleep();
}

/** Puts the time left into words for whoever cannot see the clock. */
export function sayTimeLeft() {
  const { left } = viewAt(steps, session.clock, clockNow());
  say(words.timeLeft.replace("{n}", Math.ceil(left / 1000)));
}

/** Turns sound ("quiet") or speech ("voice") on or off; returns what is preferred now. */
export function prefer(name) {
  preferences = { ...preferences, [name]: !preferences[name] };
  if (!preferences.voice) cues.hush();
  settings();
  return preferences;
}

function settings() {
  const { quiet, voice } = preferences;
  part("mute").textContent = part("mute").dataset[quiet ? "off" : "on"];
  part("speak").hidden = !cues.canSpeak();
  part("speak").textContent = part("speak").dataset[voice ? "on" : "off"];
}

function stand(clock) {
  session.clock = clock;
  cues.hush();
  cues.maySleep({ now: false });
}

function keepAndTick() {
  keep();
  tick();
}

function keep() {
  keptAt = clockNow();
  hooks.keep();
}

function tick() {
  clearTimeout(timer);
  if (!session) return;
  const now = clockNow();
  const clock = afterAway(session.clock, session.seen, now);
  if (clock !== session.clock) {
    away = true;
    stand(clock);
    keep();
  }
  // While nobody can see the page, its last visible moment stands: ten seconds later that is a pause.
  if (document.visibilityState === "visible") session.seen = now;
  const at = positionAt(session.clock, now);
  for (const { tone } of tonesBetween(tones, heard, at)) cues.sound(tone, preferences);
  heard = at;
  const view = viewAt(steps, session.clock, now);
  if (view.state === "done") return hooks.done();
  draw(view);
  if (now - keptAt > KEEP_EVERY_MS) keep();
  if (view.state === "paused") return;
  timer = setTimeout(tick, Math.max(20, Math.min(view.left, view.left % 1000 || 1000, HALF_SECOND_MS)));
}

addEventListener("visibilitychange", () => tick());
addEventListener("pagehide", () => session && hooks.keep());

function draw(view) {
  const { step, left, state } = view;
  const move = session.moves[step.move];
  const section = part("count").closest("section");
  const phase = state === "running" ? step.kind : state;
  text("count", fill(words.of, { n: step.move + 1, m: session.moves.length }));
  text("name", move.name);
  text("clock", String(phase === "beat" && !move.dose.hold_s ? step.rep : Math.ceil(left / 1000)));
  text("pacer", phase === "beat" ? step.word || (step.beat ? words.letGo : words.ease) : "");
  text("detail", detail(move, step));
  part("pause").textContent = part("pause").dataset[state === "paused" ? "resume" : "pause"];
  section.dataset.phase = phase;
  section.dataset.frame = frame(step);
  section.dataset.side = step.side;
  figures(move);
  const cue = cueOf(view, move);
  if (cue !== shown) say(cue);
  shown = cue;
  // What a reload would take away is at most the repetition that is under way.
  const place = `${step.rep_from} ${state}`;
  if (place !== kept) keep();
  kept = place;
}

/** One sentence per phase: what follows each other within a set is told by sight and by tone alone. */
function cueOf({ state, step }, move) {
  const side = words[step.side] ? `${words[step.side]}.` : "";
  if (state === "paused") return away ? words.cueAway : words.cuePaused;
  if (state === "lead") return words.cueLead;
  if (step.kind === "ready") return step.move ? fill(words.cueNext, { name: move.name }) : words.cueReady;
  if (step.kind === "rest") return words.cueRest;
  if (step.kind === "switch") return fill(words.cueSwitch, { side }).trim();
  if (!move.dose.hold_s) return fill(words.cueReps, { reps: step.reps, side }).trim();
  return fill(step.reps > 1 ? words.cueHolds : words.cueHold, { n: step.rep, m: step.reps, side }).trim();
}

function detail(move, step) {
  if (step.kind === "ready") return [move.position, ...move.notes].join(" ");
  const lines = [];
  if (!move.dose.hold_s && step.reps > 1) lines.push(fill(words.of, { n: step.rep, m: step.reps }));
  if (step.sets > 1) lines.push(fill(words.set, { n: step.set, m: step.sets }));
  if (session.hurt[move.exercise] === "easier") lines.push(move.easier);
  return lines.join(" · ");
}

/** The drawing follows the move: the end position while something is held and while the first half moves there. */
function frame(step) {
  if (step.kind === "hold") return "end";
  return step.kind === "beat" && step.beat === 0 ? "end" : "start";
}

function figures({ exercise, frames }) {
  for (const [index, name] of ["start-figure", "end-figure"].entries()) {
    const href = `${words.sprite}#${exercise}-${frames[index]}`;
    const use = part(name).querySelector("use");
    if (use.getAttribute("href") !== href) use.setAttribute("href", href);
  }
}

function say(sentence) {
  text("cue", sentence);
  if (preferences.voice) cues.speak(sentence);
}

function text(name, value) {
  const element = part(name);
  if (element.textContent !== value) element.textContent = value;
}

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
