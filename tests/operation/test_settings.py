"""A wrong value stops the start with one sentence that says what to set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = (
    "import json; from django.conf import settings;"
    "print(json.dumps({name: getattr(settings, name) for name in %r}, default=str))"
)


def start(arguments: list[str], data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "PORT"}}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**kept, "DJANGO_SETTINGS_MODULE": "selfcare.settings", "SELFCARE_DATA_DIR": str(data_dir), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def read(names: list[str], data_dir: Path, **environment: str) -> Any:
    return json.loads(start(["-c", READ % (names,)], data_dir, **environment).stdout)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is 'eighty'; set it to a number from 1 to 65535."),
        ("SITE_URL", "selfcare.example", "SITE_URL is 'selfcare.example'; set it to the full address, such as "),
        ("REDIS_URL", "amqp://x", "REDIS_URL is 'amqp://x'; set it to redis://host:port or unix:///path/to/socket."),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL does not name a database; set it to postgres://"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL does not name a mail server; set it to smtp+tls://"),
        ("WORKER_PROCESSES", "0", "WORKER_PROCESSES is '0'; set it to a number from 1 to 256."),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(name: str, value: str, sentence: str, tmp_path: Path) -> None:
    result = start(["manage.py", "check"], tmp_path, **{name: value})

    assert result.returncode == 1
    assert result.stderr.startswith(f"selfcare cannot start. {sentence}")
    assert "Traceback" not in result.stderr


def test_one_variable_moves_the_port_and_the_address(tmp_path: Path) -> None:
    assert read(["SITE_URL"], tmp_path, PORT="8123") == {"SITE_URL": "http://localhost:8123"}


def test_a_public_address_is_not_the_embedded_profile(tmp_path: Path) -> None:
    names = ["EMBEDDED", "DEMO", "SESSION_COOKIE_SECURE"]

    values = read(names, tmp_path, SITE_URL="https://selfcare.example")

    assert values == {"EMBEDDED": False, "DEMO": False, "SESSION_COOKIE_SECURE": True}


def test_a_demonstration_can_start_empty(tmp_path: Path) -> None:
    assert read(["EMBEDDED", "DEMO"], tmp_path, DEMO="0") == {"EMBEDDED": True, "DEMO": False}


def test_a_unix_socket_is_written_as_queue_and_cache_want_it(tmp_path: Path) -> None:
    values = read(["CELERY_BROKER_URL", "CACHES"], tmp_path, REDIS_URL="unix:///tmp/selfcare-x/s")

    assert values["CELERY_BROKER_URL"] == "redis+socket:///tmp/selfcare-x/s?virtual_host=0"
    assert values["CACHES"]["default"]["LOCATION"] == "unix:///tmp/selfcare-x/s?db=1"
