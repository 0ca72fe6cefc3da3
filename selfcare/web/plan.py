"""The check-in as data: every step with its words, its answers and what each answer writes.

Two forms share the steps: on a short day four questions each ask about a group of signs; a "yes, or not sure" opens
the group's own steps. On a long day each sign has its own step. The server and the phone read the same plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from selfcare.web import words
from selfcare.web.flow import LONG, SHORT

BOTH = [SHORT, LONG]
YES = "yes"
CES = ("toilet", "bladder", "bowel", "between", "between_and_sex", "saddle", "sexual", "legs", "both_legs")

# How long ago a tapped phrase means, in days: the low end of the phrase, because a recent change is the urgent one.
DAYS_AGO = {"days": 1, "weeks": 7, "longer": 15}


def check_in() -> list[dict[str, Any]]:
    """Return the steps of a check-in in their order, in the language of the request."""
    return [*_safety(), *_daily(), *_weekly()]


def _safety() -> list[dict[str, Any]]:
    return [
        _group("toilet", _("Any change in how you pee or poo?"), [
            _("hard to start, weak, or cannot go"), _("leaks"), _("cannot feel it"),
        ], writes={"bladder": "none", "bowel": "none"}),
        _change("bladder", "toilet", _("Has peeing changed?"), special=_answer(
            "burning", _("It only burns or stings. Everything else about peeing is normal."),
            writes={"bladder": "new", "bladder_detail": ["burning_only"]}, alarm="today", wait=True,
        )),
        _change("bowel", "toilet", _("Has pooing changed?"), special=_answer(
            "hard", _("Hard poo only. I can feel it and hold it."),
            writes={"bowel": "new", "bowel_detail": ["constipation_only"]},
        )),
        _group("between", _("Does it feel different between your legs?"), [
            _("numb or tingling around your bottom or private parts"), _("paper feels odd when you wipe"),
        ], writes={"saddle": "none"}, needs=["no_intimate"]),
        _group("between_and_sex", _("Does it feel different between your legs?"), [
            _("numb or tingling around your bottom or private parts"), _("paper feels odd when you wipe"),
            _("new loss of feeling in sex"),
        ], writes={"saddle": "none", "sexual": "none"}, needs=["intimate"]),
        _change("saddle", "between", _("Does it feel different between your legs?"), also="between_and_sex"),
        _change("sexual", "between_and_sex", _("Any new loss of feeling or function in your sex life?"),
                needs=["intimate"], special=_answer(
            "not_for_me", _("This is not for me, or I would rather not say"),
            writes={"sexual": "prefer_not_to_say"},
        )),
        _group("legs", _("Is a leg weaker or more numb, or are both legs affected?"), [
            _("foot drags, or knee gives way"), _("pain, tingling or numbness in both legs"),
        ], writes={"both_legs": "none"}, keeps=["weakness", "numbness"]),
        _change("both_legs", "legs", _("Do you have shooting pain, tingling, numbness or weakness in BOTH legs?")),
        _weakness(),
        _since("weakness_since", "weakness", ["2", "3", "4"], "weakness_since_days"),
        _numbness(),
        _yes_no("gait", "legs", _("Are you newly wobbly, or do your legs give way?"), "gait_unsteady", alarm="today"),
        _group("body", _("Do you have a fever, or feel very ill?"), [
            _("hot and shivery"), _("38 or more"),
        ], writes={"chills": False, "very_unwell": False}),
        _yes_no("fever", "body", _("Do you feel hot and shivery, or is your temperature 38 or more?"), "chills",
                alarm="today", fields=[_degrees()]),
        _yes_no("very_unwell", "body", _("Do you feel very ill today?"), "very_unwell", alarm="today"),
    ]  # fmt: skip


def _daily() -> list[dict[str, Any]]:
    last_day = _("Think of the last 24 hours. Choose the usual level, not the worst moment.")
    worst = _("10 is the worst pain you can imagine")
    return [
        _score("interference", _("How much did pain get in the way today?"), "",
               _("0 is not at all"), _("10 is I could do nothing")),
        _score("pain_leg", _("How bad was the pain in your buttock or leg?"), last_day, _("0 is no pain"), worst,
               needs=["leg"]),
        _score("pain_back", _("How bad was the pain in your lower back?"), last_day, _("0 is no pain"), worst,
               needs=["back"]),
        _score("pain_avg", _("How bad was your pain?"), last_day, _("0 is no pain"), worst, needs=["one_score"]),
    ]  # fmt: skip


def _weekly() -> list[dict[str, Any]]:
    return [
        _step("night_pain", _("How was the pain last night?"), modes=[LONG], answers=[
            _answer(value, label, writes={"night_pain": value})
            for value, label in words.answer_labels("nights").items()
        ]),
    ]  # fmt: skip


def _step(step_id: str, heading: str, **fields: Any) -> dict[str, Any]:
    step = {
        "id": step_id,
        "kind": "answers",
        "heading": heading,
        "hint": "",
        "why": "",
        "examples": [],
        "modes": BOTH,
        "when": [],
        "needs": [],
        "fields": [],
        # The care card that stands above the step when a short day's "yes, or not sure" opened it.
        "card": "",
        "safety": False,
        # Asks about the nerves of the cauda equina.
        "ces": step_id in CES,
        **fields,
    }
    return step | words.question(step_id)


def _answer(value: str, label: str, *, writes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return one answer.

    ``alarm`` is the card that is shown if the rules cannot be asked. ``wait``: on its own this may be less than an
    emergency, which only the other questions about the same nerves can tell; so they are asked before it is judged.
    """
    answer = {
        "value": value,
        "label": label,
        "writes": writes,
        "keeps": [],
        "alarm": "",
        "extras": False,
        "wait": False,
    }
    return answer | fields


