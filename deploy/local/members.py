"""The members of a stack that run this repository's own Python: the services and the mail sink."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from deploy.local.ports import HOST, Ports, accepts
from deploy.local.processes import Process, StackError

REPOSITORY = Path(__file__).resolve().parents[2]
SERVICE_START_SECONDS = 60.0
# A service finishes what it has in hand within 30 seconds of being asked to stop.
SERVICE_STOP_SECONDS = 35.0
SINK_START_SECONDS = 20.0


def python_environment() -> dict[str, str]:
    """What any Python process needs; settings come on top."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONUNBUFFERED": "1",
    }


class Service:
    """One service process. ``settings`` adds to its environment at the next start."""

    def __init__(
        self, name: str, root: Path, ports: Ports, environment: Callable[[], dict[str, str]]
    ) -> None:
        self.name = name
        self.settings: dict[str, str] = {}
        self.http_port = ports[name]
        self._environment = environment
        self.process = Process(
            name=name,
            argv=[sys.executable, "-m", f"services.{name}"],
            env={},
            log=root / "logs" / f"{name}.log",
            record=root / "pids" / name,
            cwd=REPOSITORY,
            stop_seconds=SERVICE_STOP_SECONDS,
        )

    @property
    def env(self) -> dict[str, str]:
        """The settings that it starts with."""
        return {**self._environment(), **self.settings}

    @property
    def running(self) -> bool:
        return self.process.running

    @property
    def pid(self) -> int | None:
        return self.process.pid

    def start(self) -> None:
        """Start it and wait until it is ready for work."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start it without waiting."""
        self.process.env = {**python_environment(), **self.env}
        self.process.start()

    def wait_ready(self, *, seconds: float = SERVICE_START_SECONDS) -> None:
        """Wait until it says itself that it is ready."""
        try:
            self.process.wait_ready(self.is_ready, seconds=seconds)
        except StackError as error:
            if self.pid is None:
                raise
            raise StackError(
                f"{error}\n{self.name} runs and is not ready, or does not answer at all: see "
                f"`make status`. To start it anew: kill -KILL {self.pid}, then the same command."
            ) from None

    def is_ready(self) -> bool:
        """Whether GET /readyz answers 200 now."""
        try:
            address = f"http://{HOST}:{self.http_port}/readyz"
            with urllib.request.urlopen(address, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        self.process.kill()


class Mail:
    """The SMTP sink's process and the folder where it keeps messages."""

    def __init__(self, root: Path, ports: Ports) -> None:
        self.folder = root / "data" / "mail"
        self.host = HOST
        self.port = ports["smtp"]
        self._process = Process(
            name="mail",
            argv=[sys.executable, "-m", "deploy.local.mail", str(self.port), str(self.folder)],
            env=python_environment(),
            log=root / "logs" / "mail.log",
            record=root / "pids" / "mail",
            cwd=REPOSITORY,
        )

    @property
    def running(self) -> bool:
        return self._process.running

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        self._process.start()
        self._process.wait_ready(lambda: accepts(self.port), seconds=SINK_START_SECONDS)

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        self._process.kill()
