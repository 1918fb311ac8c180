"""The embedded store: a MongoDB wire-protocol server over SQLite files, one per database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.ports import HOST, Ports
from deploy.local.processes import Process

START_SECONDS = 30.0
# At its usual level it logs every command, documents included, twice.
RUN = "import logging; logging.disable(logging.INFO); from nx_27017.nx_27017 import main; main()"


def answers(uri: str) -> bool:
    """Whether the store in ``uri`` answers a ping."""
    try:
        with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=500) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True


class Store:
    """One server process; its data outlives it."""

    managed = True

    def __init__(self, root: Path, ports: Ports) -> None:
        self._ports = ports
        self._data = root / "data" / "store"
        self._process = Process(
            name="store",
            argv=[sys.executable, "-c", RUN, *self._options(root)],
            env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONUNBUFFERED": "1"},
            log=root / "logs" / "store.log",
            record=root / "pids" / "store",
            cwd=root,
        )

    @property
    def uri(self) -> str:
        return f"mongodb://{HOST}:{self._ports['store']}/"

    @property
    def running(self) -> bool:
        return self._process.running

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._process.start()
        self._process.wait_ready(lambda: answers(self.uri), seconds=START_SECONDS)

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        self._process.kill()

    def _options(self, root: Path) -> list[str]:
        return [
            *("--data-dir", str(self._data)),
            *("--host", HOST, "--port", str(self._ports["store"])),
            # Its log file would repeat what goes to its output.
            *("--log-file", os.devnull),
            *("--pid-file", str(root / "data" / "store.pid")),
        ]
