"""Everything that is kept of one person, as a ZIP written while it is sent: memory does not grow with the diary.

The JSON holds every table of the register; who did something is "you", "care_team" or nobody, never a colleague's name.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignKey

from selfcare.accounts.models import AuditEvent, Clinic, User
from selfcare.diary.models import Entry
from selfcare.records.register import TABLES, Table
from selfcare.triage import catalogue

FORMAT, VERSION = "selfcare-export", 1
CHUNK = 200
YOU, CARE_TEAM = "you", "care_team"
_ENTRY_COLUMNS = (
    "id",
    "occurred_on",
    "recorded_at",
    "recorded_zone",
    "received_at",
    "entered_in_error_at",
    "corrects_id",
)
# What a spreadsheet would take for a formula (reliability.md S13), full-width forms included.
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001 - the full-width forms are meant

README = """This is a copy of what this service holds about you.

data.json   Everything, for other programs. Times are UTC. Days are your own.
            "{you}" is you. "{team}" is somebody of your care team.
diary.csv   Your check-ins as a table. Each row is one check-in.
            A check-in that you changed later is there too: see entered_in_error_at.
            A name with no value was not answered.

Not in it: keys and codes that are secret, such as those you sign in with.
Keep this file in a safe place. Anybody who opens it can read it.

Format {format}, version {version}. Made at {made_at}.
"""


def parts(person: User, *, now: datetime) -> Iterator[bytes]:
    """Yield the ZIP piece by piece."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        said = {"you": YOU, "team": CARE_TEAM, "format": FORMAT, "version": VERSION, "made_at": now.isoformat()}
        for name, pieces in (
            ("README.txt", [README.format(**said)]),
            ("data.json", _json(person, now=now)),
            ("diary.csv", _csv(person)),
        ):
            # zip64, because the length is not known before the end.
            with archive.open(
                zipfile.ZipInfo(name, now.astimezone(UTC).timetuple()[:6]), "w", force_zip64=True
            ) as file:
                for piece in pieces:
                    file.write(piece.encode())
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the archive is written to; what has been written is taken away at once."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken


def _json(person: User, *, now: datetime) -> Iterator[str]:
    clinics = dict(Clinic.objects.values_list("pk", "name"))
    head = {"format": FORMAT, "version": VERSION, "made_at": now}
    yield json.dumps(head, cls=DjangoJSONEncoder)[:-1]
    for table in TABLES:
        yield f', "{table.name}": ['
        yield from _joined(_rows(table, person.pk, clinics))
        yield "]"
    yield "}\n"


def _rows(table: Table, person_id: UUID, clinics: dict[UUID, str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, in which people are words and clinics are names."""
    rows = table.rows(person_id)
    columns = [one for one in rows.model._meta.concrete_fields if one.name not in table.left_out]
    people = {one.attname for one in columns if isinstance(one, ForeignKey) and one.related_model is User}
    places = {one.attname for one in columns if isinstance(one, ForeignKey) and one.related_model is Clinic}
    if rows.model is AuditEvent:
        # It names people and places by their ids alone.
        people, places = {"actor_id", "patient_id"}, {"clinic_id"}
    for row in rows.values(*(one.attname for one in columns)).iterator(chunk_size=CHUNK):
        told = {}
        for name, value in row.items():
            if name in people:
                told[name.removesuffix("_id")] = None if value is None else YOU if value == person_id else CARE_TEAM
            elif name in places:
                told["clinic"] = clinics.get(value) if value else None
            else:
                told[name] = value
        yield told


def _joined(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the rows as JSON with commas between them, some hundreds at a time."""
    held, before = [], ""
    for row in rows:
        held.append(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False))
        if len(held) == CHUNK:
            yield before + ",\n".join(held)
            held, before = [], ",\n"
    if held:
        yield before + ",\n".join(held)


def _csv(person: User) -> Iterator[str]:
    names = sorted(catalogue.current().vocabulary.entry)
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow([*_ENTRY_COLUMNS, *names, "other"])
    entries = Entry.objects.filter(patient=person).in_order().values(*_ENTRY_COLUMNS, "observations")
    for number, entry in enumerate(entries.iterator(chunk_size=CHUNK), start=1):
        said = dict(entry["observations"])
        cells = [entry[name] for name in _ENTRY_COLUMNS] + [said.pop(name, "") for name in names]
        writer.writerow([_cell(one) for one in [*cells, said or ""]])
        if number % CHUNK == 0:
            yield page.getvalue()
            page.seek(0)
            page.truncate()
    yield page.getvalue()


def _cell(value: Any) -> Any:
    """Return a value as a table holds it; a text that a spreadsheet would run is made plain text."""
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