def _group(step_id: str, heading: str, examples: list[str], *, writes: dict[str, Any],
           keeps: list[str] | None = None, needs: list[str] | None = None) -> dict[str, Any]:  # fmt: skip
    return _step(
        step_id,
        heading,
        examples=examples,
        modes=[SHORT],
        needs=needs or [],
        safety=True,
        kind="group",
        answers=[
            _answer("no_change", _("No change"), writes=writes, keeps=keeps or []),
            _answer(YES, _("Yes, or I am not sure"), writes={}),
        ],
    )


def _change(step_id: str, group: str, heading: str, *, also: str = "", special: dict[str, Any] | None = None,
            needs: list[str] | None = None) -> dict[str, Any]:  # fmt: skip
    since = f"{step_id}_since_days"
    answers = [
        _answer("none", _("No change"), writes={step_id: "none"}),
        _answer("new_days", _("Yes. It began today or yesterday."), alarm="now",
                writes={step_id: "new", since: DAYS_AGO["days"]}),
        _answer("new_weeks", _("Yes. It began in the last 2 weeks."), alarm="now",
                writes={step_id: "new", since: DAYS_AGO["weeks"]}),
        _answer("new_longer", _("Yes. It began more than 2 weeks ago and is not getting worse."), alarm="now",
                wait=True, writes={step_id: "new", since: DAYS_AGO["longer"]}),
        _answer("worse", _("It is getting worse"), alarm="now", writes={step_id: "worse"}),
        _answer("same_as_always", _("The same as always, for more than 3 months. A doctor or nurse knows."),
                writes={step_id: "same_as_always"}),
        _answer("unsure", _("I am not sure"), alarm="now", writes={step_id: "unsure"}),
    ]  # fmt: skip
    when = [[name, [YES]] for name in (group, also) if name]
    return _step(
        step_id,
        heading,
        modes=[LONG],
        when=when,
        needs=needs or [],
        card="now",
        safety=True,
        answers=[*answers, *([special] if special else [])],
    )


def _weakness() -> dict[str, Any]:
    return _step(
        "weakness",
        _("Is a leg or foot weak?"),
        hint=_("Try it: 5 steps on your heels, 5 on your toes, then stand up from a chair. Hold on to something."),
        modes=[LONG],
        when=[["legs", [YES]]],
        card="now",
        safety=True,
        fields=[
            {
                "name": "weakness_side",
                "kind": "one",
                "label": _("Which leg? You can leave this out."),
                "options": [list(option) for option in words.answer_labels("sides").items()],
                "error": _("Choose one of the sides, or none."),
            }
        ],
        answers=_grades("weakness", "weakness_grades", alarms=("", "", "today", "now", "now"), extras=True),
    )


def _numbness() -> dict[str, Any]:
    return _step(
        "numbness",
        _("How numb is your leg or foot?"),
        modes=[LONG],
        when=[["legs", [YES]]],
        card="now",
        safety=True,
        answers=_grades("numbness", "numbness_grades", alarms=("", "", "today", "today", "today")),
    )


def _grades(key: str, labels: str, *, alarms: Sequence[str], extras: bool = False) -> list[dict[str, Any]]:
    return [
        _answer(grade, label, writes={key: int(grade)}, alarm=alarms[int(grade)], extras=extras and grade != "0")
        for grade, label in words.answer_labels(labels).items()
    ]


def _since(step_id: str, after: str, values: list[str], key: str) -> dict[str, Any]:
    return _step(
        step_id,
        _("When did it start?"),
        modes=[],
        when=[[after, values]],
        card="now",
        safety=True,
        answers=[
            _answer("days", _("Today or yesterday"), writes={key: DAYS_AGO["days"]}),
            _answer("weeks", _("In the last 2 weeks"), writes={key: DAYS_AGO["weeks"]}),
            _answer("longer", _("Longer ago"), writes={key: DAYS_AGO["longer"]}),
        ],
    )


def _yes_no(step_id: str, group: str, heading: str, key: str, *, alarm: str, fields: list[dict[str, Any]] | None = None,
            ) -> dict[str, Any]:  # fmt: skip
    return _step(
        step_id,
        heading,
        modes=[LONG],
        when=[[group, [YES]]],
        card="today" if group == "body" else "now",
        safety=True,
        fields=fields or [],
        answers=[
            _answer("no", _("No"), writes={key: False}),
            _answer("yes", _("Yes"), writes={key: True}, alarm=alarm, extras=bool(fields)),
        ],
    )


def _degrees() -> dict[str, Any]:
    return {
        "name": "fever_c",
        "kind": "number",
        "label": _("Your temperature in °C, if you took it. You can leave this out."),
        "min": 34,
        "max": 43,
        "step": 0.1,
        "error": _("Enter a temperature from 34 to 43, such as 38.2, or leave it empty."),
    }


def _score(step_id: str, heading: str, hint: str, low: str, high: str, *, needs: list[str] | None = None,
           ) -> dict[str, Any]:  # fmt: skip
    return _step(
        step_id,
        heading,
        kind="nrs",
        hint=hint,
        needs=needs or [],
        low=low,
        high=high,
        answers=[_answer(str(value), str(value), writes={step_id: value}) for value in range(11)],
    )


def for_phone() -> list[dict[str, Any]]:
    """Return what the phone needs to run the plan; the words are in the page already."""
    named = ("id", "kind", "modes", "when", "needs", "card", "safety", "ces")
    parts = ("value", "writes", "keeps", "alarm", "extras", "wait")
    return [
        {name: step[name] for name in named}
        | {"answers": [{part: answer[part] for part in parts} for answer in step["answers"]]}
        for step in check_in()
    ]
