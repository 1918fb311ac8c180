"""The service as it is put together: every handler reachable, every call declared."""

import inspect
from typing import Any

import pytest

from services.research import commands, handlers
from services.research.bootstrap import bootstrap
from services.research.entrypoints import ResearchService
from services.research.settings import Settings
from services.research.subscriptions import CohortOpened, SelectionProposed, StageReached
from shared.events import load
from shared.outbox import Outbox
from shared.rpc import Contract
from shared.testing import FakeClock, FakeDatabase
from tests.unit.research.builders import NOW

CALLS: dict[str, Contract] = {
    name: method.contract
    for name, method in vars(ResearchService).items()
    if hasattr(method, "contract")
}
SETTINGS = Settings(
    amqp_uri="amqp://localhost",
    mongodb_uri="mongodb://localhost",
    auth_public_key="-----BEGIN PUBLIC KEY-----",
)


@pytest.fixture
def app() -> Any:
    """The wired handlers over a database in memory."""
    clock = FakeClock(NOW)
    wired = bootstrap(SETTINGS, database=FakeDatabase(), outbox=Outbox("fake", clock), clock=clock)
    for repository in wired.repositories:
        repository.prepare()
    return wired


def test_every_handler_has_its_entrypoint() -> None:
    """Each public handler is a call of the same name, but for those that events reach."""
    public = {
        name
        for name, function in vars(handlers).items()
        if inspect.isfunction(function)
        and function.__module__ == handlers.__name__
        and not name.startswith("_")
    }
    reached = {"record_stage", "measure_fairness", "record_cohort", "contribute", "forget_member"}
    assert public - reached == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_only_those_who_answer_may_write(name: str) -> None:
    """Commands are writes for the respondent under the pseudonym; all else is reading."""
    contract = CALLS[name]
    answering = contract.request.__module__ == commands.__name__
    assert contract.writes is answering
    assert contract.scope == ("research:respond" if answering else "research:read")
    assert contract.own == ("pseudonym" if answering else None)


@pytest.mark.parametrize("name", CALLS)
def test_answers_and_pseudonyms_never_reach_a_log(name: str) -> None:
    """Whatever a request carries of either is declared sensitive."""
    contract = CALLS[name]
    carried = {"answers", "pseudonym"} & set(contract.request.__dataclass_fields__)
    assert set(contract.sensitive) == carried


def test_the_stage_is_read_from_the_private_exchange() -> None:
    """Pseudonyms come on the restricted exchange only."""
    for reader in (StageReached, SelectionProposed):
        assert reader.source.exchange == "membership.private"  # type: ignore[attr-defined]
    assert CohortOpened.source.exchange == "programmes.events"  # type: ignore[attr-defined]


def test_the_wired_service_keeps_answers(app: Any) -> None:
    """A request as it comes from the broker reaches the store."""
    request = {"pseudonym": "p", "answers": {"ethnicity": "A"}, "consent": True}
    command = load(commands.RecordEqualityResponse, request)
    assert app.record_equality_response(command).recorded
    assert app.withdraw_equality_response(commands.WithdrawEqualityResponse(pseudonym="p"))
