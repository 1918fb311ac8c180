"""A process that runs is asked whether it answers."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.local import Stack, status
from deploy.local.broker import Depth
from deploy.local.ports import HOST, greets


@contextmanager
def serving(**answers: tuple[int, object]) -> Iterator[int]:
    """A service that answers these paths; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, body = answers[self.path.strip("/")]
            self.send_response(code)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    with HTTPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        ((200, {"broker": True, "store": True}), "answers"),
        ((503, {"broker": False, "store": True}), "not ready: broker"),
        ((503, {"broker": False, "store": False}), "not ready: broker, store"),
    ],
)
def test_a_service_says_what_it_lacks(ready: tuple[int, object], said: str) -> None:
    """As at ``/readyz``."""
    with serving(healthz=(200, {"status": "alive"}), readyz=ready) as port:
        assert status.service_says(port) == said


def test_who_takes_the_connection_and_says_nothing_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The system accepts connections for a process that hangs."""
    monkeypatch.setattr(status, "SECONDS", 0.2)
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        assert status.service_says(port) == "DOES NOT ANSWER"
        assert not greets(port, 0.2)
    assert status.service_says(port) == "DOES NOT ANSWER"


def test_what_waits_is_counted_by_service() -> None:
    """Calls and events; what is to be tried again later is told apart."""
    depths = {
        "rpc-research": Depth(2, 1),
        "research.on_stage": Depth(3, 4),
        "research.parked": Depth(1, 0),
        "research.retry.1000": Depth(5, 0),
        "rpc-membership": Depth(9, 9),
        "membership.research": Depth(9, 9),
        "event-log": Depth(9, 9),
    }
    assert status._queues("research", depths) == "waiting 6, in hand 5, to be retried 5"
    assert status._queues("broker", depths) == ""


def test_a_stack_that_was_never_started_is_stopped(tmp_path: Path) -> None:
    """Nobody is asked who is not there."""
    rows = status.look(Stack(tmp_path))
    assert [row.name for row in rows][:3] == ["broker", "store", "mail"]
    assert {str(row).split()[1] for row in rows} == {"stopped"}
    assert not any(row.well for row in rows)
