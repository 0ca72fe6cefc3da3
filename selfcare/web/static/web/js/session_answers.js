// PURE: what is asked after a session, and the session as it is sent. No DOM, no clock, no network.
//
// A session: { id, person, on, moves: [{ exercise, level, glide, dose }], before, made: [{ done, reps, seconds }], hurt:
// { exercise: "easier" | "stopped" | "safety" }, signs: exercise | "", given: { question: value } }. A value of "" was skipped:
// not answered is never "no".

import { madeOf, pause, stepsOf } from "./player_clock.js";

const ALL = "all";

/** Returns the session with what was made of each move until it was last seen; a walk has no clock. */
export function counted(session) {
  const { moves, clock, seen } = session;
  return clock ? { ...session, made: madeOf(moves, stepsOf(moves), pause(clock, seen), seen) } : session;
}

/** Returns the moves that were tried at all, with what was made of them. */
export function tried({ moves, made, hurt }) {
  return moves
    .map((move, index) => ({ ...move, ...made[index] }))
    .filter(({ exercise, reps, done }) => done || reps > 0 || Boolean(hurt[exercise]));
}

/** Returns the questions of a session in their order, as far as the answers so far decide it. */
export function questions(session) {
  const moves = tried(session);
  if (!moves.length) return [];
  const { given, hurt } = session;
  const stopped = Object.values(hurt).includes("stopped");
  const moved = ["closer_to_back", "further_down"].includes(given.spread);
  const sore = ["sore", "too_much"].includes(given.felt);
  return [
    ...(stopped ? [] : ["felt"]),
    ...moves.map(({ exercise }) => `during:${exercise}`),
    "spread",
    ...(moved && moves.length > 1 ? ["which"] : []),
    ...(moves.some(({ glide }) => glide) || sore || given.spread === "further_down" ? ["tingling"] : []),
    ...(sore ? ["soreness"] : []),
  ];
}

/** Returns the first question without an answer, or null. */
export const nextQuestion = (session) => questions(session).find((name) => !Object.hasOwn(session.given, name)) ?? null;

/** Returns the session as the server takes it, or null when nothing of it was tried. */
export function bodyOf(session, { at, zone }) {
  const results = tried(session).map((move) => resultOf(move, session));
  if (!results.length) return null;
  return {
    occurred_on: session.on,
    recorded_at: at.toISOString(),
    recorded_zone: zone,
    felt: session.given.felt ?? "",
    results,
  };
}

function resultOf(move, { before, hurt, signs, given }) {
  const { exercise, level, dose } = move;
  return answered({
    exercise,
    level,
    done: Boolean(move.done),
    reps: move.reps ?? 0,
    hold_s: dose.hold_s,
    seconds: move.seconds ?? 0,
    before,
    during: number(given[`during:${exercise}`]),
    spread: spreadOf(exercise, given),
    tingling_min: number(given.tingling),
    soreness_only: given.soreness === "yes",
    hurt: hurt[exercise] ?? "",
    new_signs: signs === exercise,
  });
}

/** Where the pain moved belongs to the move that was named; without a name, to all of them. */
function spreadOf(exercise, { spread = "", which = ALL }) {
  if (!spread || spread === "no_change" || which === ALL || which === "" || which === exercise) return spread;
  return "no_change";
}

const number = (value) => (value === undefined || value === "" ? null : Number(value));

const answered = (result) => Object.fromEntries(Object.entries(result).filter(([, value]) => value !== null && value !== undefined));
