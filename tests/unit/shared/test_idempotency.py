"""Calls that change something are applied once and answered alike."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.errors import AutoReconnect

from shared.errors import (
    Conflict,
    DeadlineExceeded,
    FacultyError,
    IdempotencyMismatch,
    Internal,
    Invalid,
    NotFound,
    Refused,
    Unavailable,
    to_wire,
)
from shared.idempotency import Calls, Known
from shared.testing import FakeClock, FakeDatabase, error_of

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
ARGUMENTS = {"member_id": "m-1", "rows": [{"a": 1}, None, "£"]}


class Recorded:
    """The calls of a service whose clock can be moved."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.database = FakeDatabase()
        self.calls = Calls(self.database, self.clock, timedelta(hours=48))
        self.calls.prepare()

    def begin(
        self,
        caller: str = "m-1",
        method: str = "admit",
        key: str = "key:1",
        arguments: dict[str, Any] = ARGUMENTS,
    ) -> Known:
        return self.calls.begin(caller, method, key, arguments)


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


def test_the_first_call_has_no_answer_yet(recorded: Recorded) -> None:
    """It is to be done."""
    assert recorded.begin().answer is None


@pytest.mark.parametrize("result", [{"member_id": "m-1"}, {}, [], None, 0, "", {"error": "x"}])
def test_the_same_call_is_answered_alike(recorded: Recorded, result: Any) -> None:
    """An answer that is empty, or looks like an error, is an answer too."""
    recorded.calls.answered(recorded.begin(), result)
    for _ in range(2):
        again = recorded.begin()
        assert again.answer is not None
        assert again.replay() == result


def test_arguments_are_the_same_in_any_order(recorded: Recorded) -> None:
    """A mapping has none."""
    recorded.begin(arguments={"a": 1, "b": {"c": 2, "d": 3}})
    assert recorded.begin(arguments={"b": {"d": 3, "c": 2}, "a": 1})


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"member_id": "m-2", "rows": ARGUMENTS["rows"]},
        {**ARGUMENTS, "more": None},
        {**ARGUMENTS, "rows": [None, {"a": 1}, "£"]},
        {**ARGUMENTS, "rows": [{"a": "1"}, None, "£"]},
        {**ARGUMENTS, "rows": [{"a": True}, None, "£"]},
    ],
)
def test_other_arguments_are_an_error(recorded: Recorded, other: dict[str, Any]) -> None:
    """Before the call was answered as after, and the first answer stays."""
    known = recorded.begin()
    assert isinstance(error_of(lambda: recorded.begin(arguments=other)), IdempotencyMismatch)
    recorded.calls.answered(known, "done")
    assert isinstance(error_of(lambda: recorded.begin(arguments=other)), IdempotencyMismatch)
    assert recorded.begin().replay() == "done"


@pytest.mark.parametrize(
    "other", [{"caller": "m-2"}, {"method": "reject"}, {"key": "key:2"}, {"key": "call:1"}]
)
def test_a_key_belongs_to_its_caller_and_method(recorded: Recorded, other: dict[str, str]) -> None:
    """The same key elsewhere is another call, with whatever arguments."""
    first = recorded.begin()
    recorded.calls.answered(first, "done")
    second = recorded.begin(**other, arguments={"else": 1})
    assert second.answer is None
    assert second.id != first.id
    assert second.seed != first.seed


def test_names_that_run_together_are_apart(recorded: Recorded) -> None:
    """Nobody makes another's key by moving letters from one name to the next."""
    parts = [("ab", "c", "d"), ("a", "bc", "d"), ("a", "b", "cd"), ('a","b', "c", "d")]
    assert len({recorded.begin(*each).id for each in parts}) == len(parts)


def test_the_seed_of_a_call_stays(recorded: Recorded) -> None:
    """A call that a crash interrupted makes the same ids again, answered or not."""
    first = recorded.begin()
    assert recorded.begin().seed == first.seed
    recorded.calls.answered(first, "done")
    assert recorded.begin().seed == first.seed


@pytest.mark.parametrize(
    "error",
    [
        Refused("Too early.", by="rule"),
        NotFound("No such member.", id="m-9"),
        Invalid("Not valid.", fields={"rows.0": ["Missing."]}),
    ],
)
def test_a_refusal_is_repeated(recorded: Recorded, error: FacultyError) -> None:
    """With its class, code, message and details."""
    recorded.calls.refused(recorded.begin(), error)
    again = recorded.begin()
    assert again.answer is not None
    repeated = error_of(again.replay)
    assert type(repeated) is type(error)
    assert to_wire(repeated) == to_wire(error)


@pytest.mark.parametrize("error", [Conflict(), Unavailable(), DeadlineExceeded()])
def test_what_may_succeed_later_is_not_kept(recorded: Recorded, error: FacultyError) -> None:
    """The next call with the key tries again, with the same seed."""
    first = recorded.begin()
    recorded.calls.refused(first, error)
    again = recorded.begin()
    assert again.answer is None
    assert again.seed == first.seed


def test_an_error_of_an_unknown_code_is_repeated(recorded: Recorded) -> None:
    """A service's own errors keep their codes."""
    error = Internal("Own.")
    error.code = "own_code"
    recorded.calls.refused(recorded.begin(), error)
    assert error_of(recorded.begin().replay).code == "own_code"


def test_only_what_has_expired_is_removed(recorded: Recorded) -> None:
    """Each call is kept for its full time, and forgotten after it."""
    recorded.calls.answered(recorded.begin(key="old"), "old")
    recorded.clock.advance(hours=1)
    recorded.calls.answered(recorded.begin(key="new"), "new")
    recorded.clock.advance(hours=47)
    recorded.calls.purge()
    assert recorded.begin(key="old").replay() == "old"
    recorded.clock.advance(milliseconds=1)
    recorded.calls.purge()
    assert recorded.database["calls"].count_documents({}) == 1
    assert recorded.begin(key="new").replay() == "new"
    assert recorded.begin(key="old").answer is None


def test_arguments_are_not_stored(recorded: Recorded) -> None:
    """They may hold personal data; a digest tells them apart."""
    recorded.begin(arguments={"email": "ada@example.org"})
    assert "ada" not in str(list(recorded.database["calls"].find()))


def test_a_store_that_is_away_is_unavailable(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller may try again; nothing of the driver comes out."""

    def away(*_: Any, **__: Any) -> None:
        raise AutoReconnect("away")

    known = recorded.begin()
    for name in ("insert_one", "update_one", "delete_many", "create_index"):
        monkeypatch.setattr(recorded.database["calls"], name, away)
    for action in (
        recorded.begin,
        lambda: recorded.calls.answered(known, 1),
        lambda: recorded.calls.refused(known, Refused()),
        recorded.calls.purge,
        recorded.calls.prepare,
    ):
        assert isinstance(error_of(action), Unavailable)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(max_size=3), JSON), JSON)
def test_any_arguments_and_any_answer_are_kept(arguments: dict[str, Any], result: Any) -> None:
    """What JSON can say comes back as it was."""
    recorded = Recorded()
    recorded.calls.answered(recorded.begin(arguments=arguments), result)
    assert recorded.begin(arguments=arguments).replay() == result
