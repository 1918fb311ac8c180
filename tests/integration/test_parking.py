"""Operations list, read, retry and discard parked messages; every decision is on record."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from clients.faculty.client import Faculty
from deploy.local import Stack
from deploy.local.processes import wait_until
from shared.errors import FacultyError, Refused
from tests.integration.probe import SECONDS, Probe, ce_headers, client, publish


@pytest.fixture(scope="module")
def ops(stack: Stack) -> Iterator[Faculty]:
    with client(stack, "ops", "ops-one") as caller:
        yield caller


class Parked:
    """The parked messages of a probe, as operations see them."""

    def __init__(self, stack: Stack, probe: Probe, ops: Faculty) -> None:
        self._stack, self.probe, self._ops = stack, probe, ops

    def call(self, method: str, **arguments: Any) -> Any:
        return self._ops.call(f"{self.probe.name}.{method}", **arguments)

    def find(self, **filters: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("find_parked", filters=filters)["items"]
        return found

    def make(self, body: bytes, subject: str) -> dict[str, Any]:
        """Park one message that has a body of this kind."""
        headers = ce_headers(self.probe.name, "tally.raised", subject)
        exchange = f"{self.probe.name}.events"
        publish(self._stack.amqp_uri("ops"), exchange, "tally.raised", body, headers)
        return self.wait(1, subject=subject)[0]

    def wait(self, number: int, **filters: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = self.find(**filters)
            return len(found) == number

        wait_until(there, seconds=SECONDS, what=f"{number} parked")
        return found


@pytest.fixture(scope="module")
def parked(stack: Stack, probe: Probe, ops: Faculty) -> Parked:
    return Parked(stack, probe, ops)


@pytest.fixture
def subject() -> str:
    return uuid.uuid4().hex


def body_of(tally_id: str, **more: Any) -> bytes:
    return json.dumps({"tally_id": tally_id, "amount": 1, **more}).encode()


def park_failing(parked: Parked, subject: str) -> dict[str, Any]:
    """A readable event that the handler refused six times; it would take it now."""
    parked.probe.script.failures[subject] = [Refused("not yet")] * 6
    return parked.make(body_of(subject), subject)


def test_a_retried_message_is_applied(parked: Parked, subject: str) -> None:
    """Unless told otherwise a retry only says which; then the handler gets the event again."""
    message = park_failing(parked, subject)
    only_said = parked.call("retry_parked", ids=[message["parked_id"]])
    assert only_said == {
        "dry_run": True,
        "done": [message["parked_id"]],
        "failed": {},
        "more": False,
    }
    assert parked.find(subject=subject)[0]["state"] == "parked"
    done = parked.call(
        "retry_parked", filters={"subject": subject}, dry_run=False, why="The rule was wrong."
    )
    assert done["done"] == [message["parked_id"]]
    script = parked.probe.script
    wait_until(lambda: subject in script.applied, seconds=SECONDS, what="applied")
    assert script.attempts[subject] == [1, 2, 3, 4, 5, 6, 1]
    (after,) = parked.find(subject=subject)
    assert after["state"] == "retried"
    (decision,) = after["decisions"]
    assert (decision["by"], decision["why"]) == ("ops-one", "The rule was wrong.")


def test_a_message_that_fails_again_is_parked_again(parked: Parked, subject: str) -> None:
    """As a record of its own, which counts the retries."""
    first = parked.make(b"rubbish", subject)
    parked.call("retry_parked", ids=[first["parked_id"]], dry_run=False)
    second = parked.wait(1, subject=subject, state="parked")[0]
    assert second["parked_id"] != first["parked_id"]
    assert (first["retries"], second["retries"]) == (0, 1)
    assert second["event_id"] == first["event_id"]
    assert parked.find(subject=subject, state="retried")[0]["parked_id"] == first["parked_id"]


def test_a_discarded_message_leaves_the_reason_and_no_body(parked: Parked, subject: str) -> None:
    """Who let go of it, when and why is kept; what it said is not."""
    message = parked.make(body_of(subject, email="anna@example.org", amount="x"), subject)
    id = message["parked_id"]
    assert parked.call("get_parked", parked_id=id)["body"]
    done = parked.call("discard_parked", ids=[id, "unknown"], why="Sent by mistake.", dry_run=False)
    assert done["done"] == [id]
    assert done["failed"] == {"unknown": "not_found"}
    detail = parked.call("get_parked", parked_id=id)
    assert detail["body"] == ""
    assert detail["message"]["state"] == "discarded"
    assert detail["message"]["decisions"][0]["why"] == "Sent by mistake."
    again = parked.call("retry_parked", ids=[id], dry_run=False)
    assert again["failed"] == {id: "discarded"}


def test_what_is_shown_carries_no_personal_data(parked: Parked, subject: str) -> None:
    """Sensitive fields and e-mail addresses are redacted, in JSON as in rubbish."""
    body = body_of(subject, email="anna@example.org", given_name="Anna", amount="x")
    shown = parked.call("get_parked", parked_id=parked.make(body, subject)["parked_id"])
    assert "anna" not in json.dumps(shown).lower()
    assert json.loads(shown["body"])["tally_id"] == subject
    rubbish = uuid.uuid4().hex
    made = parked.make(b"to: anna@example.org {", rubbish)
    assert "anna@" not in parked.call("get_parked", parked_id=made["parked_id"])["body"]


@pytest.mark.parametrize(
    ("method", "arguments", "field"),
    [
        ("find_parked", {"filters": {"colour": "red"}}, "filters.colour"),
        ("find_parked", {"cursor": "?"}, "cursor"),
        ("find_parked", {"limit": 0}, "limit"),
        ("retry_parked", {}, "ids"),
        ("retry_parked", {"ids": ["a"], "filters": {"queue": "b"}}, "ids"),
        ("retry_parked", {"filters": {"colour": "red"}}, "filters.colour"),
        ("discard_parked", {"ids": ["a"]}, "why"),
        ("discard_parked", {"ids": ["a"], "why": ""}, "why"),
    ],
)
def test_a_request_that_is_not_clear_is_refused(
    parked: Parked, method: str, arguments: dict[str, Any], field: str
) -> None:
    """The field is named and nothing is touched."""
    with pytest.raises(FacultyError) as caught:
        parked.call(method, **arguments)
    assert caught.value.code == "invalid"
    assert field in caught.value.details["fields"]


@pytest.mark.parametrize("role", ["member", "reviewer", "staff", "integrator"])
def test_only_operations_may_look(stack: Stack, probe: Probe, role: str) -> None:
    """Every other role is refused, also to read."""
    with client(stack, role) as caller, pytest.raises(FacultyError) as caught:
        caller.call(f"{probe.name}.find_parked")
    assert caught.value.code == "forbidden"


@pytest.mark.parametrize("service", ["membership", "programmes", "notifications", "research"])
def test_every_service_has_the_operations(stack: Stack, ops: Faculty, service: str) -> None:
    """The four answer alike, each with its own."""
    page = ops.call(f"{service}.find_parked", filters={"subject": "nobody"})
    assert page == {"items": [], "next_cursor": None}
    with pytest.raises(FacultyError) as caught:
        ops.call(f"{service}.find_parked", filters={"queue": f"{service}.nobody"})
    assert list(caught.value.details["fields"]) == ["filters.queue"]


def test_the_queues_and_types_that_there_are_can_be_asked_for(parked: Parked) -> None:
    """Those of the service's own handlers, though nothing of them is parked; a slip is named."""
    name = parked.probe.name
    for filters in ({"queue": f"{name}.on_raised"}, {"event_type": f"faculty.{name}.tally.raised"}):
        parked.find(**filters)
    with pytest.raises(FacultyError) as caught:
        parked.call("retry_parked", filters={"queue": f"{name}.on_raise"})
    assert f"{name}.on_raised" in caught.value.details["fields"]["filters.queue"][0]
