// PURE: where a led session stands, from its plan and from timestamps. No DOM, no clock of its own, no counting of ticks.
//
// A move: { exercise, dose: { sets, reps, hold_s }, tempo_s: [s], tempo_words: [text], rest_s, side_order: ["left", "right"] }.
// A step: { move, kind, from, ms, side, set, sets, rep, reps, word, rep_from, ends_rep }; kinds: ready, beat, hold, rest, switch.
// A clock: { position, since, skips }: milliseconds into the steps; running since an instant, or standing still at null. An
// instant to come is a lead: time to get ready before the clock runs.

/** The five seconds before a move begins, or goes on after a pause (ux.md 3.7). */
export const READY_MS = 5000;
/** Time to get into the position of the next move: planning.SETTLE_S of the server's estimate. */
export const SETTLE_MS = 20000;
export const SWITCH_MS = 8000;
/** A page that was away for longer has paused the session (ux.md 3.7). */
export const AWAY_MS = 10000;
const WARN_MS = 5000;
const SHORTEST_TOLD_HOLD_MS = 5000;
const SHORTEST_HALVED_HOLD_MS = 20000;
const WORK = ["beat", "hold"];

/** Returns the steps of a session, each with the millisecond at which it begins. */
export function stepsOf(moves) {
  const steps = moves.flatMap((move, index) => [
    { kind: "ready", ms: index ? SETTLE_MS : READY_MS, side: move.side_order[0] },
    ...move.side_order.flatMap((side, turn) => [...(turn ? [{ kind: "switch", ms: SWITCH_MS, side }] : []), ...oneSide(move, side)]),
  ].map((step) => ({ ...step, move: index })));
  let from = 0;
  let repFrom = 0;
  return steps.map((step) => {
    if (step.begins_rep || !WORK.includes(step.kind)) repFrom = from;
    const placed = { ...step, from, rep_from: repFrom };
    from += step.ms;
    return placed;
  });
}

function oneSide(move, side) {
  const { sets, reps } = move.dose;
  const list = [];
  for (let set = 1; set <= sets; set += 1) {
    if (set > 1 && move.rest_s) list.push({ kind: "rest", ms: move.rest_s * 1000, side, set, sets });
    for (let rep = 1; rep <= reps; rep += 1) {
      list.push(...oneRep(move).map((part, index, all) => ({
        ...part,
        side,
        set,
        sets,
        rep,
        reps,
        begins_rep: index === 0,
        ends_rep: index === all.length - 1,
      })));
    }
  }
  return list;
}

/** A hold stands between the way in and the way out; what lies between those two is part of the hold. */
function oneRep({ dose, tempo_s: tempo, tempo_words: words }) {
  const beats = tempo.map((seconds, index) => ({ kind: "beat", ms: seconds * 1000, word: words[index] ?? "", beat: index }));
  if (!dose.hold_s) return beats;
  const held = dose.hold_s + tempo.slice(1, -1).reduce((sum, seconds) => sum + seconds, 0);
  return [...beats.slice(0, 1), { kind: "hold", ms: held * 1000 }, ...(beats.length > 1 ? beats.slice(-1) : [])];
}

/** Returns how long the steps last, in milliseconds. */
export const lengthOf = (steps) => (steps.length ? steps.at(-1).from + steps.at(-1).ms : 0);

/** Returns a clock that runs from `now`. */
export const begin = (now) => ({ position: 0, since: now, skips: [] });

/** Returns how far the session is at `now`, in milliseconds. */
export function positionAt({ position, since }, now) {
  return since === null ? position : position + Math.max(0, now - since);
}

/** Returns the clock, standing still. */
export function pause(clock, now) {
  return { ...clock, position: positionAt(clock, now), since: null };
}

/** Returns the clock, running again: what was interrupted begins anew, after time to get ready. */
export function resume(clock, steps, now) {
  if (clock.since !== null) return clock;
  const step = stepAt(steps, clock.position);
  if (!step || !WORK.includes(step.kind)) return { ...clock, since: now };
  return { ...clock, position: step.rep_from, since: now + READY_MS };
}

/**
 * Returns the clock after the page was last seen alive at `seenAt`: paused there when that is long ago, so that nobody has
 * "done" what ran while the phone was in a pocket.
 */
export function afterAway(clock, seenAt, now) {
  if (clock.since === null || now - seenAt <= AWAY_MS) return clock;
  return pause(clock, seenAt);
}

