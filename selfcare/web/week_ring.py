"""PURE: the week on Today, check-ins done of check-ins planned. Nothing counts in a row, and nothing is missed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_A_WEEK = 7
EVERY_DAY = "1234567"


@dataclass(frozen=True, slots=True)
class Pip:
    """One day of the week."""

    on: date
    done: bool
    planned: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """A week with what is planned in it; what is done besides is told as extra."""

    days: tuple[Pip, ...]
    planned: int
    done: int

    @property
    def counted(self) -> int:
        """Return the check-ins that count towards the plan: on whichever day of the week they were made."""
        return min(self.done, self.planned)

    @property
    def extra(self) -> int:
        """Return the check-ins beyond the plan."""
        return self.done - self.counted


def ring(
    today: date, done: Collection[date], *, begins: date, days: str = EVERY_DAY, most: int = DAYS_A_WEEK, since: date
) -> Ring:
    """Return the week that begins on ``begins``.

    ``days`` are the planned ISO weekdays, of which ``most`` are enough; nothing is planned before ``since``, the day on
    which somebody began or came back.
    """
    week = [begins + timedelta(days=n) for n in range(DAYS_A_WEEK)]
    planned = {on for on in week if str(on.isoweekday()) in days and on >= since}
    return Ring(
        days=tuple(Pip(on, on in done, on in planned, on == today) for on in week),
        planned=min(len(planned), most),
        done=sum(on in done for on in week),
    )


def since(today: date, done: Collection[date], *, begins: date, gap: int) -> date:
    """Return the day from which a week is planned: its first, unless nothing was told for more than ``gap`` days."""
    if any(begins - timedelta(days=gap + 1) <= on < begins for on in done):
        return begins
    return min((on for on in done if begins <= on <= today), default=today)
