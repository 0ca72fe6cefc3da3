"""``manage.py messages``: brings the translators' files up to date with the texts, and compiles them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from edge.languages import SOURCE
from selfcare import messages

try:
    import polib
except ModuleNotFoundError:  # a requirement of development alone
    polib = None

PLURAL_FORMS = {"es": "nplurals=2; plural=(n != 1);"}


class Command(BaseCommand):
    """Writes a file per room and language. A text that has changed loses its translation: nothing is guessed."""

    help = "Bring the files of translations (.po) up to date and compile them (.mo)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the option that only compiles."""
        parser.add_argument("--compile", action="store_true", help="only compile what the translators wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and say how much of each language is still to do."""
        if polib is None:
            raise CommandError("This needs polib. Run: make lint, which installs what development needs.")
        for language in [code for code, _name in settings.LANGUAGES if code != SOURCE]:
            for folder, texts in messages.rooms().items():
                path = folder / language / "LC_MESSAGES" / "django.po"
                file = polib.pofile(str(path), wrapwidth=100) if path.exists() else _new(language)
                if not options["compile"]:
                    _update(file, texts)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    file.save(str(path))
                file.save_as_mofile(str(path.with_suffix(".mo")))
                done = len(file.translated_entries())
                place = path.relative_to(settings.BASE_DIR)
                self.stdout.write(f"{place}: {done} of {len(texts)} translated")


def _new(language: str) -> Any:
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Project-Id-Version": "selfcare",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    return file


def _update(file: Any, texts: list[messages.Message]) -> None:
    wanted = polib.POFile()
    wanted.extend(_entry(text) for text in texts)
    file.merge(wanted)
    order = {text.text: number for number, text in enumerate(texts)}
    file.sort(key=lambda entry: (entry.obsolete, order.get(entry.msgid, 0)))


def _entry(text: messages.Message) -> Any:
    entry = polib.POEntry(msgid=text.text, comment="\n".join([*(["safety"] if text.safety else []), *text.places[:8]]))
    if text.plural:
        entry.msgid_plural, entry.msgstr_plural = text.plural, {0: "", 1: ""}
    if "%(" in text.text + text.plural:
        entry.flags = ["python-format"]
    elif "{" in text.text:
        entry.flags = ["python-brace-format"]
    return entry
