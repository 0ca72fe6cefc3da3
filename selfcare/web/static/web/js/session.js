// A session of exercises on the phone, with or without a network: today's list, the player, the questions after it.

import * as cues from "./cues.js";
import { localDate } from "./drafts.js";
import * as player from "./player.js";
import * as programme from "./programme.js";
import * as screen from "./screen.js";
import { nextQuestion, tried } from "./session_answers.js";
import * as sounds from "./sounds.js";

const stage = document.getElementById("session");
const words = stage.dataset;
const catalogue = screen.data("moves");
const part = (name, within = stage) => within.querySelector(`[data-part="${name}"]`);
const today = () => localDate(new Date());
// A second tap this soon after a screen appeared was meant for the screen before it.
const DOUBLE_TAP_MS = 350;
const PATIENCE_MS = 1500;

let context = null;
let day = null;
let session = null;
// The session that was handed in last: what is heard of an earlier one must not be said of it.
let newest = null;
let saving = null;
let preferences = {};

async function start() {
  screen.show("loading");
  await screen.onlyTab("selfcare-session");
  screen.onAction({
    start: begin, walked, "to-list": list, "gate-no": before, "gate-yes": signs, pause: player.toggle, skip: player.skipPart,
    hurts, easier, "leave-move": leaveMove, stop, signs, "back-to-player": () => toPlayer(), end, "time-left": player.sayTimeLeft, "to-help": toHelp,
    mute: () => prefer("quiet"), speak: () => prefer("voice"),
  });
  stage.addEventListener("submit", answered);
  stage.addEventListener("click", open);
  context = await latest();
  preferences = await sounds.preferred();
  session = await programme.underWay();
  if (!context) return screen.show(navigator.onLine ? "sign-in" : "connect-first");
  if (session && (session.person !== context.person || session.on !== today())) {
    await programme.hand(session, { at: new Date(session.seen) });
    session = null;
  }
  if (session?.stage === "playing") return toPlayer({ interrupted: true });
  if (session?.stage === "asking") return ask();
  return list();
}

/** What the server says now, where it says it soon; nobody waits for a slow network to see what the phone knows. */
async function latest() {
  const fetched = programme.refresh();
  const kept = await programme.known();
  if (!kept) return fetched;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return (await Promise.race([fetched, patience])) ?? kept;
}

/** Shows what is to be done today, and what rests and why. */
async function list() {
  day = programme.dayOf(context, today());
  if (!day) return screen.show(context.programme ? "connect-first" : "none");
  const sign = await programme.openSign(context.person);
  const rests = sign ? [sign] : day.rests;
  const todo = sign ? [] : day.todo;
  if (!todo.length) return rest(rests);
  const section = screen.show("today");
  const led = todo.filter((move) => catalogue[move.exercise].kind !== "walk");
  say(section, rests);
  part("rests").hidden = !rests.length;
  part("eased").hidden = !day.eased;
  part("minutes").textContent = led.length ? counted(day.minutes) : "";
  part("list").replaceChildren(...todo.map(row));
  part("start").hidden = !led.length;
  part("walked").hidden = led.length === todo.length;
  part("hour-after").hidden = !programme.hourAfter(context, Date.now());
  return section;
}

function rest(keys) {
  const section = screen.show("paused");
  say(section, keys.length ? keys : ["empty"]);
}

function say(section, keys) {
  for (const line of section.querySelectorAll("[data-rest]")) line.hidden = !keys.includes(line.dataset.rest);
}

const counted = (n) => (n === 1 ? words.minutesOne : words.minutesMany.replace("{n}", n));

function row({ exercise, words: dose, dose: { times_a_day: times } }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const name = document.createElement("strong");
  const line = document.createElement("span");
  const done = programme.doneOn(context, today())[exercise] ?? 0;
  name.textContent = catalogue[exercise].name;
  line.textContent = done ? `${dose} ${words.times.replace("{n}", Math.min(done, times)).replace("{m}", times)}.` : dose;
  link.href = `/exercises/moves/${exercise}`;
  link.dataset.move = exercise;
  link.append(name, line);
  item.append(link);
  return item;
}

/** A move's own page is in here already: it needs no network. */
function open(event) {
  const exercise = event.target.closest("[data-move]")?.dataset.move;
  const move = exercise && day.todo.find((one) => one.exercise === exercise);
  if (!move) return;
  event.preventDefault();
  const section = screen.show(`move:${exercise}`);
  const dose = document.createElement("strong");
  dose.textContent = move.words;
  section.querySelector("[data-dose]").replaceChildren(dose);
  section.querySelector("[data-notes]").replaceChildren(...move.notes.map(paragraph));
}

function paragraph(sentence) {
  const element = document.createElement("p");
  element.textContent = sentence;
  return element;
}

function fresh(moves, given = {}) {
  session = {
    id: crypto.randomUUID(),
    person: context.person,
    on: today(),
    moves: moves.map((move) => ({ ...catalogue[move.exercise], ...move })),
    stage: "before",
    clock: null,
    seen: Date.now(),
    made: [],
    hurt: {},
    signs: "",
    given,
  };
}

const led = () => day.todo.filter((move) => catalogue[move.exercise].kind !== "walk");

