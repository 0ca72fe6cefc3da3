"""One command starts everything, and nothing is left of it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.rig import ROOT, children_of, eventually, free_port, processes_of

# One test process runs them all, so that they share a launcher.
pytestmark = [pytest.mark.services, pytest.mark.xdist_group("launcher")]

START_SECONDS = 120


class Launcher:
    """``manage.py serve`` with a data directory and a port of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.port = data_dir, free_port()
        self.output = data_dir.with_suffix(".out")
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.environment = {**kept, "SELFCARE_DATA_DIR": str(data_dir), "PORT": str(self.port), "DEMO": "0"}

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        assert eventually(lambda: "Press Ctrl-C" in self.said(), seconds=START_SECONDS), self.said()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def pid_of(self, *words: str) -> int | None:
        """Return the process of the launcher's own child with these words in its command line."""
        found = children_of(self.process.pid).items()
        return next((pid for pid, line in found if all(word in line for word in words)), None)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[[], Launcher]]:
    """Return a function that starts a launcher which the test may stop or kill."""
    made: list[Launcher] = []

    def launch() -> Launcher:
        made.append(Launcher(tmp_path / "data"))
        made[-1].start()
        return made[-1]

    yield launch
    end(*made)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """Return a launcher that several tests share; none of them stops it."""
    launcher = Launcher(tmp_path_factory.mktemp("running") / "data")
    launcher.start()
    yield launcher
    end(launcher)


def end(*launchers: Launcher) -> None:
    for launcher in launchers:
        if launcher.process.poll() is None:
            launcher.process.kill()
            launcher.process.wait()
    data_dirs = {launcher.data_dir for launcher in launchers}
    assert eventually(lambda: not any(map(processes_of, data_dirs))), [processes_of(one) for one in data_dirs]


def serve(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a launcher that is expected to refuse."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_everything_starts_works_stops_without_a_trace_and_starts_again_with_its_data(
    launch: Callable[[], Launcher],
) -> None:
    first = launch()
    ready = eventually(lambda: first.status("/readyz") == 200, seconds=60)
    code = first.stop()
    left = processes_of(first.data_dir)
    secret = (first.data_dir / "secret_key").read_text()

    second = launch()

    assert ready, first.said()
    assert (code, left) == (0, {})
    assert second.status("/healthz") == 200
    assert (second.data_dir / "secret_key").read_text() == secret


def test_a_launcher_that_is_killed_outright_leaves_nothing_running(launch: Callable[[], Launcher]) -> None:
    launcher = launch()
    # A worker that has begun to work is the one that would wait for its broker.
    assert eventually(lambda: launcher.status("/readyz") == 200, seconds=60), launcher.said()

    launcher.process.kill()
    launcher.process.wait()

    assert eventually(lambda: not processes_of(launcher.data_dir)), processes_of(launcher.data_dir)


@pytest.mark.parametrize("words", [("valkey-server",), ("celery", "worker"), ("gunicorn",), ("courier",)])
def test_a_program_that_dies_is_started_again(running: Launcher, words: tuple[str, ...]) -> None:
    assert eventually(lambda: running.status("/readyz") == 200, seconds=60), running.said()
    before = running.pid_of(*words)
    assert before

    os.kill(before, signal.SIGKILL)

    assert eventually(lambda: running.pid_of(*words) not in {None, before} and running.status("/healthz") == 200)
    assert eventually(lambda: running.status("/readyz") == 200, seconds=60), running.said()


def test_a_second_launcher_with_the_same_data_says_so(running: Launcher) -> None:
    second = serve({**running.environment, "PORT": str(free_port())})

    assert second.returncode == 1
    assert f"(process {running.process.pid}). Stop it first" in second.stderr


def test_a_port_that_is_taken_is_said_in_a_sentence(running: Launcher, tmp_path: Path) -> None:
    second = serve({**running.environment, "SELFCARE_DATA_DIR": str(tmp_path / "other")})

    assert second.returncode == 1
    assert f"Port {running.port} on 127.0.0.1 cannot be used" in second.stderr
    assert "Traceback" not in second.stderr
