"""A private RabbitMQ: own node name, ports, cookie, data and port mapper, all on loopback.

It shares nothing with a broker that the machine may run already, and needs no root.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.exceptions import KombuError

from deploy.local.ports import HOST, Ports, write_private
from deploy.local.processes import Process, StackError
from deploy.rabbitmq import definitions

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
CONTROL = SERVER.with_name("rabbitmqctl")
PORTS = ("amqp", "distribution", "epmd")
START_SECONDS = 120.0
LOOK_SECONDS = 5
NODE = "faculty@localhost"

CONFIGURATION = """\
listeners.tcp.default = {host}:{port}
load_definitions = {definitions}
vm_memory_high_watermark.absolute = 1GiB
disk_free_limit.absolute = 100MB
# The default of 512 MiB is kept in memory by each write-ahead log.
raft.wal_max_size_bytes = 33554432
log.console = true
log.console.level = warning
log.file = false
"""


class Depth(NamedTuple):
    """How many messages of a queue wait, and how many a consumer has and did not acknowledge."""

    waiting: int
    in_hand: int


def can_log_in(uri: str) -> bool:
    """Whether the user in ``uri`` gets a connection and sees the declared event log."""
    try:
        with Connection(uri, connect_timeout=2) as connection:
            connection.connect()
            connection.channel().queue_declare(definitions.EVENT_LOG, passive=True)
    except (OSError, AMQPError, KombuError):
        return False
    return True


def uri(user: str, password: str, host: str, port: int, vhost: str = "/") -> str:
    """An AMQP address; the virtual host is escaped, as clients in other languages expect."""
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"amqp://{login}@{host}:{port}/{quote(vhost, safe='')}"


class Broker:
    """RabbitMQ and its port mapper, with the definitions of the running code."""

    managed = True
    vhost = "/"

    def __init__(self, root: Path, ports: Ports, passwords: dict[str, str]) -> None:
        self._root = root
        self._data = root / "data" / "broker"
        self._ports = ports
        self._passwords = passwords
        self._mapper = self._process("epmd", self._mapper_argv())
        self._server = self._process("broker", [str(SERVER)])

    def amqp_uri(self, user: str) -> str:
        return uri(user, self._passwords[user], HOST, self._ports["amqp"])

    @property
    def running(self) -> bool:
        return self._server.running

    @property
    def pid(self) -> int | None:
        return self._server.pid

    def start(self) -> None:
        """Start it and wait until its users can log in."""
        if not SERVER.exists():
            raise StackError(f"{SERVER} is missing: install the package rabbitmq-server.")
        self._configure()
        self._mapper.start()
        self._server.start()
        ops = self.amqp_uri("ops")
        self._server.wait_ready(lambda: can_log_in(ops), seconds=START_SECONDS)

    def stop(self) -> None:
        self._server.stop()
        self._mapper.stop()

    def kill(self) -> None:
        self._server.kill()
        self._mapper.kill()

    def depths(self) -> dict[str, Depth]:
        """Every queue's; those of events as of some seconds ago. Nothing where it is silent."""
        columns = ("name", "messages_ready", "messages_unacknowledged")
        timeout = str(LOOK_SECONDS)
        command = (CONTROL, "-n", NODE, "-q", "-t", timeout, "--no-table-headers", "list_queues")
        try:
            done = subprocess.run(
                [*map(str, command), *columns],
                env=self._environment(),
                cwd=self._root,
                capture_output=True,
                text=True,
                timeout=2 * LOOK_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired):
            return {}
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        return {name: Depth(int(ready), int(taken)) for name, ready, taken in rows}

    def _configure(self) -> None:
        hashes = {user: definitions.password_hash(word) for user, word in self._passwords.items()}
        document = definitions.build(definitions.traffic_of_services(), hashes)
        write_private(self._data / "definitions.json", json.dumps(document, indent=1))
        (self._data / "home").mkdir(parents=True, exist_ok=True)
        (self._data / "rabbitmq.conf").write_text(
            CONFIGURATION.format(
                host=HOST, port=self._ports["amqp"], definitions=self._data / "definitions.json"
            )
        )
        (self._data / "enabled_plugins").write_text("[].\n")
        (self._data / "advanced.config").write_text("[].\n")

    def _process(self, name: str, argv: list[str]) -> Process:
        return Process(
            name=name,
            argv=argv,
            env=self._environment(),
            log=self._root / "logs" / f"{name}.log",
            record=self._root / "pids" / name,
            cwd=self._root,
            stop_seconds=60.0,
        )

    def _mapper_argv(self) -> list[str]:
        return ["epmd", "-address", HOST, "-port", str(self._ports["epmd"])]

    def _environment(self) -> dict[str, str]:
        data = str(self._data)
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": f"{data}/home",
            "ERL_EPMD_ADDRESS": HOST,
            "ERL_EPMD_PORT": str(self._ports["epmd"]),
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_NODE_PORT": str(self._ports["amqp"]),
            "RABBITMQ_NODE_IP_ADDRESS": HOST,
            "RABBITMQ_DIST_PORT": str(self._ports["distribution"]),
            "RABBITMQ_CONFIG_FILE": f"{data}/rabbitmq",
            "RABBITMQ_CONFIG_FILES": f"{data}/conf.d",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{data}/advanced.config",
            # Otherwise the settings of the machine's own broker would be read.
            "RABBITMQ_CONF_ENV_FILE": f"{data}/no-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{data}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{data}/mnesia",
            "RABBITMQ_LOG_BASE": str(self._root / "logs"),
            "RABBITMQ_LOGS": "-",
            # The script then becomes the server, so that signals reach the server itself.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +S 2:2 +A 16"
            ),
        }
