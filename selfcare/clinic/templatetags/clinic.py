"""How a clinician's page writes times, ages and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exercises import mastery
from selfcare.clinic import explain, patterns, trend, wording
from selfcare.clinic.forms import ROTA_LEVELS
from selfcare.triage.models import Alert

register = template.Library()

# The class of the tier bar: red is "now" and nothing else.
TIER_CLASSES = {"emergency": "now", "same_day": "today", "within_2_weeks": "soon"}

CHANGES = {
    trend.Change.LESS: _("clearly less"),
    trend.Change.SAME: _("about the same"),
    trend.Change.MORE: _("clearly more"),
    trend.Change.UNKNOWN: _("not enough entries"),
}
RECHECKS = {
    mastery.BREAK: _("28 days without it"),
    mastery.SURGERY: _("an operation"),
    mastery.TWO_REDS: _("two red sessions in a week"),
}


@register.filter
def when(at: datetime | None, now: datetime) -> str:
    """Return an instant in the page's zone: the time alone today, with the day on any other day."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = formats.date_format(local, "H:i")
    if local.date() == today:
        return clock
    if local.date() == today - timedelta(days=1):
        return gettext("yesterday %(time)s") % {"time": clock}
    return formats.date_format(local, "j M H:i" if local.year == today.year else "j M Y H:i")


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something happened, in one unit."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes < 1:
        return gettext("just now")
    if minutes < 120:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return gettext("%(n)d hours ago") % {"n": minutes // 60}
    return gettext("%(n)d days ago") % {"n": minutes // 1440}


@register.filter
def day(on: date | None) -> str:
    """Return a calendar date with its weekday, as people say it."""
    return formats.date_format(on, "D j M Y") if on else ""


@register.filter
def short_day(on: date | None) -> str:
    """Return a calendar date without its weekday."""
    return formats.date_format(on, "j M Y") if on else ""


@register.filter
def tier_class(tier: str) -> str:
    """Return the style class of a tier."""
    return TIER_CLASSES.get(tier, "routine")


@register.filter
def label(name: str) -> str:
    """Return the clinical label of an observation."""
    return wording.label_of(name)


@register.filter
def value(values: Mapping[str, Any] | None, name: str) -> Any:
    """Return one value by its name; None where there is none."""
    return values.get(name) if values else None


@register.filter
def number(amount: float | None) -> str:
    """Return a number with one decimal at most, the same in chart and table; a dash where there is none."""
    return "\N{EN DASH}" if amount is None else f"{amount:.1f}".removesuffix(".0")


@register.filter
def change_word(change: trend.Change) -> str:
    """Return how an average has changed; about scores for which less is better."""
    return str(CHANGES[change])


@register.filter
def rota_word(level: int) -> str:
    """Return when a clinician on this rota level is told."""
    return str(dict(ROTA_LEVELS).get(level, level))


@register.filter
def recheck_reason(why: str) -> str:
    """Return why an exercise must be checked again."""
    return str(RECHECKS.get(why, why))


@register.filter
def is_gap(row: Any) -> bool:
    """Return whether a row of the diary stands for days without an entry."""
    return hasattr(row, "days")


@register.filter
def because(alert: Alert) -> str:
    """Return one sentence with the values and days that made the rule of an alert fire."""
    return explain.because(alert)


@register.simple_tag
def pattern_note() -> str:
    """Return what the section with patterns says about itself."""
    return patterns.note()
