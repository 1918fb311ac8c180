"""Processes that outlive the command which started them, and are only ever stopped by identity.

A record holds the process id and the start time that the kernel gives it, so an id that was
reused by a stranger is recognised and left alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

POLL_SECONDS = 0.05
REAP_SECONDS = 10.0
LOG_TAIL_LINES = 15
# A line with a traceback in it is as long as a page.
LOG_TAIL_COLUMNS = 300


class StackError(Exception):
    """A member of the stack could not be started, reached or stopped."""


def wait_until(
    condition: Callable[[], bool], *, seconds: float, what: str, hint: Callable[[], str] = str
) -> None:
    """Return once ``condition`` holds; after ``seconds`` raise, adding what ``hint`` knows."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise StackError(f"{what}: not within {seconds:g} s. {hint()}".strip())
        time.sleep(POLL_SECONDS)


def start_ticks(pid: int) -> int | None:
    """When the kernel started ``pid``, in clock ticks since boot; None if it no longer runs."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command name may hold spaces and brackets, so fields are counted after its last bracket.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def recorded_pid(record: Path) -> int | None:
    """The id in a record if that very process still runs."""
    try:
        pid, ticks = json.loads(record.read_text())
    except (FileNotFoundError, TypeError, ValueError):
        return None
    return pid if ticks is not None and start_ticks(pid) == ticks else None


@dataclass
class Process:
    """One program in a session of its own, its output in a log, its identity in a record."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    record: Path
    cwd: Path
    stop_seconds: float = 20.0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """The id of the running process, or None."""
        pid = recorded_pid(self.record)
        if pid is None and self._child is not None:
            self._child.poll()
        return pid

    @property
    def running(self) -> bool:
        return self.pid is not None

    def start(self) -> None:
        """Start it unless it runs."""
        if self.running:
            return
        for folder in (self.log.parent, self.record.parent):
            folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                self.argv,
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.record.write_text(json.dumps([self._child.pid, start_ticks(self._child.pid)]))

    def terminate(self) -> None:
        """Ask it to end, without waiting."""
        pid = self.pid
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def stop(self) -> None:
        """Ask it to end; end it if it does not within ``stop_seconds``."""
        self.terminate()
        self.finish()

    def finish(self) -> None:
        """Wait for the end of a process that was asked to; end it after ``stop_seconds``."""
        if self.running:
            try:
                self._wait_gone(self.stop_seconds)
            except StackError:
                self.kill()
        self._reap()
        self.record.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it and what it started at once, as a power cut would."""
        pid = self.pid
        if pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            self._wait_gone(REAP_SECONDS)
        self._reap()
        self.record.unlink(missing_ok=True)

    def wait_ready(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait for ``ready``; a process that ended, or takes too long, raises with its log."""

        def settled() -> bool:
            if not self.running:
                raise StackError(f"{self.name} ended while starting.\n{self.log_tail()}")
            return ready()

        wait_until(settled, seconds=seconds, what=f"{self.name} ready", hint=self.log_tail)

    def log_tail(self) -> str:
        """The last lines of the log, with its path."""
        with suppress(FileNotFoundError):
            lines = self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
            lines = [line[:LOG_TAIL_COLUMNS] for line in lines]
            return "\n".join([f"{self.log}:", *lines])
        return f"{self.log}: nothing written"

    def _reap(self) -> None:
        """Collect the exit status; other threads may end a moment after the first one."""
        if self._child is not None and start_ticks(self._child.pid) is None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(REAP_SECONDS)

    def _wait_gone(self, seconds: float) -> None:
        wait_until(lambda: not self.running, seconds=seconds, what=f"{self.name} gone")
