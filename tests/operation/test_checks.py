"""The start-up checks notice each value that safety rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from selfcare import checks
from selfcare.celery import app
from selfcare.clinic import demonstration
from selfcare.triage import catalogue

MOUNTS = """\
overlay / overlay rw 0 0
/dev/sda1 /srv ext4 rw 0 0
nas:/data /srv/shared nfs4 rw 0 0
mac /srv/my\\040files virtiofs rw 0 0
"""


def ids(found: list[checks.CheckMessage]) -> list[str | None]:
    return [one.id for one in found]


def test_the_settings_as_they_are_pass() -> None:
    assert checks.queue_settings(None) == []


@pytest.mark.parametrize("name", sorted(checks.QUEUE))
def test_each_queue_setting_is_noticed_when_it_is_off(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checks.QUEUE, name, "something else")

    found = checks.queue_settings(None)

    assert ids(found) == ["selfcare.E001"]
    assert f"Celery runs with {name} = " in found[0].msg


@pytest.mark.parametrize("name", sorted(checks.TRANSPORT))
def test_each_transport_option_is_noticed_when_it_is_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(app.conf.broker_transport_options, name)

    assert ids(checks.queue_settings(None)) == ["selfcare.E001"]


def test_a_beat_entry_without_expiry_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.conf.beat_schedule, "another", {"task": "x", "schedule": 10.0})

    assert ids(checks.queue_settings(None)) == ["selfcare.E002"]


def test_a_secret_that_others_can_read_is_noticed(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    secret = tmp_path / "secret_key"
    secret.write_text("s")
    secret.chmod(0o644)

    found = checks.private_files(None)

    assert ids(found) == ["selfcare.E003"]
    assert found[0].msg.endswith(f"(mode 644); run: chmod 600 {secret}.")


def test_a_production_installation_that_would_alert_nobody_is_told_so(settings: Settings) -> None:
    settings.EMAIL_URL = settings.OPERATOR_EMAIL = settings.REDIS_URL = ""

    messages = [one.msg for one in checks.reachable_people(None)]

    assert [message.partition(" is not set")[0] for message in messages] == ["EMAIL_URL", "OPERATOR_EMAIL", "REDIS_URL"]


def test_invented_people_are_refused_in_production(transactional_db: None, settings: Settings) -> None:
    demonstration.load(now=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))
    settings.EMBEDDED = False

    assert "selfcare.E010" in ids(checks.database(None, ["default"]))


def test_invented_people_are_welcome_in_a_demonstration(transactional_db: None) -> None:
    demonstration.load(now=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))

    assert checks.database(None, ["default"]) == []


def test_the_database_as_it_is_set_up_passes(transactional_db: None) -> None:
    assert checks.database(None, ["default"]) == []


def test_atomic_requests_are_noticed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)

    assert "selfcare.E004" in ids(checks.database(None, ["default"]))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/data/selfcare.sqlite3", "ext4"),
        ("/srv/shared/selfcare.sqlite3", "nfs4"),
        ("/srv/my files/selfcare.sqlite3", "virtiofs"),
        ("/home/x", "overlay"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert checks.file_system_of(Path(path), mounts=MOUNTS) == kind


def test_expired_content_is_named_and_still_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    expired = replace(catalogue.current(), expires_on=date(2026, 1, 1))
    monkeypatch.setattr(catalogue, "current", lambda: expired)

    found = checks.clinical_content(None)

    assert ids(found) == ["selfcare.W002"]
    assert "expired on 2026-01-01" in found[0].msg
    assert expired.rules


def test_signed_content_gets_the_safety_label_back_when_it_expires(
    monkeypatch: pytest.MonkeyPatch, client: Client, db: None
) -> None:
    label = "For demonstration and research."
    signed = replace(catalogue.current())
    signed.__dict__["demonstration"] = False
    monkeypatch.setattr(catalogue, "current", lambda: signed)
    before = client.get("/").content.decode()
    expired = replace(signed, expires_on=date(2026, 1, 1))
    expired.__dict__["demonstration"] = False
    monkeypatch.setattr(catalogue, "current", lambda: expired)

    after = client.get("/").content.decode()

    assert label not in before
    assert label in after


def test_content_that_cannot_be_used_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise catalogue.CatalogueError("rules.yaml, line 3: 'tire' is no key. Write 'tier'.")

    monkeypatch.setattr(catalogue, "current", broken)

    assert ids(checks.clinical_content(None)) == ["selfcare.E011"]