/** Returns the clock after "Skip": at the end of a pause between, or of what is left of this set. */
export function skip(clock, steps, now) {
  const at = positionAt(clock, now);
  const step = stepAt(steps, at);
  if (!step) return clock;
  const next = steps.find(({ kind, from }) => from > at && (!WORK.includes(step.kind) || !WORK.includes(kind)));
  const to = next ? next.from : lengthOf(steps);
  return { position: to, since: clock.since === null ? null : now, skips: [...clock.skips, [at, to]] };
}

/** Returns the clock at the end of the move that is under way, standing still: what is left of it was not done. */
export function leaveMove(clock, steps, now) {
  const at = positionAt(clock, now);
  const step = stepAt(steps, at);
  const next = step && steps.find(({ move }) => move > step.move);
  const to = next ? next.from : lengthOf(steps);
  return { position: to, since: null, skips: [...clock.skips, [at, to]] };
}

/** Returns the clock at the beginning of the side that is under way, standing still. */
export function restartSide(clock, steps, now) {
  const at = positionAt(clock, now);
  const step = stepAt(steps, at);
  if (!step) return pause(clock, now);
  const first = steps.find(({ move, side, kind }) => move === step.move && side === step.side && WORK.includes(kind));
  return { position: first.from, since: null, skips: clock.skips.filter(([, to]) => to <= first.from) };
}

/** Returns what is to be shown: { state, step, left }; states: lead, running, paused, done. `left` is in milliseconds. */
export function viewAt(steps, clock, now) {
  const at = positionAt(clock, now);
  const step = stepAt(steps, at);
  if (!step) return { state: "done", step: null, left: 0 };
  if (clock.since === null) return { state: "paused", step, left: step.from + step.ms - at };
  if (now < clock.since) return { state: "lead", step, left: clock.since - now };
  return { state: "running", step, left: step.from + step.ms - at };
}

const stepAt = (steps, at) => steps.find(({ from, ms }) => at < from + ms) ?? null;

/**
 * Returns the tones: [{ at, tone }] with "start" when work begins, "half" in the middle of a long hold, "soon" five seconds
 * before sides change, "change" when work ends.
 */
export function tonesOf(steps) {
  const tones = [];
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    const working = WORK.includes(step.kind);
    if (step.kind === "hold" && step.ms >= SHORTEST_TOLD_HOLD_MS) {
      tones.push({ at: step.from, tone: "start" });
      if (step.ms >= SHORTEST_HALVED_HOLD_MS) tones.push({ at: step.from + step.ms / 2, tone: "half" });
      tones.push({ at: step.from + step.ms, tone: "change" });
    } else if (step.kind === "beat" && before && !WORK.includes(before.kind)) {
      tones.push({ at: step.from, tone: "start" });
    }
    if (step.kind === "switch") tones.push({ at: step.from - WARN_MS, tone: "soon" });
    if (!working && before && WORK.includes(before.kind)) tones.push({ at: step.from, tone: "change" });
  }
  if (steps.length) tones.push({ at: lengthOf(steps), tone: "change" });
  const unlike = (one, index) => !tones.slice(0, index).some(({ at, tone }) => at === one.at && tone === one.tone);
  return tones.filter(unlike).sort((one, other) => one.at - other.at);
}

/** Returns the tones that fell between two positions; a jump forward sounds only the last of them. */
export function tonesBetween(tones, after, upTo) {
  const passed = tones.filter(({ at }) => at > after && at <= upTo);
  return upTo - after > AWAY_MS ? passed.slice(-1) : passed;
}

/**
 * Returns what has been done of each move: [{ done, reps, seconds }]. Done is the whole of it: what was skipped was not, and
 * rests and changes that were cut short do not count against it.
 */
export function madeOf(moves, steps, clock, now) {
  const at = positionAt(clock, now);
  const skipped = ({ from, ms }) => clock.skips.some(([begins, ends]) => begins < from + ms && ends > from);
  return moves.map((_, index) => {
    const work = steps.filter(({ move, kind }) => move === index && WORK.includes(kind));
    const made = work.filter((step) => step.from + step.ms <= at && !skipped(step));
    return {
      done: work.length > 0 && made.length === work.length,
      reps: made.filter((step) => step.ends_rep).length,
      seconds: Math.round(made.reduce((sum, { ms }) => sum + ms, 0) / 1000),
    };
  });
}
