"""Only processes that the stack started are ever signalled, and they outlive their starter."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.processes import Process, StackError, recorded_pid, start_ticks, wait_until

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"


def make(folder: Path, code: str, stop_seconds: float = 10.0) -> Process:
    return Process(
        name="sleeper",
        argv=[sys.executable, "-u", "-c", code],
        env=dict(os.environ),
        log=folder / "logs" / "sleeper.log",
        record=folder / "pids" / "sleeper",
        cwd=folder,
        stop_seconds=stop_seconds,
    )


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Process]:
    process = make(tmp_path, "import time; time.sleep(60)")
    process.start()
    yield process
    process.kill()


def test_a_second_handle_finds_and_stops_the_same_process(sleeper: Process, tmp_path: Path) -> None:
    """The record is enough for another command to stop what this one started."""
    other = make(tmp_path, "")
    assert other.pid == sleeper.pid is not None
    other.start()
    assert other.pid == sleeper.pid
    os.kill(sleeper.pid, 15)
    wait_until(lambda: not sleeper.running, seconds=10, what="gone")
    assert not other.running


def test_a_stopped_process_is_gone_with_all_its_threads(tmp_path: Path) -> None:
    """A process whose first thread has ended is waited for until the others have, too."""
    first_ends = (
        "import ctypes, threading, time\n"
        "threading.Thread(target=time.sleep, args=(0.5,)).start()\n"
        "print('up'); ctypes.CDLL(None).pthread_exit(None)"
    )
    process = make(tmp_path, first_ends)
    process.start()
    pid = recorded_pid(process.record)
    assert pid is not None
    wait_until(lambda: not process.running, seconds=10, what="first thread ended")
    process.stop()
    assert not Path(f"/proc/{pid}").exists()


def test_a_process_leads_a_session_of_its_own(sleeper: Process) -> None:
    """It does not end with the shell that started it."""
    pid = sleeper.pid
    assert pid is not None
    assert os.getsid(pid) == pid


def test_a_reused_process_id_is_left_alone(sleeper: Process) -> None:
    """A record whose start time is another process's counts as not running."""
    pid = sleeper.pid
    assert pid is not None
    record = sleeper.record.read_text()
    sleeper.record.write_text(json.dumps([pid, (start_ticks(pid) or 0) - 1]))
    sleeper.stop()
    assert start_ticks(pid) is not None
    sleeper.record.write_text(record)


def test_stopping_ends_a_process_that_does_not_listen(tmp_path: Path) -> None:
    """After its time to stop it is killed."""
    process = make(tmp_path, STUBBORN, stop_seconds=0.3)
    process.start()
    process.wait_ready(lambda: process.log.read_text() == "up\n", seconds=10)
    process.stop()
    assert not process.running
    assert not process.record.exists()


def test_killing_also_ends_what_it_started(tmp_path: Path) -> None:
    """The whole process group goes."""
    code = (
        "import subprocess, sys, time;"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid);"
        "time.sleep(60)"
    )
    process = make(tmp_path, code)
    process.start()
    process.wait_ready(lambda: process.log.read_text().endswith("\n"), seconds=10)
    child = int(process.log.read_text())
    process.kill()
    wait_until(lambda: start_ticks(child) is None, seconds=10, what="child gone")


def test_a_process_that_dies_while_starting_shows_its_log(tmp_path: Path) -> None:
    """The error holds what the process said last."""
    process = make(tmp_path, "raise SystemExit('no such luck')")
    process.start()
    with pytest.raises(StackError, match="no such luck"):
        process.wait_ready(lambda: False, seconds=10)


def test_a_process_that_never_gets_ready_is_reported(sleeper: Process) -> None:
    """Waiting has a deadline."""
    with pytest.raises(StackError, match="sleeper ready: not within"):
        sleeper.wait_ready(lambda: False, seconds=0.1)


@pytest.mark.parametrize("content", ["", "{", "null", "[1]", "[999999999, null]"])
def test_a_damaged_record_counts_as_not_running(tmp_path: Path, content: str) -> None:
    """A record torn by a power cut stops nobody."""
    record = tmp_path / "record"
    record.write_text(content)
    assert recorded_pid(record) is None


def test_a_zombie_counts_as_not_running() -> None:
    """A process that ended but was not reaped yet no longer runs."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    wait_until(lambda: start_ticks(child.pid) is None, seconds=10, what="ended")
    child.wait()
