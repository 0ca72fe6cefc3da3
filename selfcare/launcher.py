"""Process supervision: starts programs, shows what they say, starts a dead one again, stops them all.

It knows nothing of the product. One thread and one select loop: nothing here can dead-lock, and the kernel's tie
between a child and the thread that forked it (see ``tether``) stays valid.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

TETHER = Path(__file__).with_name("tether.py")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
# A program that has run this long is taken to be well: its next pause is the short one again.
SETTLED_SECONDS = 30.0


@dataclass(frozen=True)
class Program:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    # Stopped only when all others are gone: a worker gives its task back to a broker that is still there.
    outlives_others: bool = False


@dataclass
class Running:
    """A program's process, the piece of a line it has not finished, and how often it has died of late."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    unfinished: bytes = b""
    restart_at: float | None = None
    deaths: int = 0


@dataclass
class Supervisor:
    """Keeps programs running until it is told to stop. Use as a context manager: leaving it stops everything."""

    environment: Mapping[str, str]
    directory: Path
    say: Callable[[str, str], None]
    # A file handed to every child, such as a lock that must be held until the last of them is gone.
    shared_files: Iterable[int] = ()
    stop_seconds: float = 8.0
    # Before a dead program starts again; doubled with each further death.
    pause_seconds: float = 1.0
    stopping: bool = False
    _running: dict[str, Running] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _before: dict[signal.Signals, object] = field(default_factory=dict)

    def __enter__(self) -> Self:
        # A signal writes to the pipe, which ends a waiting select at once.
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._wake_before = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            self._before[number] = signal.signal(number, self._asked_to_stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        signal.set_wakeup_fd(self._wake_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._selector.close()
        os.close(self._woken)
        os.close(self._wake)

    def start(self, program: Program) -> None:
        """Start the program and keep it running from now on."""
        self._running[program.name] = Running(program, self._spawn(program), time.monotonic())
        self._listen(self._running[program.name])

    def restart(self, name: str) -> None:
        """End a program that has stopped working without dying; it is started again like a dead one."""
        _signal_group(self._running[name].process, signal.SIGKILL)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> bool:
        """Return whether ``ready`` became true in time; meanwhile programs are looked after."""
        deadline = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < deadline:
            if ready():
                return True
            self.tick()
        return False

    def run(self, *, each_second: Callable[[], None] = lambda: None) -> None:
        """Look after the programs until a stop signal comes."""
        due = time.monotonic()
        while not self.stopping:
            self.tick()
            if time.monotonic() >= due:
                each_second()
                due = time.monotonic() + 1.0

    def tick(self) -> None:
        """Show what the programs have said and bring back the dead."""
        self._show(TICK_SECONDS)
        for running in list(self._running.values()):
            self._look_after(running)

    def stop(self) -> None:
        """Stop every program: politely, then, after ``stop_seconds``, without asking."""
        self.stopping = True
        for last in (False, True):
            self._end([one for one in self._running.values() if one.program.outlives_others is last])
        self._running.clear()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal reaches the launcher alone, which then stops in the right order.
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *program.command],
            env=dict(self.environment),
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(self.shared_files),
        )

    def _listen(self, running: Running) -> None:
        assert running.process.stdout is not None
        os.set_blocking(running.process.stdout.fileno(), False)
        self._selector.register(running.process.stdout, selectors.EVENT_READ, running)

    def _show(self, seconds: float) -> None:
        for key, _events in self._selector.select(seconds):
            running = key.data
            if running is None:
                os.read(self._woken, 1024)
                continue
            self._hear(running)

    def _hear(self, running: Running) -> bool:
        """Say what a program has written since; return whether there may be more."""
        stream = running.process.stdout
        assert stream is not None
        try:
            piece = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return False
        if not piece:
            if stream in self._streams():
                self._selector.unregister(stream)
            return False
        *lines, running.unfinished = (running.unfinished + piece).split(b"\n")
        for line in lines:
            self.say(running.program.name, line.decode("utf-8", "replace").rstrip())
        return True

    def _streams(self) -> set[object]:
        return {key.fileobj for key in self._selector.get_map().values()}

    def _look_after(self, running: Running) -> None:
        now, name = time.monotonic(), running.program.name
        if running.restart_at is None:
            code = running.process.poll()
            if code is None or self.stopping:
                return
            _signal_group(running.process, signal.SIGKILL)  # whatever it left behind
            running.deaths = 1 if now - running.started > SETTLED_SECONDS else running.deaths + 1
            pause = min(self.pause_seconds * 2 ** (running.deaths - 1), LONGEST_PAUSE_SECONDS)
            running.restart_at = now + pause
            self.say("launcher", f"{name} ended with code {code}. It starts again in {pause:g} s.")
        elif now >= running.restart_at and not self.stopping:
            self._forget_output(running)
            running.process, running.started, running.restart_at = self._spawn(running.program), now, None
            self._listen(running)

    def _forget_output(self, running: Running) -> None:
        stream = running.process.stdout
        assert stream is not None
        # Its last words first: they say why it ended.
        while self._hear(running):
            pass
        if stream in self._streams():
            self._selector.unregister(stream)
        stream.close()
        running.unfinished = b""

    def _end(self, batch: list[Running]) -> None:
        for running in batch:
            _signal_one(running.process, signal.SIGTERM)
        deadline = time.monotonic() + self.stop_seconds
        while any(one.process.poll() is None for one in batch) and time.monotonic() < deadline:
            self._show(TICK_SECONDS)
        for running in batch:
            if running.process.poll() is None:
                self.say("launcher", f"{running.program.name} did not stop in time and was ended.")
            _signal_group(running.process, signal.SIGKILL)
            running.process.wait()
            self._forget_output(running)


def _signal_one(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(process.pid, number)
