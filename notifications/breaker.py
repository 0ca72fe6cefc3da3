"""A circuit breaker: after a run of failures a place is left alone for a while, lest it slow everybody down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after ``failures`` in a row, for ``pause`` seconds; then one caller may try again.

    It counts in this process only: each process finds out for itself. Time is the monotonic clock, which no one sets.
    """

    def __init__(self, *, failures: int, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.pause = pause
        self._failures = failures
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget what happened so far."""
        self._in_a_row = 0
        self._closed_again_at = float("-inf")

    def allows(self) -> bool:
        """Return whether to try now. When a pause is over one caller is told yes, the others no until it reports."""
        if self._in_a_row < self._failures:
            return True
        with self._lock:
            now = self._clock()
            if self._in_a_row >= self._failures and now < self._closed_again_at:
                return False
            self._closed_again_at = now + self.pause
            return True

    def succeeded(self) -> None:
        """Report that the place answered."""
        self._in_a_row = 0

    def failed(self) -> None:
        """Report that the place did not answer."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= self._failures:
                self._closed_again_at = self._clock() + self.pause
