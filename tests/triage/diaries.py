"""Random diaries, the same for the same seed: mostly quiet, with gaps, skipped answers and several entries a day."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from selfcare.triage.rules import Answers, History
from selfcare.triage.vocabulary import Term, Vocabulary

QUIET = 0.93


def diary(seed: int, vocabulary: Vocabulary) -> tuple[History, date]:
    """Return a history and the day to judge."""
    dice = random.Random(seed)
    start_on = date(2026, 1, 1) + timedelta(days=dice.randrange(400))
    answered = dice.sample(sorted(vocabulary.entry), k=dice.randrange(6, len(vocabulary.entry)))
    answered += ["pain_avg", "bladder", "saddle", "both_legs", "weakness", "numbness", "interference"]
    # Most observations are quiet most of the time; a few are the matter of this diary.
    matters = dice.sample(sorted(vocabulary.entry), k=dice.choice((0, 0, 3, 5)))
    answered += matters
    entries = []
    day, pain = 0, dice.uniform(0, 10)
    drift = dice.uniform(-0.25, 0.15)
    # In some diaries the pain goes for about a month and comes back.
    gone_from = dice.randrange(40) if dice.random() < 0.3 else 1000
    gone_until = gone_from + dice.choice((28, 29, 30, 31, 33))
    for number in range(dice.randrange(1, 70 if gone_from == 1000 else 110)):
        pain = min(10.0, max(0.0, pain + drift + dice.uniform(-1, 1)))
        if gone_from <= day <= gone_until:
            pain = 0.0
        elif day > gone_until:
            drift, pain = 0.0, max(pain, 2.0 + number % 4)
        on = start_on + timedelta(days=day)
        at = datetime.combine(on, time(dice.randrange(24), dice.randrange(60)), tzinfo=UTC)
        values = {
            name: _value(dice, vocabulary.entry[name], quiet=0.4 if name in matters else QUIET)
            for name in sorted(set(answered))
            if dice.random() > 0.06
        }
        values |= {name: round(pain) for name in ("pain_avg", "pain_leg", "pain_back") if name in values}
        entries.append(Answers(f"{seed}-{number}", on, at, values))
        some = (0, 1, 1, 1, 1, 1, 1, 2, 3, 15 if dice.random() < 0.2 else 1)
        day += 1 if gone_from <= day <= gone_until else dice.choice(some)
    quiet = dice.choice((0.85, 0.85, 0.5))
    baseline = {
        name: _value(dice, term, quiet=quiet) for name, term in vocabulary.baseline.items() if dice.random() > 0.4
    }
    judged = dice.choice((day, dice.randrange(day + 3)))
    onset_on = start_on - timedelta(days=dice.choice((-3, 0, 0, 5, 20, 42, 84, 90, 200)))
    dice.shuffle(entries)
    return History(baseline, onset_on, tuple(entries)), start_on + timedelta(days=judged)


def _value(dice: random.Random, term: Term, *, quiet: float = QUIET) -> Any:
    if term.kind == "list":
        return dice.sample(term.values, k=dice.randrange(0, min(3, len(term.values)) + 1)) if term.values else []
    if term.kind == "text":
        return "words"
    if term.kind == "date":
        return (date(2026, 1, 1) + timedelta(days=dice.randrange(500))).isoformat()
    if term.left_out is not None and dice.random() < quiet:
        return term.left_out
    if term.kind == "choice":
        return dice.choice(term.values)
    if term.kind == "boolean":
        return dice.random() < 0.5
    assert term.min is not None
    assert term.max is not None
    top = min(term.max, 40 if term.unit == "days" else 200)
    return dice.randint(int(term.min), int(top)) if term.kind == "integer" else round(dice.uniform(term.min, top), 1)
