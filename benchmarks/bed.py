"""Where the measurements run: a broker and a store of their own, and processes on both sides.

Everything lives in a folder that is removed at the end, and is stopped when the block is left, by
Ctrl-C too.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection

from benchmarks.ticks import FOLDER_VARIABLE
from clients.faculty.client import Faculty
from deploy.local import SERVICES, External, Stack, StackError
from deploy.local.members import REPOSITORY, Service, python_environment
from deploy.local.processes import Process

with warnings.catch_warnings():
    # Said once in docs/adr/0001, not at every start.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    from nameko.standalone.rpc import ClusterRpcProxy

START_SECONDS = 60.0
RUN_SECONDS = 60.0
_TOKEN_SECONDS = 3_600
# Process and queue by which it is known to be ready: it has a consumer then.
PROCESSES = {
    "plain caller": "rpc-plaincaller",
    "our caller": "rpc-ourcaller",
    "plain handler": "evt-plaincaller-tick.counted--plainhandler.on_counted",
    "our handler": "ourhandler.on_stored",
}


class Bed:
    """The running broker and store; processes are started when a measurement needs them."""

    def __init__(self, stack: Stack, exits: ExitStack) -> None:
        self.stack = stack
        # As operations a service may declare what the definitions of the four do not know.
        self.amqp_uri = stack.amqp_uri("ops")
        self.token = stack.token("staff", ttl_seconds=_TOKEN_SECONDS)
        self._runs = stack.root / "runs"
        self._runs.mkdir()
        self._exits = exits
        self._processes: dict[str, Process] = {}
        self._services: tuple[Service, ...] = ()
        self._proxy: Any = None
        self._faculty: Faculty | None = None

    @property
    def nameko(self) -> Any:
        """Nameko's own client; it sends the token to both sides, and plain Nameko ignores it."""
        if self._proxy is None:
            data = {"auth_token": self.token}
            client = ClusterRpcProxy({"AMQP_URI": self.amqp_uri}, data, timeout=RUN_SECONDS)
            self._proxy = self._exits.enter_context(client)
        return self._proxy

    @property
    def faculty(self) -> Faculty:
        """Our own client."""
        if self._faculty is None:
            client = Faculty(self.amqp_uri, self.token, RUN_SECONDS)
            self._faculty = self._exits.enter_context(client)
        return self._faculty

    def need(self, *names: str) -> None:
        """Start those of ``PROCESSES`` that do not run, and wait until they consume."""
        for name in names:
            if name not in self._processes:
                self._processes[name] = process = self._process(name)
                process.start()
                # A handler of ours binds to an exchange that its publisher must have declared.
                process.wait_ready(lambda n=name: self._consumes(n), seconds=START_SECONDS)  # type: ignore[misc]

    def need_services(self) -> None:
        """Start the four services of the system and wait until they are ready."""
        if not self._services:
            self._services = Stack(
                self.stack.root, SERVICES, external=External.from_environment(os.environ)
            ).services
            for service in self._services:
                service.launch()
            for service in self._services:
                service.wait_ready()

    def finished(self, run: str) -> float:
        """When the handler had seen the last event of a run; waits for it."""
        file = self._runs / run
        deadline = time.monotonic() + RUN_SECONDS
        while not file.exists():
            if time.monotonic() > deadline:
                raise StackError(f"Not all events of a run came within {RUN_SECONDS:g} s.")
            time.sleep(0.01)
        return float(file.read_text())

    def broker_version(self) -> str:
        """As the broker itself says."""
        with Connection(self.amqp_uri) as connection:
            connection.connect()
            return str(connection.connection.server_properties["version"])

    def stop_processes(self) -> None:
        """All of them at once, for ours finish what they have in hand first."""
        processes = [*self._processes.values(), *(each.process for each in self._services)]
        for process in processes:
            process.terminate()
        for process in processes:
            process.finish()

    def _consumes(self, name: str) -> bool:
        with Connection(self.amqp_uri) as connection:
            try:
                declared = connection.channel().queue_declare(PROCESSES[name], passive=True)
            except NotFound:
                return False
            return bool(declared.consumer_count)

    def _process(self, name: str) -> Process:
        module, role = name.replace("our ", "ours ").split()
        identifier = name.replace(" ", "-")
        settings = {
            "AMQP_URI": self.amqp_uri,
            "MONGODB_URI": self.stack.mongodb_uri,
            "AUTH_PUBLIC_KEY": self.stack.keys.public,
            "HTTP_PORT": "0",
            FOLDER_VARIABLE: str(self._runs),
        }
        return Process(
            name=name,
            argv=[sys.executable, "-m", f"benchmarks.{module}", role],
            env={**python_environment(), **settings},
            log=self.stack.root / "logs" / f"{identifier}.log",
            record=self.stack.root / "pids" / identifier,
            cwd=REPOSITORY,
        )


@contextmanager
def running() -> Iterator[Bed]:
    """A bed that is gone at the end of the block. SIGTERM ends the block as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as exits:
        folder = exits.enter_context(tempfile.TemporaryDirectory(prefix="faculty-benchmarks-"))
        external = External.from_environment(os.environ)
        stack = Stack(Path(folder), services=(), external=external)
        exits.callback(stack.stop)
        try:
            stack.start()
            bed = Bed(stack, exits)
            exits.callback(bed.stop_processes)
            yield bed
        finally:
            # A second Ctrl-C must not interrupt the stopping, which comes now.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
