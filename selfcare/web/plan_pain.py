"""The part of the check-in about pain: where it is, and how bad it was at each site."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from selfcare.web import bodymap, occasions, places
from selfcare.web.flow import BAD_DAY, FLARE, LONG, QUICK, SHORT
from selfcare.web.occasions import daily, weekly
from selfcare.web.steps import ANY_TIME, answer, choice, score, step

Data = dict[str, Any]


def where() -> list[Data]:
    """Return the steps about the places of the pain."""
    areas = [[area.id, str(area.name)] for area in bodymap.AREAS.values()]
    marked = [
        {"name": name, "kind": "many", "label": "", "options": areas, "error": _("Mark at least one place.")}
        for name in places.FIELDS
    ]
    return [
        step("places", heading=_("Is the pain in the same places?"), needs=["marked"], rise=True,
             due=[weekly("places"), occasions.after(1, "places", when=occasions.TOO_MUCH)], answers=[
                 answer("same", _("Yes, the same places"), writes={}, keeps=["places"]),
                 answer("changed", _("No, it changed"), writes={}),
             ]),
        # What was marked decides which answer it is (``places.answer``); one button saves it.
        step("map", kind="map", heading=_("Where is it now?"), when=[["places", ["changed"]]], fields=marked, answers=[
            answer(value, _("Save"), writes={}, extras=True)
            for value in ("marked", "numb", "marked_saddle", "numb_saddle")
        ]),
    ]  # fmt: skip


def pain() -> list[Data]:
    """Return the scores, one for each site in play."""
    ends = (_("0 is no pain"), _("10 is the worst pain you can imagine"))
    every_day = [SHORT, LONG, FLARE]
    usual = {
        "hint": _("Think of the last 24 hours. Choose the usual level, not the worst moment."),
        "late": {"hint": _("Think of yesterday. Choose the usual level, not the worst moment.")},
        "modes": [*every_day, QUICK, BAD_DAY],
        "when": [["event", ["second_reading"]]],
        "moved": True,
    }
    return [
        score("interference", _("0 is not at all"), _("10 is I could do nothing"), modes=every_day,
              late={"heading": _("How much did pain get in the way yesterday?")}),
        score("pain_buttock", *ends, heading=_("How bad was the pain in your buttock?"), needs=["buttock"], **usual),
        score("pain_leg", *ends, heading=_("How bad was the pain in your leg?"), needs=["leg"], **usual),
        score("pain_back", *ends, heading=_("How bad was the pain in your lower back?"), needs=["back"], **usual),
        score("pain_avg", *ends, heading=_("How bad was your pain?"), needs=["one_score"], **usual),
        # clinical.md 4.5: a session counts as green only when the morning after is known.
        score("ex_next_morning", *ends, heading=_("How bad was your pain this morning?"),
              hint=_("You did your exercises the day before."), modes=every_day, needs=["exercised"]),
        score("pain_worst", *ends, modes=[LONG, *ANY_TIME],
              due=[daily(when=occasions.WORST_PAIN_COUNTS, modes=[SHORT])]),
        choice("overall", "global_change", "changes_overall", modes=[QUICK], due=[weekly("global_change")]),
    ]  # fmt: skip
