"""What of a stack runs, which of it answers, and what waits in the queues of each service.

A process can be alive and do nothing. So each member is asked, and has to answer within moments.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from deploy.local.broker import Broker, Depth, can_log_in
from deploy.local.ports import HOST, greets
from deploy.local.stack import Stack
from deploy.local.store import answers

SECONDS = 3.0
ANSWERS, SILENT = "answers", "DOES NOT ANSWER"


@dataclass(frozen=True)
class Row:
    """One member: its process, whether it answers, where it listens, and what waits for it."""

    name: str
    pid: int | None
    says: str
    address: str
    queues: str = ""

    @property
    def well(self) -> bool:
        """Whether it runs and is ready for work."""
        return self.says == ANSWERS

    def __str__(self) -> str:
        process = f"running (pid {self.pid})" if self.pid else "stopped"
        line = f"{self.name:<14} {process:<21} {self.says:<16} {self.address:<25} {self.queues}"
        return line.rstrip()


def look(stack: Stack) -> list[Row]:
    """All members, each asked at the same time as the others."""
    ports, talks = stack.ports, can_log_in(stack.broker.amqp_uri("ops"))
    depths = stack.broker.depths() if talks and isinstance(stack.broker, Broker) else {}
    asked: list[tuple[str, int | None, Callable[[], str], str]] = [
        (
            "broker",
            stack.broker.pid,
            lambda: _yes_or_no(talks),
            f"amqp {HOST}:{ports['amqp']}",
        ),
        (
            "store",
            stack.store.pid,
            lambda: _yes_or_no(answers(stack.store.uri)),
            f"mongodb {HOST}:{ports['store']}",
        ),
        (
            "mail",
            stack.mail.pid,
            lambda: _yes_or_no(greets(stack.mail.port, SECONDS)),
            f"smtp {HOST}:{stack.mail.port}",
        ),
        *(
            (each.name, each.pid, _service(each.http_port), f"http {HOST}:{each.http_port}")
            for each in stack.services
        ),
    ]
    with ThreadPoolExecutor(len(asked)) as pool:
        said = pool.map(lambda each: each[2]() if each[1] else "", asked)
        return [
            Row(name, pid, says, address, _queues(name, depths))
            for (name, pid, _, address), says in zip(asked, said, strict=True)
        ]


def _yes_or_no(well: bool) -> str:
    return ANSWERS if well else SILENT


def _service(port: int) -> Callable[[], str]:
    return lambda: service_says(port)


def service_says(port: int) -> str:
    """What a service says of itself, or that it says nothing."""
    if _get(port, "/healthz") is None:
        return SILENT
    ready = _get(port, "/readyz")
    if ready is None:
        return "not ready"
    missing = [name for name, well in ready.items() if not well]
    return f"not ready: {', '.join(missing)}" if missing else ANSWERS


def _get(port: int, path: str) -> Mapping[str, object] | None:
    """The answer, whatever its status; None without one in time."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=SECONDS) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.load(error))
    except (OSError, ValueError):
        return None


def _queues(service: str, depths: Mapping[str, Depth]) -> str:
    """How much waits for a service, is in its hands, or is to be tried again later."""
    mine = dict(_of(service, depths))
    if not mine:
        return ""
    later = sum(each.waiting for name, each in mine.items() if name.startswith(f"{service}.retry."))
    waiting = sum(each.waiting for each in mine.values()) - later
    in_hand = sum(each.in_hand for each in mine.values())
    return f"waiting {waiting}, in hand {in_hand}, to be retried {later}"


def _of(service: str, depths: Mapping[str, Depth]) -> Iterator[tuple[str, Depth]]:
    for name, depth in depths.items():
        if name == f"rpc-{service}" or name.startswith(f"{service}."):
            yield name, depth