/** Before a nerve glide the person is asked for new numbness or weakness (ux.md 3.7). */
function begin() {
  fresh(led());
  if (session.moves.some(({ glide }) => glide)) return screen.show("gate");
  return before();
}

function before() {
  const [first] = session.moves;
  screen.show("before");
  part("first").textContent = [first.position, ...first.notes].join(" ");
  part("awake").hidden = "wakeLock" in navigator;
}

/** The tap on a number unlocks sound and starts the clock. */
function play(value) {
  session.before = value === "" ? null : Number(value);
  session.stage = "playing";
  cues.unlock();
  toPlayer();
}

function toPlayer({ interrupted = false } = {}) {
  screen.show("player");
  document.body.classList.add("playing");
  player.lead(session, preferences, { interrupted, keep: () => programme.keep(session), done: finish });
}

/** Walking needs no clock: it is written down with one tap, and asked about like the rest. */
function walked() {
  fresh(day.todo.filter((move) => catalogue[move.exercise].kind === "walk"), { felt: "" });
  session.made = session.moves.map(({ dose }) => ({ done: true, reps: dose.reps, seconds: dose.hold_s }));
  return ask();
}

function hurts() {
  player.freeze();
  const move = player.moveNow();
  const section = screen.show("hurts");
  for (const line of section.querySelectorAll("[data-easier]")) line.hidden = !move || line.dataset.easier !== move.exercise;
  // What was made easier and still hurts is left out, not made easier again.
  part("easier").hidden = !move?.easier || session.hurt[move.exercise] === "easier";
}

function easier() {
  session.hurt[player.moveNow().exercise] = "easier";
  player.again();
  toPlayer();
}

function leaveMove() {
  markStopped();
  // After the last move this ends the session.
  player.leave();
  if (player.moveNow()) toPlayer();
}

function stop() {
  markStopped();
  return finish();
}

function markStopped() {
  const move = player.moveNow();
  if (move) session.hurt[move.exercise] = "stopped";
}

/** New numbness or weakness: nothing more is asked here. The session stops, and the list of warning signs opens. */
async function signs() {
  const { exercise } = player.moveNow() ?? session.moves.find(({ glide }) => glide) ?? session.moves[0];
  session.signs = exercise;
  session.hurt[exercise] = "safety";
  leavePlayer();
  screen.show("signs");
  const { person } = session;
  saving = Promise.all([programme.noteSign(person), save()]);
  await saving;
}

/** Whoever goes on to the list of warning signs at once still leaves the answer on the phone. */
async function toHelp() {
  await Promise.race([saving, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  location.assign("/help-now/which");
}

function end() {
  player.freeze();
  return finish();
}

function finish() {
  leavePlayer();
  if (tried(session).length) return ask();
  session = null;
  return programme.forget().then(list);
}

function leavePlayer() {
  document.body.classList.remove("playing");
  player.close();
}

/** Asks the next question after a session; after the last one it is handed over. */
async function ask() {
  session.stage = "asking";
  session.seen = Date.now();
  const name = nextQuestion(session);
  if (!name) return close();
  const [question, exercise] = name.split(":");
  const section = screen.show(question);
  if (exercise) part("during", section).textContent = words.during.replace("{name}", catalogue[exercise].name);
  if (question === "which") part("which", section).replaceChildren(...tried(session).map(choice));
  section.dataset.asked = name;
  return programme.keep(session);
}

function choice({ exercise }) {
  const button = document.createElement("button");
  button.className = "answer-button";
  button.name = "answer";
  button.value = exercise;
  button.textContent = catalogue[exercise].name;
  return button;
}

function answered(event) {
  event.preventDefault();
  const section = event.target.closest("[data-screen]");
  const value = event.submitter?.value ?? "";
  if (screen.shownFor() < DOUBLE_TAP_MS) return null;
  if (section.dataset.screen === "today") return hourAfter(Number(value));
  if (section.dataset.screen === "before") return play(value);
  session.given[section.dataset.asked] = value;
  return ask();
}

async function close() {
  const made = tried(session);
  const stopped = Object.values(session.hurt).includes("stopped");
  const section = screen.show("done");
  const done = made.filter((move) => move.done).length;
  part("finished").textContent = words.finished.replace("{n}", done).replace("{m}", session.moves.length);
  part("stopped").hidden = !stopped;
  await save();
  return section;
}

function line(sentence) {
  const item = document.createElement("li");
  item.textContent = sentence;
  return item;
}

/** Keeps the session on the phone, tries to send it, and says how far it came and what it changes. */
async function save() {
  const given = session;
  session = null;
  newest = given;
  part("changes").replaceChildren();
  const confirmed = ({ changes = [] }) => {
    if (given !== newest) return;
    screen.kept("sent");
    part("changes").replaceChildren(...changes.map(({ why }) => line(why)));
  };
  try {
    await programme.hand(given, { kept: () => screen.kept("phone"), confirmed });
    context = (await programme.known()) ?? context;
  } catch (error) {
    console.error("outbox", error);
    screen.kept("lost");
  }
}

async function hourAfter(pain) {
  const due = programme.hourAfter(context, Date.now());
  if (due) await programme.tellHourAfter(context.person, due.session, pain);
  context = (await programme.known()) ?? context;
  return list();
}

function prefer(name) {
  preferences = player.prefer(name);
  sounds.prefer(preferences).catch(() => {});
}

start();
