"""What a person is told when the diary cannot do what was asked: status, a code for programs, a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edge.errors import NOT_HERE, Refused
from selfcare.diary.episodes import NotSetUp
from selfcare.diary.recording import AlreadyCorrected, IdTaken, UnknownEntry

# An id of somebody else is told exactly like an own id with another body: docs/decisions/0005-recording.md.
WORDS: dict[type[Exception], tuple[int, str, str]] = {
    IdTaken: (409, "id_taken", "This id stands for another entry already. Save your answers as a new entry."),
    AlreadyCorrected: (
        409,
        "already_corrected",
        "This entry was changed before. Open its newest version to change it.",
    ),
    UnknownEntry: (404, "unknown", NOT_HERE),
    NotSetUp: (403, "not_set_up", "Finish setting up your diary first. Your answers stay on this phone until then."),
}


def told(error: Exception) -> tuple[int, str, str]:
    """Return the status, code and sentence of an error of the diary."""
    return WORDS[type(error)]


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the diary's own errors into answers."""
    try:
        yield
    except tuple(WORDS) as error:
        status, _code, sentence = told(error)
        raise Refused(sentence, status_code=status) from None
