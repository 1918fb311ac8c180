"""Who reached which stage: what was told last, in whichever order it comes."""

from datetime import date
from itertools import permutations

import pytest

from services.research.subscriptions import StageReached, StageRetracted
from tests.unit.research.builders import COHORT, Service

DAY = date(2027, 1, 18)


def test_what_was_a_mistake_is_not_counted(service: Service) -> None:
    """Of two who were offered a post one was not after all, in no figure either."""
    for name in ("p", "q"):
        service.reach(name, "submitted", "offered")
    service.retract("q", "offered")
    assert service.cohort().stages == {"offered": 1, "submitted": 2}
    assert service.facts.journeys(COHORT)["q"] == {"submitted"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_that_was_told_counts(service: Service, order: tuple[int, ...]) -> None:
    """Reached, retracted and reached again, in whichever order and repeated."""
    told = [
        StageReached("p", COHORT, "offered", DAY),
        StageRetracted("p", COHORT, "offered"),
        StageReached("p", COHORT, "offered", DAY),
    ]
    for place in (*order, *order):
        service.tell(told[place], sequence=place + 1)
    assert service.cohort().stages == {"offered": 1}


def test_a_retraction_that_comes_first_counts(service: Service) -> None:
    """What it takes back is older, whenever it comes."""
    service.tell(StageRetracted("p", COHORT, "offered"), sequence=2)
    service.tell(StageReached("p", COHORT, "offered", DAY), sequence=1)
    assert service.facts.journeys(COHORT) == {}


def test_facts_kept_without_a_sequence_can_be_taken_back(service: Service) -> None:
    """What an earlier version wrote is older than whatever is told now."""
    fact = {"pseudonym": "p", "cohort_id": COHORT, "stage": "offered", "reached_on": "2027-01-18"}
    service.database["facts"].insert_one({"_id": f"{COHORT}:offered:p", **fact})
    service.reach("p", "submitted")
    service.retract("p", "offered")
    assert service.cohort().stages == {"submitted": 1}
