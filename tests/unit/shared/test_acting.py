"""What is done by a call or an event is on record as theirs: who, by which method, and why."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest

from shared import telemetry
from shared.auth import Claims
from shared.errors import Forbidden, Invalid
from shared.events import Meta, choice, reads, text
from shared.idempotency import Calls
from shared.messaging import subscribe
from shared.rpc import rpc
from shared.testing import FakeClock, FakeDatabase, error_of

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


class Cause(Enum):
    AGE = "age"


@dataclass(frozen=True, kw_only=True)
class Dim:
    lamp_id: str = text(64)
    reason: str = text(100, min_length=0, default="")


@dataclass(frozen=True, kw_only=True)
class Light:
    lamp_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class Retire:
    reason: Cause | None = choice(Cause, default=None)


@dataclass(frozen=True)
class Done:
    lamp_id: str = ""


@reads("lamps", "lamp.lit")
@dataclass(frozen=True)
class Lit:
    lamp_id: str


class Lamps:
    """A service whose methods note in which context they are."""

    name = "lamps"

    def __init__(self) -> None:
        self.seen: list[telemetry.Context] = []
        self.runtime = SimpleNamespace(
            verifier=SimpleNamespace(verify=self._verify),
            calls=Calls(FakeDatabase(), FakeClock(NOW), timedelta(hours=1)),
        )
        self.worker_ctx = SimpleNamespace(
            data={"correlation_id": "c-1", "amqp_correlation_id": "a-1", "trace": ("", "")}
        )

    def _verify(self, _token: Any) -> Claims:
        return Claims("ada", "staff", frozenset({"lamps:write"}), expires_at=0)

    def _note(self) -> Done:
        self.seen.append(telemetry.current())
        return Done()

    @rpc(Dim, returns=Done, scope="lamps:write", writes=True)
    def dim(self, command: Dim) -> Done:
        return self._note()

    @rpc(Light, returns=Done, scope="lamps:write", writes=True)
    def light(self, command: Light) -> Done:
        return self._note()

    @rpc(Retire, returns=Done, scope="lamps:write", writes=True)
    def retire(self, command: Retire) -> Done:
        return self._note()

    @rpc(Light, returns=Done, scope="lamps:read")
    def look(self, request: Light) -> Done:
        return self._note()

    @subscribe(Lit)
    def on_lit(self, event: Lit, meta: Meta) -> None:
        self._note()


@pytest.fixture
def lamps() -> Lamps:
    return Lamps()


def called(method: Callable[..., Any], **arguments: Any) -> Any:
    return method(arguments=arguments)


def test_a_call_s_writes_are_the_caller_s(lamps: Lamps) -> None:
    """By the subject of the token, under the method's name, for the reason in the request."""
    called(lamps.dim, lamp_id="l-1", reason="Too bright.")
    (context,) = lamps.seen
    assert (context.actor, context.action, context.reason) == ("ada", "dim", "Too bright.")
    assert context.correlation_id == "c-1"
    assert context.message_id.startswith("call:")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("light", {"lamp_id": "l-1"}),
        ("dim", {"lamp_id": "l-1", "reason": ""}),
        ("dim", {"lamp_id": "l-1"}),
        ("retire", {}),
        ("retire", {"reason": "age"}),
    ],
)
def test_a_request_without_a_reason_in_words_has_none(
    lamps: Lamps, method: str, arguments: dict[str, Any]
) -> None:
    """A field of that name may be of any type, and may be left out."""
    called(getattr(lamps, method), **arguments)
    (context,) = lamps.seen
    assert (context.actor, context.action, context.reason) == ("ada", method, "")


def test_a_refused_call_does_nothing_in_anybody_s_name(lamps: Lamps) -> None:
    """Neither one that is not granted nor one that is not valid; the context ends with it."""
    assert isinstance(error_of(lambda: called(lamps.look, lamp_id="l-1")), Forbidden)
    assert isinstance(error_of(lambda: called(lamps.dim)), Invalid)
    assert lamps.seen == []
    assert telemetry.current().actor == ""


def test_an_event_s_writes_are_the_source_s(lamps: Lamps) -> None:
    """Under the handler's name, and the reason names the event."""
    id = str(uuid.uuid4())
    meta = Meta(id, "faculty.lamps.lamp.lit", "/faculty/lamps", "l-1", 1, NOW, "c-2")
    lamps.on_lit(Lit("l-1"), meta)
    (context,) = lamps.seen
    assert (context.actor, context.action) == ("/faculty/lamps", "on_lit")
    assert context.reason == f"faculty.lamps.lamp.lit {id}"
    assert context.correlation_id == "c-2"
    assert context.message_id == f"event:{id}:on_lit"
