"""The supervisor, with small programs of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from selfcare import tether
from selfcare.launcher import TETHER, Program, Supervisor

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 10.0

HOLD = "import time; print('here', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"
# A program with a helper of its own, whose id it prints.
PARENT = (
    "import subprocess, sys, time;"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True); time.sleep(60)"
)


class Heard:
    """What the supervisor said, line by line."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    def of(self, name: str) -> list[str]:
        return [line for who, line in self.lines if who == name]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def supervisor(heard: Heard) -> Iterator[Supervisor]:
    with Supervisor(
        environment=os.environ, directory=ROOT, say=heard, stop_seconds=2.0, pause_seconds=0.05
    ) as supervisor:
        yield supervisor


def program(name: str, code: str, *, outlives_others: bool = False) -> Program:
    return Program(name, [sys.executable, "-c", code], outlives_others=outlives_others)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie has ended; its parent has only not asked yet.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_what_a_program_says_is_shown_under_its_name(supervisor: Supervisor, heard: Heard) -> None:
    supervisor.start(program("web", HOLD))

    assert supervisor.wait_until(lambda: ("web", "here") in heard.lines, seconds=PATIENCE_SECONDS)


def test_a_dead_program_is_started_again(supervisor: Supervisor, heard: Heard) -> None:
    supervisor.start(program("web", "print('here', flush=True)"))

    assert supervisor.wait_until(lambda: len(heard.of("web")) >= 3, seconds=PATIENCE_SECONDS)
    assert heard.of("launcher")[0] == "web ended with code 0. It starts again in 0.05 s."


def test_the_pause_doubles_while_a_program_keeps_dying(supervisor: Supervisor, heard: Heard) -> None:
    supervisor.start(program("web", "raise SystemExit(3)"))

    supervisor.wait_until(lambda: len(heard.of("launcher")) >= 3, seconds=PATIENCE_SECONDS)

    assert [line.split()[-2] for line in heard.of("launcher")[:3]] == ["0.05", "0.1", "0.2"]


def test_a_program_that_hangs_can_be_started_again(supervisor: Supervisor, heard: Heard) -> None:
    supervisor.start(program("beat", STUBBORN))
    supervisor.wait_until(lambda: len(heard.of("beat")) == 1, seconds=PATIENCE_SECONDS)

    supervisor.restart("beat")

    assert supervisor.wait_until(lambda: len(heard.of("beat")) == 2, seconds=PATIENCE_SECONDS)


def test_leaving_stops_a_program_that_ignores_being_asked(supervisor: Supervisor, heard: Heard) -> None:
    supervisor.start(program("web", "import os; print(os.getpid(), flush=True);" + STUBBORN))
    supervisor.wait_until(lambda: len(heard.of("web")) == 2, seconds=PATIENCE_SECONDS)

    supervisor.stop()

    assert not alive(int(heard.of("web")[0]))


def test_stopping_ends_the_helpers_of_a_program_too(supervisor: Supervisor, heard: Heard) -> None:
    supervisor.start(program("worker", PARENT))
    supervisor.wait_until(lambda: len(heard.of("worker")) == 1, seconds=PATIENCE_SECONDS)

    supervisor.stop()

    assert eventually(lambda: not alive(int(heard.of("worker")[0])))


def test_the_broker_is_stopped_after_those_who_use_it(supervisor: Supervisor, heard: Heard) -> None:
    says_goodbye = (
        "import signal, sys, time\n"
        "def end(*_): print('bye', flush=True); sys.exit()\n"
        "signal.signal(15, end); print('here', flush=True); time.sleep(60)"
    )
    supervisor.start(program("broker", says_goodbye, outlives_others=True))
    supervisor.start(program("worker", says_goodbye.replace("print('bye'", "time.sleep(0.5); print('bye'")))
    supervisor.wait_until(lambda: len(heard.lines) == 2, seconds=PATIENCE_SECONDS)

    supervisor.stop()

    assert [name for name, line in heard.lines if line == "bye"] == ["worker", "broker"]


def test_a_stop_signal_ends_the_run(supervisor: Supervisor, heard: Heard) -> None:
    supervisor.start(program("web", HOLD))

    supervisor.run(each_second=lambda: os.kill(os.getpid(), signal.SIGTERM))

    assert supervisor.stopping


def test_a_launcher_that_is_killed_outright_takes_its_programs_with_it() -> None:
    script = (
        "import os, sys; from pathlib import Path; from selfcare.launcher import *\n"
        "say = lambda _, line: print(line, flush=True)\n"
        "with Supervisor(environment=os.environ, directory=Path('.'), say=say) as s:\n"
        "    s.start(Program('web', [sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True);"
        " time.sleep(60)']))\n"
        "    s.run()\n"
    )
    launcher = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert launcher.stdout is not None
    pid = int(launcher.stdout.readline())

    launcher.kill()
    launcher.wait()

    assert eventually(lambda: not alive(pid))
    launcher.stdout.close()


def test_where_the_kernel_does_not_help_the_tether_watches_the_parent(tmp_path: Path) -> None:
    watching = f"import sys; sys.path.insert(0, {str(TETHER.parent)!r}); import tether, os;"
    note = tmp_path / "pid"
    child = [sys.executable, "-c", f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"]
    middle = (
        "import os, subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, '-c', {watching + f'tether.watch({child!r}, parent=os.getppid())'!r}]);"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", middle])
    assert eventually(lambda: note.exists() and note.read_text() != "")

    parent.kill()
    parent.wait()

    assert eventually(lambda: not alive(int(note.read_text())))


def test_the_tether_returns_the_exit_code_of_its_program() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}

    code = tether.watch([sys.executable, "-c", "raise SystemExit(7)"], parent=os.getppid())

    for number, handler in before.items():
        signal.signal(number, handler)
    assert code == 7
