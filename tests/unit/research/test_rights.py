"""Research knows nobody by a member's id, and says so when asked."""

import json
from typing import Any

import pytest

from services.research.bootstrap import bootstrap
from services.research.events import ErasureAcknowledged, ExportContributed
from services.research.subscriptions import ExportRequested, MemberErased, StageReached
from shared import telemetry
from shared.events import Meta, load
from shared.outbox import Outbox
from shared.testing import FakeClock, FakeDatabase
from tests.unit.research.builders import COHORT, NOW
from tests.unit.research.test_wiring import SETTINGS


class Research:
    """The wired service over a database in memory, in which somebody reached a stage."""

    def __init__(self) -> None:
        self.database, clock = FakeDatabase(), FakeClock(NOW)
        outbox = Outbox("research", clock)
        self.app = bootstrap(SETTINGS, database=self.database, outbox=outbox, clock=clock)
        reached = StageReached("pseudonym-1", COHORT, "submitted", NOW.date())
        self.app.record_stage(reached, Meta("e", "t", "s", "pseudonym-1", 1, NOW, "c"))

    def told(self) -> list[Any]:
        classes = {cls.event_type.name: cls for cls in (ExportContributed, ErasureAcknowledged)}
        return [
            load(classes[entry["type"]], json.loads(entry["data"]))
            for document in self.database["rights_answers"].find({})
            for entry in document["outbox"]
        ]

    def stored(self) -> str:
        documents = [d for collection in self.database.values() for d in collection.find({})]
        return json.dumps(documents, default=str)


@pytest.fixture
def research() -> Research:
    """A service that knows a pseudonym."""
    return Research()


def test_a_member_is_given_nothing_and_told_why(research: Research) -> None:
    """Answers are under a pseudonym, and never given for one person."""
    research.app.contribute(ExportRequested("r-1", "m-1"))
    (event,) = research.told()
    assert (event.service, event.part, event.parts) == ("research", 1, 1)
    contributed = json.loads(event.data)
    assert contributed["records"] == []
    assert "never given for one person" in contributed["notes"][0]
    assert "pseudonym-1" not in event.data


def test_an_erasure_is_acknowledged(research: Research) -> None:
    """Nothing was erased, for nothing leads to the member; what is kept is named."""
    before = research.database["facts"].find({})
    kept = list(before)
    research.app.forget_member(MemberErased("r-1", "m-1"))
    (event,) = research.told()
    assert (event.request_id, event.member_id, event.erased) == ("r-1", "m-1", {})
    assert event.kept == ("equality_answers_under_pseudonym",)
    assert list(research.database["facts"].find({})) == kept


@pytest.mark.parametrize("event", [ExportRequested("r-1", "m-1"), MemberErased("r-1", "m-1")])
def test_what_comes_again_is_answered_once(research: Research, event: Any) -> None:
    """The same event changes nothing the second time."""
    answer = (
        research.app.contribute
        if isinstance(event, ExportRequested)
        else research.app.forget_member
    )
    for _ in range(2):
        with telemetry.activate(telemetry.Context.start(message_id="event:1")):
            answer(event)
    assert len(research.told()) == 1
