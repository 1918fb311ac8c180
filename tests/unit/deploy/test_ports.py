"""Ports and passwords stay what they were from one start to the next."""

import socket
from pathlib import Path

from deploy.local.ports import HOST, Ports, is_free, passwords


def test_ports_are_kept(tmp_path: Path) -> None:
    """A stack made again over the same folder has the same addresses."""
    first = Ports(tmp_path / "state.json")
    first.reserve(["amqp", "store"])
    again = Ports(tmp_path / "state.json")
    again.reserve(["amqp", "store", "smtp"])
    assert (again["amqp"], again["store"]) == (first["amqp"], first["store"])
    assert len({again["amqp"], again["store"], again["smtp"]}) == 3


def test_a_port_that_a_stranger_took_is_replaced(tmp_path: Path) -> None:
    """A start does not fail because something else listens there now."""
    ports = Ports(tmp_path / "state.json")
    ports.reserve(["amqp", "store"])
    before = ports["amqp"], ports["store"]
    with socket.socket() as stranger:
        stranger.bind((HOST, ports["amqp"]))
        stranger.listen()
        assert not is_free(ports["amqp"])
        ports.renew_taken(["amqp", "store"])
    assert ports["amqp"] != before[0]
    assert ports["store"] == before[1]


def test_passwords_are_random_kept_and_private(tmp_path: Path) -> None:
    """Each user has its own, and only the owner of the stack reads them."""
    path = tmp_path / "secrets.json"
    first = passwords(path, ["apps", "ops"])
    assert first["apps"] != first["ops"]
    assert passwords(path, ["apps", "ops", "integrator"]).items() >= first.items()
    assert path.stat().st_mode & 0o077 == 0
