"""When a question comes that is not asked every day, as data: cadence and conditions (clinical.md 1.2, "asked").

``flow.due`` reads these on the server and its twin on the phone. A condition looks at the baseline or at earlier
answers; a question without an earlier answer comes the first time its form of check-in is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from selfcare.web.flow import LONG, QUICK, SHORT

Condition = dict[str, Any]
# A long day comes once in seven days; what was answered in the last days, say under "something has changed", may wait.
WEEK, MONTH = 4, 28


def weekly(*keys: str, when: Sequence[Sequence[Condition]] = (), modes: Sequence[str] = (LONG,)) -> Condition:
    """Return the occasion of a weekly question."""
    return _occasion(WEEK, keys, when, modes)


def monthly(*keys: str, when: Sequence[Sequence[Condition]] = ()) -> Condition:
    """Return the occasion of a question that comes every four weeks."""
    return _occasion(MONTH, keys, when, (LONG,))


def once(*keys: str) -> Condition:
    """Return the occasion of a question of the first days."""
    return _occasion(None, keys, (), (LONG,))


def after(days: int, *keys: str, when: Sequence[Sequence[Condition]] = ()) -> Condition:
    """Return the occasion of a question that comes again after some days, on short and long days alike."""
    return _occasion(days, keys, when, (SHORT, LONG))


def daily(*, when: Sequence[Sequence[Condition]], modes: Sequence[str] = (SHORT, LONG)) -> Condition:
    """Return the occasion of a question that comes in every check-in while one of the alternatives holds."""
    return _occasion(0, (), when, modes)


def known(key: str, *values: Any) -> Condition:
    """Return the condition that a baseline key holds one of the values."""
    return {"of": "baseline", "key": key, "in": list(values)}


def known_from(key: str, least: int) -> Condition:
    """Return the condition that a baseline number is at least so high."""
    return {"of": "baseline", "key": key, "at_least": least}


def last(key: str, *values: Any) -> Condition:
    """Return the condition that the newest answer is one of the values."""
    return {"of": "last", "key": key, "in": list(values)}


def last_from(key: str, least: int) -> Condition:
    """Return the condition that the newest answer is at least so high."""
    return {"of": "last", "key": key, "at_least": least}


def lately(key: str, *values: Any, days: int) -> Condition:
    """Return the condition that one of the values was answered in the last ``days`` days."""
    return {"of": "lately", "key": key, "in": list(values), "days": days}


def began(key: str, *, least: int, days: int) -> Condition:
    """Return the condition that an answer has been so high for less than ``days`` days."""
    return {"of": "began", "key": key, "at_least": least, "days": days}


def wanted(key: str) -> Condition:
    """Return the condition that a rule which has fired asks for this observation (``asks`` of the rule)."""
    return {"of": "flag", "key": f"wanted:{key}"}


def away(days: int) -> Condition:
    """Return the condition that there has been no entry for so many days."""
    return {"of": "away", "days": days}


def _occasion(days: int | None, keys: Sequence[str], when: Sequence[Sequence[Condition]], modes: Sequence[str]) -> Any:
    return {"days": days, "keys": list(keys), "if": [list(each) for each in when], "modes": list(modes)}


# --- Who is asked more often (clinical.md 1.2 and the rules named) ----------------------------------------------------

YES = True
TRAUMA_LATELY = lately("trauma", "minor", "major", days=14)
# RF-FRX-01 to -04: "daily if trauma, bone risk or runner"; nobody is asked yet whether they run.
BONE_RISK = (
    [TRAUMA_LATELY],
    [known("trauma", "minor", "major")],
    [known("osteoporosis", YES)],
    [known("steroids_long_term", YES)],
    [known_from("age", 70)],
    [known_from("postpartum_weeks", 0)],
    [last("cannot_bear_weight", YES)],
    [last("groin_pain_loading", YES)],
)
# RF-FRX-03, RF-VAS-01, RF-VAS-09 and RF-OTH-04 read the worst pain.
WORST_PAIN_COUNTS = (
    [TRAUMA_LATELY],
    [known("osteoporosis", YES)],
    [known("steroids_long_term", YES)],
    [known("anticoagulant", YES)],
    [known("known_aaa", YES)],
    [known_from("age", 70)],
    [last_from("pain_avg", 8)],
)
# Nights are counted over 7 days (RF-MAL-02, RF-MAL-05, RF-INF-04, RF-SPA-01), so a bad one is followed up each day.
NIGHTS_COUNT = (
    [wanted("night_pain")],
    [last("night_pain", "second_half", "constant")],
    *([known(key, YES)] for key in (
        "cancer_history", "immunosuppressed", "iv_drug_use", "recent_infection", "recent_spinal_procedure",
    )),
)  # fmt: skip
WOBBLY_COUNTS = ([last_from("weakness", 1)], [last_from("numbness", 1)])
# RF-NEU-04: after a first mild weakness the self-test is done every day for 7 days.
NEW_WEAKNESS = ([began("weakness", least=1, days=7)],)
# RF-SPA-01 counts mornings; RF-SPA-03 counts how often the side changes in 28 days.
EARLY_BACK_PAIN = ([wanted("better_nsaid_48h")], [known("back_pain_before_45", YES)])
STIFF_BACK = (
    [wanted("better_moving")],
    [known("back_pain_before_45", YES), last("better_moving", YES)],
)
SIDES_CHANGE = ([lately("pain_side", "left", days=28), lately("pain_side", "right", days=28)],)
EYE_COUNTS = ([last_from("morning_stiffness_min", 30)], [known("uveitis_history", YES)])
FOOT_COUNTS = ([last("walk_pain", "eases_standing_still")], [known("diabetes", YES)])
CANCER = ([known("cancer_history", YES)],)
# ux.md 2.3, P24: the places are asked about again after a session that was too much.
TOO_MUCH = ([{"of": "flag", "key": "too_much"}],)
NOT_BOOKED = ([last("review_step", "not_yet")],)
# clinical.md 2.5: after 14 days without entries.
AWAY = daily(when=[[away(14)]], modes=(SHORT, LONG, QUICK))
