"""Workflows as versioned data, pinned to the cohort."""

from typing import Any

import pytest

from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import OnHold, WrongStage
from services.programmes.reference import load_workflows
from shared.errors import Duplicate, Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.world import World

OFFERS = {"way": "ranked", "answer_hours": 48, "holds": True, "upgrades": True}
SHORT = {
    "steps": [
        {"status": "draft", "next": ["submitted"]},
        {"status": "submitted", "next": ["completed", "withdrawn"]},
        {"status": "completed", "next": []},
        {"status": "withdrawn", "next": []},
    ],
    "offers": OFFERS,
}


def publish(world: World, number: int = 2, name: str = "regional_scheme", **changes: Any) -> Any:
    workflow = {**SHORT, **changes}
    return world.call(
        "publish_workflow", name=name, number=number, workflow=workflow, source="Invented, 2026."
    )


@pytest.mark.parametrize("version", load_workflows().values(), ids=lambda each: str(each.id))
def test_what_comes_with_the_service_is_sound(version: Any) -> None:
    """Each says where it comes from; applications can be withdrawn before an offer."""
    assert version.workflow.faults() == {}
    assert len(version.source) > 20
    for status in ("draft", "submitted"):
        after = version.workflow.after(ApplicationStatus(status))
        assert ApplicationStatus.WITHDRAWN in after


def test_a_cohort_keeps_the_version_with_which_it_was_opened(world: World) -> None:
    """A later version is for later cohorts."""
    programme_id = world.programme()
    before = world.cohort(programme_id)
    publish(world)
    after = world.cohort(programme_id)
    versions = [world.call("get_cohort", cohort_id=id).workflow for id in (before, after)]
    assert versions == ["regional_scheme@1", "regional_scheme@2"]
    application_id = world.submitted(after)
    world.bring(application_id, "completed")
    with pytest.raises(AssertionError, match="cannot be reached"):
        world.bring(world.submitted(after), "shortlisted")


def test_a_version_can_be_named(world: World) -> None:
    """One that is not there is refused by field."""
    publish(world, name="short", number=7)
    cohort_id = world.cohort(workflow="short@7")
    assert world.call("get_cohort", cohort_id=cohort_id).workflow == "short@7"
    error = error_of(lambda: world.cohort(workflow="short@8"))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["workflow"]


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_published_never_changes(world: World, number: int) -> None:
    """Neither what came with the service nor what was published since."""
    if number == 2:
        publish(world)
    error = error_of(lambda: publish(world, number=number))
    assert isinstance(error, Duplicate)


def test_versions_are_listed_and_read(world: World) -> None:
    """By name and number, also by another instance of the service."""
    publish(world, number=10)
    publish(world, number=2)
    other = world.another()
    found = other.call("find_workflows", name="regional_scheme").items
    assert [each.number for each in found] == [1, 2, 10]
    assert other.call("get_workflow", workflow="regional_scheme@10") == found[-1]
    assert len(other.call("find_workflows").items) == 6
    assert isinstance(error_of(lambda: world.call("get_workflow", workflow="x@1")), NotFound)


STEPS: list[dict[str, Any]] = SHORT["steps"]  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([*STEPS, STEPS[0]], "workflow.steps.4.status"),
        (STEPS[:2], "workflow.steps.1.next"),
        ([{**STEPS[0], "next": []}, *STEPS[1:]], "workflow.steps"),
        ([{"status": "draft", "next": ["flying"]}], "workflow.steps.0.next.0"),
        ([], "workflow.steps"),
    ],
)
def test_unsound_workflows_are_refused_by_field(
    world: World, steps: list[dict[str, Any]], field: str
) -> None:
    """Repeated steps, steps that lead nowhere, and those that never end."""
    error = error_of(lambda: publish(world, steps=steps))
    assert isinstance(error, Invalid)
    assert list(error.fields) == [field]


def test_an_application_goes_only_where_the_workflow_lets_it(world: World) -> None:
    """The refusal says where it is and where it was to go."""
    cohort_id = world.cohort()
    application_id = world.submitted(cohort_id)
    desk = world.app.longlist.keywords["desk"]
    workflow = desk.round(cohort_id).workflow
    error = error_of(lambda: desk.move(application_id, ApplicationStatus.PLACED, workflow))
    assert isinstance(error, WrongStage)
    assert error.details == {
        "application_id": application_id,
        "status": "submitted",
        "wanted": "placed",
        "needed": ["accepted"],
    }
    assert error.message == "The application is submitted; this needs it to be accepted."


def test_while_paused_an_application_can_only_be_withdrawn(world: World) -> None:
    """It goes on once it is resumed."""
    cohort_id = world.cohort()
    application_id = world.submitted(cohort_id)
    applications = world.repository("applications")
    applications.change(application_id, lambda each: each.pause(world.clock()))
    error = error_of(lambda: world.bring(application_id, "shortlisted"))
    assert isinstance(error, OnHold)
    world.bring(application_id, "withdrawn")
    assert world.application(application_id).status is ApplicationStatus.WITHDRAWN
