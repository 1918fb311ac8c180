"""Drafting, revising, publishing and closing a programme."""

from typing import Any

import pytest

from services.programmes.domain.programme import ProgrammeState
from services.programmes.domain.terms import Nation, ProgrammeKind
from services.programmes.errors import NotPublished
from services.programmes.events import ProgrammeClosed, ProgrammePublished
from shared.errors import Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.builders import PROGRAMME
from tests.unit.programmes.world import World

GAPS = ("description", "sustainability_outcome", "domains")


def draft(world: World, **changes: Any) -> Any:
    return world.call("create_programme", **{**PROGRAMME, **changes})


def publish(world: World, programme_id: str) -> Any:
    return world.call("publish_programme", programme_id=programme_id)


def test_a_draft_is_kept_and_told_to_nobody(world: World) -> None:
    """Until it is published."""
    view = draft(world)
    assert view.state is ProgrammeState.DRAFT
    assert world.call("get_programme", programme_id=view.programme_id) == view
    assert world.events() == []


def test_a_complete_programme_is_published_once(world: World) -> None:
    """It records programme.published; publishing it again changes nothing."""
    view = draft(world)
    assert publish(world, view.programme_id).state is ProgrammeState.PUBLISHED
    publish(world, view.programme_id)
    assert world.events() == [
        ProgrammePublished(
            programme_id=view.programme_id,
            name=PROGRAMME["name"],
            kind="regional_scheme",
            nations=("england", "wales"),
            professions=("doctor", "pharmacist"),
            domains=("self", "system"),
        )
    ]


@pytest.mark.parametrize("gap", GAPS)
def test_what_is_not_complete_is_not_published(world: World, gap: str) -> None:
    """Without its sustainability outcome, say, it stays a draft, and the field is named."""
    programme_id = draft(world, **{gap: [] if gap == "domains" else " "}).programme_id
    error = error_of(lambda: publish(world, programme_id))
    assert isinstance(error, Invalid)
    assert list(error.fields) == [gap]
    assert world.events() == []


def test_a_draft_is_completed_by_revising_it(world: World) -> None:
    """All gaps are named at once, and closed by one revision."""
    programme_id = draft(
        world, **{gap: [] if gap == "domains" else "" for gap in GAPS}
    ).programme_id
    error = error_of(lambda: publish(world, programme_id))
    assert set(error.details["fields"]) == set(GAPS)
    world.call("revise_programme", programme_id=programme_id, **PROGRAMME)
    assert publish(world, programme_id).state is ProgrammeState.PUBLISHED


def test_what_is_on_offer_stays_complete_and_of_its_kind(world: World) -> None:
    """A revision may change the rest."""
    programme_id = world.programme()

    def revise(**changes: Any) -> Any:
        arguments = {**PROGRAMME, **changes}
        return world.call("revise_programme", programme_id=programme_id, **arguments)

    for field, value in (("sustainability_outcome", " "), ("kind", "course")):
        error = error_of(lambda field=field, value=value: revise(**{field: value}))
        assert isinstance(error, Invalid)
        assert list(error.fields) == [field]
    assert revise(name="Another name").name == "Another name"


def test_what_was_closed_takes_no_new_cohorts_and_stays_closed(world: World) -> None:
    """Its end is told once, and the reason stands in the trail alone."""
    programme_id = world.programme()
    world.call("close_programme", programme_id=programme_id, reason="Planted reason.")
    world.call("close_programme", programme_id=programme_id, reason="Again.")
    assert world.events(ProgrammeClosed) == [ProgrammeClosed(programme_id)]
    for refused in (
        lambda: world.cohort(programme_id),
        lambda: publish(world, programme_id),
        lambda: world.call("revise_programme", programme_id=programme_id, **PROGRAMME),
    ):
        error = error_of(refused)
        assert isinstance(error, NotPublished)
        assert error.details == {
            "programme_id": programme_id,
            "state": "closed",
            "needed": ["published"],
        }
    trail = world.trails()[f"programmes:{programme_id}"]
    assert trail[-1].reason == "Planted reason."


def test_a_draft_takes_no_cohort(world: World) -> None:
    """It has to be published first."""
    error = error_of(lambda: world.cohort(draft(world).programme_id))
    assert isinstance(error, NotPublished)


@pytest.mark.parametrize("kind", list(ProgrammeKind))
def test_every_kind_can_be_created_and_has_a_workflow(world: World, kind: ProgrammeKind) -> None:
    """Schemes, courses and events are all programmes; a cohort gets the latest of its kind."""
    programme_id = world.programme(kind=kind.value)
    cohort_id = world.cohort(programme_id)
    assert world.call("get_cohort", cohort_id=cohort_id).workflow == f"{kind.value}@1"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "party"}, "kind"),
        ({"eligibility": {"nations": ["england", "atlantis"]}}, "eligibility.nations.1"),
        ({"eligibility": {"professions": ["Doctor"]}}, "eligibility.professions.0"),
        ({"eligibility": {"professions": ["doctor\n"]}}, "eligibility.professions.0"),
        ({"eligibility": {"professions": ["x" * 61]}}, "eligibility.professions.0"),
        (
            {"eligibility": {"dates": [{"id": "a", "prompt": "?", "bound": "by_start"}] * 2}},
            "eligibility.dates.1.id",
        ),
        ({"partners": [{"name": "A", "role": "sponsor"}] * 2}, "partners.1.name"),
        ({"name": "x" * 201}, "name"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_malformed_programmes_are_refused_by_field(
    world: World, changes: dict[str, Any], field: str
) -> None:
    """Unknown kinds, nations and fields and malformed professions are named by their path."""
    error = error_of(lambda: draft(world, **changes))
    assert isinstance(error, Invalid)
    assert list(error.fields) == [field]


def test_texts_are_tidied_and_repeats_dropped(world: World) -> None:
    """White space around texts goes, and a domain named twice counts once."""
    view = draft(world, name="  Scheme ", domains=["self", "self"])
    assert (view.name, view.domains) == ("Scheme", ("self",))
    assert view.eligibility.nations == (Nation.ENGLAND, Nation.WALES)


def test_programmes_are_found_by_state_page_by_page(world: World) -> None:
    """In the order in which they were drafted."""
    drafts = [draft(world).programme_id for _ in range(3)]
    offered = [world.programme() for _ in range(3)]

    def ids(**criteria: Any) -> list[str]:
        return [each.programme_id for each in world.pages("find_programmes", limit=2, **criteria)]

    assert ids() == [*drafts, *offered]
    assert ids(state="published") == offered


def test_an_unknown_programme_is_not_found(world: World) -> None:
    """Asking for a programme that is not there says so."""
    assert isinstance(error_of(lambda: world.call("get_programme", programme_id="x")), NotFound)
