"""Runs one command that must not outlive the process that started it.

    python -I -S tether.py PARENT_PID command argument ...

A launcher that is killed outright cannot tidy up, so each of its children is tied to it. On Linux the kernel does it:
it kills the child when the parent ends, and the wish survives exec. Not SIGTERM: a worker that is asked to stop while
its broker goes too waits for the broker to come back, for ever. Elsewhere this program stays and watches its parent.
Standard library only, and run as a file, so that a tethered program costs a few milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PATIENCE_SECONDS = 10


def become(command: list[str], *, parent: int) -> None:
    """Turn into the command, with the kernel's promise to kill it at the parent's death."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the promise was made
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - no shell is the point


def watch(command: list[str], *, parent: int) -> int:
    """Run the command until it or the parent ends; return the exit code. Signals are handed on."""
    child = subprocess.Popen(command)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    while child.poll() is None and os.getppid() == parent:
        time.sleep(0.3)
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def main(arguments: list[str]) -> int:
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        become(command, parent=parent)
    return watch(command, parent=parent)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
