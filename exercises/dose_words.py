"""A dose in the words that patients read, on the phone and on paper."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises.catalogue import Exercise

WALK = "walk"


def dose_words(exercise: Exercise, dose: Mapping[str, int], *, sides: int) -> str:
    """Return a dose as one or two short sentences: "2 sets of 10. Each side."."""
    hold, reps, sets = dose["hold_s"], dose["reps"], dose["sets"]
    if exercise.kind == WALK:
        minutes = _("%(n)s minutes.") % {"n": hold // 60}
        return f"{minutes} {_times_a_day(dose['times_a_day'])}".strip()
    if sets > 1:
        how_often = _("%(sets)s sets of %(reps)s") % {"sets": sets, "reps": reps}
    else:
        how_often = ngettext("%(n)s time", "%(n)s times", reps) % {"n": reps}
    held = _(", hold %(time)s each") % {"time": _duration(hold)} if hold else ""
    each_side = _("Each side.") if sides > 1 else ""
    return " ".join(filter(None, (f"{how_often}{held}.", each_side, _times_a_day(dose["times_a_day"]))))


def _duration(seconds: int) -> str:
    if seconds >= 60 and seconds % 60 == 0:
        return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}


def _times_a_day(times: int) -> str:
    return _("%(n)s times a day.") % {"n": times} if times > 1 else ""
