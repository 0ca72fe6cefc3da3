"""A published version stays what it was, and a broken one never leaves an installation without rules."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Kind, Message
from selfcare import checks, health
from selfcare.triage import catalogue, published, tasks
from selfcare.triage.catalogue import CatalogueError, Choice
from tests.triage.sheets_folder import TODAY, folder, sign_everything, spoil

__all__ = ["folder"]


def publish(folder: Path, version: str = "0.1.0") -> Path:
    """Return the file of a version made from the folder as it stands."""
    sheet = folder / "catalogue.yaml"
    present = catalogue.load(folder, today=None).version
    sheet.write_text(sheet.read_text(encoding="utf-8").replace(present, version, 1), encoding="utf-8")
    return published.write(folder, folder / "published", version=version)


def choose(folder: Path, *, demonstration: bool = True) -> Choice:
    return catalogue.choose(folder, from_sheets=False, demonstration=demonstration)


def damage(path: Path) -> None:
    """Change one word of a published version, as somebody would who edits it by hand."""
    text = path.read_text(encoding="utf-8")
    assert "peeing burns" in text
    path.write_text(text.replace("peeing burns", "peeing stings"), encoding="utf-8")


def test_a_published_version_is_the_content_of_its_sheets(folder: Path) -> None:
    path = publish(folder)

    assert catalogue.load(path, today=TODAY).etag == catalogue.load(folder, today=TODAY).etag


def test_later_changes_of_the_sheets_do_not_reach_it(folder: Path) -> None:
    publish(folder)
    spoil(folder, "rules_cauda_equina.yaml", "peeing burns or stings", "peeing hurts")

    sentence = choose(folder).catalogue.rule("RF-URO-01").patient_sentence

    assert sentence == "You told us that peeing burns or stings."


def test_a_version_is_published_once(folder: Path) -> None:
    publish(folder)

    with pytest.raises(
        CatalogueError, match=r"Version 0\.1\.0 is published already\. Raise 'version' in catalogue\.yaml"
    ):
        publish(folder)


def test_an_older_version_is_not_published_after_a_newer_one(folder: Path) -> None:
    publish(folder, "0.10.0")

    with pytest.raises(CatalogueError, match=r"Version 0\.10\.0 is published already"):
        publish(folder, "0.9.0")


def test_a_version_has_three_numbers(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="Write three numbers"):
        publish(folder, "next")


def test_the_newest_version_judges(folder: Path) -> None:
    for version in ("0.2.0", "0.9.0", "0.10.0"):
        publish(folder, version)

    assert choose(folder).catalogue.version == "0.10.0"


def test_an_edited_version_is_found_out_and_the_last_good_one_judges(folder: Path) -> None:
    publish(folder, "0.1.0")
    damage(publish(folder, "0.2.0"))

    choice = choose(folder)

    assert choice.catalogue.version == "0.1.0"
    assert choice.passed_over == (
        "0.2.0.json, line 1: The content does not match its digest. Take the file back as it was published; a "
        "published version is never edited.",
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}'])
def test_a_version_that_is_cut_short_is_passed_over(folder: Path, text: str) -> None:
    publish(folder, "0.1.0")
    publish(folder, "0.2.0").write_text(text, encoding="utf-8")

    assert choose(folder).catalogue.version == "0.1.0"


def test_a_version_under_another_name_is_passed_over(folder: Path) -> None:
    path = publish(folder, "0.1.0")
    path.with_name("0.3.0.json").write_bytes(path.read_bytes())

    assert choose(folder).source == path


def test_when_no_published_version_can_be_used_the_sheets_judge(folder: Path) -> None:
    damage(publish(folder))

    choice = choose(folder)

    assert (choice.source, len(choice.passed_over)) == (folder, 1)
    assert choice.catalogue.rules


def test_the_sheets_judge_where_nothing_is_published_or_where_that_is_wished(folder: Path) -> None:
    nothing_published = choose(folder).source
    publish(folder)
    wished = catalogue.choose(folder, from_sheets=True, demonstration=True).source

    assert (nothing_published, wished) == (folder, folder)


def test_outside_a_demonstration_what_is_approved_goes_before_what_is_newer(folder: Path) -> None:
    spoil(folder, "catalogue.yaml", 'version: "', 'version: "1')
    version = catalogue.load(folder, today=None).version
    sign_everything(folder)
    published.write(folder, folder / "published", version=version)
    spoil(folder, "rules_cauda_equina.yaml", "peeing burns or stings", "peeing hurts")
    publish(folder, "99.0.0")

    versions = [choose(folder, demonstration=demonstration).catalogue.version for demonstration in (True, False)]

    assert versions == ["99.0.0", version]


def test_an_approval_that_has_expired_still_goes_before_what_was_never_approved(folder: Path) -> None:
    sign_everything(folder)
    version = catalogue.load(folder, today=None).version
    published.write(folder, folder / "published", version=version)
    publish(folder, "99.0.0")

    content = choose(folder, demonstration=False).catalogue

    assert content.version == version
    assert content.is_expired(content.expires_on + timedelta(days=1))


def test_whoever_replaces_an_old_version_breaks_the_chain(folder: Path, tmp_path: Path) -> None:
    old = publish(folder, "0.1.0")
    publish(folder, "0.2.0")
    before = published.faults(folder / "published")
    old.unlink()
    spoil(folder, "rules_cauda_equina.yaml", "peeing burns or stings", "peeing hurts")
    spoil(folder, "catalogue.yaml", '"0.2.0"', '"0.1.0"')
    other = tmp_path / "elsewhere"
    old.write_bytes(published.write(folder, other, version="0.1.0").read_bytes())

    (fault,) = published.faults(folder / "published")

    assert before == []
    assert fault.startswith("0.1.0.json, line 1: Version 0.2.0 was published after another 0.1.0 than this.")


def test_what_has_been_published_here_is_whole_and_can_be_used() -> None:
    directory = catalogue.DIRECTORY / catalogue.PUBLISHED

    loaded = [catalogue.load(path, today=None).version for path in published.files(directory)]

    assert published.faults(directory) == []
    assert loaded == [path.stem for path in published.files(directory)]


# --- What the installation says about it ------------------------------------------------------------------------------


def use(monkeypatch: pytest.MonkeyPatch, choice: Choice) -> None:
    monkeypatch.setattr(catalogue, "chosen", lambda: choice)


def broken(folder: Path) -> Choice:
    publish(folder, "0.1.0")
    damage(publish(folder, "0.2.0"))
    return choose(folder)


def test_the_start_goes_on_with_the_last_good_version_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, broken(folder))

    (found,) = checks.clinical_content(None)

    assert found.id == "selfcare.W003"
    assert "0.1.0 judges meanwhile. 0.2.0.json, line 1:" in found.msg


def test_the_health_page_names_it(folder: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    use(monkeypatch, broken(folder))

    problem = health.find_problems(now=timezone.now())["catalogue"]

    assert "version 0.1.0 judges" in problem


def test_the_operator_is_told_once(folder: Path, monkeypatch: pytest.MonkeyPatch, db: None, settings: Settings) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    use(monkeypatch, broken(folder))

    counts = [tasks.watch_catalogue(), tasks.watch_catalogue()]

    assert counts == [1, 1]
    assert Message.objects.filter(kind=Kind.OPERATOR).count() == 1


def test_nobody_is_told_while_all_is_well(db: None, settings: Settings) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"

    assert tasks.watch_catalogue() == 0
    assert not Message.objects.filter(kind=Kind.OPERATOR).exists()


def test_content_that_was_never_approved_stops_the_start_outside_a_demonstration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    use(monkeypatch, choose(folder))
    settings.DEMONSTRATION = True
    shown = checks.clinical_content(None)
    settings.DEMONSTRATION = False

    (refused,) = checks.clinical_content(None)

    assert shown == []
    assert (refused.id, refused.is_serious()) == ("selfcare.E012", True)
    assert re.match(r"rules_\w+\.yaml, line \d+: rule (\S+) is not approved.* catalogue sign rule \1\.", refused.msg)


def test_approved_content_starts_outside_a_demonstration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    sign_everything(folder)
    use(monkeypatch, choose(folder))
    settings.DEMONSTRATION = False

    assert checks.clinical_content(None) == []


def test_an_approval_that_expires_never_stops_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    spoil(folder, "catalogue.yaml", "expires_on: 2027-11-30", "expires_on: 2026-12-02")
    sign_everything(folder)
    use(monkeypatch, choose(folder))
    settings.DEMONSTRATION = False
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 12, 3))

    (found,) = checks.clinical_content(None)

    assert (found.id, found.is_serious()) == ("selfcare.W002", False)
