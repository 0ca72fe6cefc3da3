"""The kinds of steps that a check-in is made of, and the shape of a step and of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from selfcare.web import words
from selfcare.web.flow import BAD_DAY, CHANGED, FLARE, LONG, SHORT

Data = dict[str, Any]

YES, NO = "yes", "no"
# Forms that ask for every sign again, in groups.
ANY_TIME = (CHANGED, FLARE)
CES = ("toilet", "bladder", "bowel", "between", "between_and_sex", "saddle", "sexual", "legs", "both_legs")
# Questions whose answers a person may leave out: toilet, between the legs, sex, periods and mood.
PRIVATE = ("bladder", "bowel", "saddle", "sexual", "urine", "pregnancy", "period", "mood")
# What asks about several of them at once.
PRIVATE_GROUPS = ("toilet", "between", "between_and_sex")
# How long ago a tapped phrase means, in days: the low end of the phrase, because a recent change is the urgent one.
DAYS_AGO = {"days": 1, "weeks": 7, "longer": 15}


def step(step_id: str, **fields: Any) -> Data:
    """Return a step; heading, hint and reason come from the catalogue where it asks this question."""
    return {
        "id": step_id,
        "kind": "answers",
        "heading": "",
        "hint": "",
        "why": "",
        "examples": [],
        # The forms of check-in that always ask it, the answers that open it, and what calls for it besides.
        "modes": [],
        "when": [],
        "due": [],
        "needs": [],
        "fields": [],
        # The care card that stands above the step when the "yes, or not sure" of a group opened it.
        "card": "",
        "safety": False,
        # Asked when a score of this check-in is a clear rise; and whether the page leads on to the body map.
        "rise": False,
        "moved": False,
        # Heading and hint in a check-in about the day before.
        "late": {},
        # Asks about the nerves of the cauda equina.
        "ces": step_id.removesuffix("_known") in CES,
        # Nobody who looks on should read it: the page can be hidden with one tap.
        "private": step_id.removesuffix("_known") in (*PRIVATE, *PRIVATE_GROUPS),
        **words.question(step_id),
        **fields,
    }


def answer(value: str, label: str, *, writes: Data, **fields: Any) -> Data:
    """Return one answer.

    ``alarm`` is the card that is shown if the rules cannot be asked. ``wait``: on its own this may be less than an
    emergency, which only the other questions about the same nerves can tell; so they are asked before it is judged.
    ``confirm`` names the step that must confirm the answer before it counts.
    """
    empty = {"keeps": [], "alarm": "", "extras": False, "wait": False, "confirm": ""}
    return {"value": value, "label": label, "writes": writes} | empty | fields


def group(step_id: str, heading: str, examples: list[str], *, writes: Data, keeps: Sequence[str] = (),
          modes: Sequence[str] = (SHORT, BAD_DAY, *ANY_TIME), needs: Sequence[str] = (), due: Sequence[Data] = (),
          ) -> Data:  # fmt: skip
    """Return a step that asks about several signs at once; "yes, or not sure" opens the steps of the group."""
    return step(
        step_id,
        heading=heading,
        examples=examples,
        modes=list(modes),
        needs=list(needs),
        due=list(due),
        safety=True,
        kind="group",
        answers=[
            answer("no_change", _("No change"), writes=writes, keeps=list(keeps)),
            answer(YES, _("Yes, or I am not sure"), writes={}),
        ],
    )


def change(step_id: str, opened_by: str, *, also: str = "", special: Data | None = None, which: str = "",
           needs: Sequence[str] = (), map_says: Sequence[str] = ()) -> list[Data]:  # fmt: skip
    """Return the step of a ``change`` question (clinical.md 0), and the one that confirms "the same as always".

    ``which`` names the answer set of the kinds of change, to be ticked before the answer is tapped. ``map_says``
    are the answers of the body map that open it.
    """
    since, detail = f"{step_id}_since_days", f"{step_id}_detail"
    kinds = words.answer_labels(which) if which else {}
    with_kinds = {"extras": bool(kinds)}
    asked = step(
        step_id,
        modes=[LONG],
        when=[*([name, [YES]] for name in (opened_by, also) if name), *([["map", list(map_says)]] if map_says else [])],
        needs=list(needs),
        card="now",
        safety=True,
        fields=[_which(detail, kinds, special)] if kinds else [],
        answers=[
            answer("none", _("No change"), writes={step_id: "none"}),
            answer("new_days", _("Yes. It began today or yesterday."), alarm="now", **with_kinds,
                   writes={step_id: "new", since: DAYS_AGO["days"]}),
            answer("new_weeks", _("Yes. It began in the last 2 weeks."), alarm="now", **with_kinds,
                   writes={step_id: "new", since: DAYS_AGO["weeks"]}),
            answer("new_longer", _("Yes. It began more than 2 weeks ago and is not getting worse."), alarm="now",
                   wait=True, **with_kinds, writes={step_id: "new", since: DAYS_AGO["longer"]}),
            answer("worse", _("It is getting worse"), alarm="now", **with_kinds, writes={step_id: "worse"}),
            answer("same_as_always", _("The same as always. It has been like this for long."),
                   confirm=f"{step_id}_known", writes={step_id: "same_as_always"}),
            answer("unsure", _("I am not sure"), alarm="now", **with_kinds, writes={step_id: "unsure"}),
            *([special] if special else []),
        ],
    )  # fmt: skip
    return [asked, _known(step_id, since, needs=needs)]


def _known(step_id: str, since: str, *, needs: Sequence[str]) -> Data:
    """Return the step behind the first "same as always".

    Over 3 months and unchanged may be stored as that (clinical.md 0); it becomes the person's normal only when a
    clinician knows of it. Anything younger is what it is: new.
    """
    always = {step_id: "same_as_always"}
    return step(
        f"{step_id}_known",
        kind="confirm",
        when=[[step_id, ["same_as_always"]]],
        needs=[*needs, f"unknown:{step_id}"],
        card="now",
        safety=True,
        answers=[
            answer("known", _("Yes, and it has been the same for more than 3 months"),
                   writes={**always, "known_to_clinician": [step_id]}),
            answer("not_known", _("No, but it has been the same for more than 3 months"), writes=always),
            answer("weeks", _("It began 2 weeks to 3 months ago"), alarm="now", wait=True,
                   writes={step_id: "new", since: DAYS_AGO["longer"]}),
            answer("days", _("It began in the last 2 weeks"), alarm="now",
                   writes={step_id: "new", since: DAYS_AGO["weeks"]}),
            answer("unsure", _("I am not sure"), alarm="now", writes={step_id: "unsure"}),
        ],
    )  # fmt: skip


def _which(name: str, kinds: Mapping[str, str], special: Data | None) -> Data:
    # What has an answer of its own is not ticked besides.
    own = special["writes"].get(name, []) if special else []
    return {
        "name": name,
        "kind": "many",
        "label": _("Which? Tick first, then choose below. You can leave this out."),
        "options": [[value, label] for value, label in kinds.items() if value not in own],
        "error": _("Tick the ones that fit, or none."),
    }


def grades(key: str, labels: str, *, alarms: Sequence[str], extras: bool = False) -> list[Data]:
    """Return the answers of a self-test, one for each grade."""
    return [
        answer(grade, label, writes={key: int(grade)}, alarm=alarms[int(grade)], extras=extras and grade != "0")
        for grade, label in words.answer_labels(labels).items()
    ]


def yes_no(step_id: str, key: str, *, alarm: str = "", opened_by: str = "", by: Sequence[str] = (YES,),
           turned: bool = False, fields: Sequence[Data] = (), **more: Any) -> Data:  # fmt: skip
    """Return a yes-no question, opened by the answers ``by`` of another step if one is named.

    ``turned``: here "no" is the sign, as in "Can you take 4 steps?".
    """
    sign, quiet = (NO, YES) if turned else (YES, NO)
    label = {YES: _("Yes"), NO: _("No")}
    return step(
        step_id,
        when=[[opened_by, list(by)]] if opened_by else [],
        fields=list(fields),
        answers=[
            answer(quiet, label[quiet], writes={key: False}),
            answer(sign, label[sign], writes={key: True}, alarm=alarm, extras=bool(fields)),
        ],
        **{"safety": True, **more},
    )


def choice(step_id: str, key: str, labels: str, **more: Any) -> Data:
    """Return a question with the answers of one set of the catalogue."""
    offered = words.answer_labels(labels)
    return step(
        step_id, answers=[answer(value, label, writes={key: value}) for value, label in offered.items()], **more
    )


def score(step_id: str, low: str, high: str, **more: Any) -> Data:
    """Return a 0 to 10 question, eleven buttons (ux.md 3.4)."""
    tens = [answer(str(value), str(value), writes={step_id: value}) for value in range(11)]
    return step(step_id, kind="nrs", low=low, high=high, answers=tens, **more)
