"""The sheet ``content/messages.yaml``: texts that a clinician may start a message from."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from edge import sheets
from edge.sheets import Folder, Sheet
from selfcare.correspondence.models import LONGEST

DIRECTORY = Path(__file__).parent / "content"
NAME = "messages.yaml"


@cache
def current() -> Sheet:
    """Return the sheet. Raises CatalogueError, with the line and the mend, for one that pages cannot rely on."""
    return read(Folder(DIRECTORY))


def read(shelf: sheets.Shelf) -> Sheet:
    """Return the checked sheet of a shelf."""
    sheet = sheets.read(shelf, NAME)
    sheet.fields(needs={"state": str, "written_on": date, "templates": dict})
    sheet.one_of("state", ("draft", "approved"))
    for template in sheet["templates"].values():
        template.fields(needs={"name": str, "text": str})
        if len(template["text"]) > LONGEST:
            raise template.fault(f"The text is longer than {LONGEST} letters. Make it shorter.", "text")
    return sheet
