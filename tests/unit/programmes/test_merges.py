"""Members who turn out to be one person, and those who turn out not to be, as membership tells."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.standing import Lack
from services.programmes.errors import MemberNotCurrent
from services.programmes.subscriptions import (
    ApplicationReceived,
    MemberAdmitted,
    MemberMerged,
    MembershipEvent,
    MemberUnmerged,
    StandingChanged,
)
from shared.errors import Duplicate, Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.builders import ANSWERS
from tests.unit.programmes.world import World


def standing(world: World, member_id: str) -> Any:
    return world.call("get_member_standing", member_id=member_id)


# What membership tells of three people: the first is merged into the second, then the second into
# the third; taken apart again in reverse. Numbers are those of each member's own events.
STORY: list[tuple[int, MembershipEvent]] = [
    (1, MemberAdmitted("m-1", "doctor", "wales", "member", "senior")),
    (1, MemberAdmitted("m-2", "dentist", "england", "member", "senior")),
    (1, ApplicationReceived("m-3", "pharmacist", "scotland", "senior")),
    (2, MemberMerged("m-1", "m-2")),
    (3, StandingChanged("m-1", "merged")),
    (2, MemberMerged("m-2", "m-3")),
    (3, StandingChanged("m-2", "merged")),
    (4, MemberUnmerged("m-2")),
    (5, StandingChanged("m-2", "current")),
    (4, MemberUnmerged("m-1")),
    (5, StandingChanged("m-1", "current")),
]
DOCTOR, DENTIST, PHARMACIST = "doctor", "dentist", "pharmacist"
# After so many of these: whose profession is answered for each of the three.
ANSWERED = {
    3: (DOCTOR, DENTIST, PHARMACIST),
    5: (DENTIST, DENTIST, PHARMACIST),
    7: (PHARMACIST, PHARMACIST, PHARMACIST),
    9: (DENTIST, DENTIST, PHARMACIST),
    11: (DOCTOR, DENTIST, PHARMACIST),
}


@given(st.sampled_from(sorted(ANSWERED)), st.data())
def test_a_merged_member_is_answered_for_by_who_stands_for_them(
    told: int, data: st.DataObject
) -> None:
    """Through chains and after they were taken apart, in any order and however often told."""
    story = STORY[:told]
    repeats = data.draw(st.lists(st.sampled_from(story), max_size=5))
    world = World()
    for sequence, event in data.draw(st.permutations(story + repeats)):
        world.tell(event, sequence)
    views = [standing(world, f"m-{n}") for n in (1, 2, 3)]
    assert tuple(view.profession for view in views) == ANSWERED[told]
    assert [view.member_id for view in views] == ["m-1", "m-2", "m-3"]
    assert [view.current for view in views] == [
        profession != PHARMACIST for profession in ANSWERED[told]
    ]
    into = {DOCTOR: "m-1", DENTIST: "m-2", PHARMACIST: "m-3"}
    for view in views:
        stands = into[str(view.profession)]
        assert view.merged_into == (None if stands == view.member_id else stands)


def test_a_circle_that_was_told_for_a_while_is_answered() -> None:
    """Two merges one after the other, in either direction, may become known in another order."""
    world = World()
    world.tell(MemberAdmitted("m-1", "doctor", "wales", "member", "senior"), 1)
    world.tell(MemberAdmitted("m-2", "dentist", "wales", "member", "senior"), 1)
    world.tell(MemberMerged("m-1", "m-2"), 2)
    world.tell(MemberMerged("m-2", "m-1"), 2)
    assert standing(world, "m-1").reason is Lack.MERGED
    assert world.repository("standings").ids_of("m-1") == ["m-1", "m-2"]
    world.tell(MemberUnmerged("m-1"), 3)
    assert standing(world, "m-2").profession == "doctor"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_many_are_followed_as_each_is_by_itself(merged: list[tuple[int, int]]) -> None:
    """In chains and circles, with who was never heard of among them."""
    world = World()
    for one, another in merged:
        if one != another:
            world.tell(MemberMerged(f"m-{one}", f"m-{another}"))
    ids, standings = [f"m-{number}" for number in range(7)], world.repository("standings")
    together = standings.followed_all(ids)
    assert together == {id: _followed(standings, id) for id in ids}


def _followed(standings: Any, member_id: str) -> str:
    """One step after the other, until nobody follows or the circle is closed."""
    passed = [member_id]
    while True:
        facets = standings.get(passed[-1]) or {}
        into = facets.get("merge", {}).get("into")
        if into is None or into in passed:
            return passed[-1]
        passed.append(into)


def merge(world: World, member_id: str, into: str) -> None:
    world.tell(MemberMerged(member_id, into))


def unmerge(world: World, member_id: str) -> None:
    world.tell(MemberUnmerged(member_id))


def apply(world: World, cohort_id: str, member_id: str, **options: Any) -> Any:
    return world.call(
        "submit_application",
        cohort_id=cohort_id,
        member_id=member_id,
        answers=ANSWERS,
        **options,
    )


def test_a_merged_member_may_not_apply(world: World) -> None:
    """The refusal says who may; taken apart they may again."""
    merged, kept = world.member(), world.member()
    merge(world, merged, kept)
    cohort_id = world.cohort()
    error = error_of(lambda: apply(world, cohort_id, merged))
    assert isinstance(error, MemberNotCurrent)
    assert error.details == {"member_id": merged, "reason": "merged", "into": kept}
    unmerge(world, merged)
    assert apply(world, cohort_id, merged).member_id == merged


def test_a_status_told_before_the_merge_is_enough_to_refuse(world: World) -> None:
    """Into whom is said once it is known."""
    merged = world.member()
    world.tell(StandingChanged(merged, "merged"))
    error = error_of(lambda: apply(world, world.cohort(), merged))
    assert error.details == {"member_id": merged, "reason": "merged"}


def test_one_person_applies_to_a_cohort_once(world: World) -> None:
    """Also when they applied as somebody who was merged into them, through others too."""
    first, second, third = (world.member() for _ in range(3))
    cohort_id = world.cohort()
    made = apply(world, cohort_id, first)
    merge(world, first, second)
    merge(world, second, third)
    error = error_of(lambda: apply(world, cohort_id, third))
    assert isinstance(error, Duplicate)
    assert error.details["application_id"] == made.application_id
    unmerge(world, second)
    assert apply(world, cohort_id, third).member_id == third


def test_a_redelivered_application_is_answered_after_a_merge(world: World) -> None:
    """What was kept before stays what it was."""
    merged, kept = world.member(), world.member()
    cohort_id = world.cohort()
    made = apply(world, cohort_id, merged, message="a1")
    merge(world, merged, kept)
    assert apply(world, cohort_id, merged, message="a1") == made


def application(world: World, member_id: str) -> str:
    """The id of an application by the member to a new cohort."""
    return world.submitted(world.cohort(), member_id)


def test_applications_of_a_member_include_those_of_the_merged(world: World) -> None:
    """Page by page, each once, as long as they are merged."""
    first, second, third = (world.member() for _ in range(3))
    made = {
        member_id: [application(world, member_id) for _ in range(3)]
        for member_id in (first, second, third)
    }

    def ids(member_id: str) -> list[str]:
        items = world.pages("find_applications", member_id=member_id, limit=2)
        return [each.application_id for each in items]

    merge(world, first, third)
    merge(world, third, second)
    assert sorted(ids(second)) == sorted(each for ids in made.values() for each in ids)
    assert len(set(ids(second))) == 9
    assert sorted(ids(third)) == sorted(made[first] + made[third])
    assert ids(first) == made[first]
    unmerge(world, third)
    assert ids(second) == made[second]


def test_applications_to_a_cohort_by_a_member(world: World) -> None:
    """Both filters together, and at least one of them."""
    merged, kept = world.member(), world.member()
    made = world.call("get_application", application_id=application(world, merged))
    application(world, merged)
    merge(world, merged, kept)
    (item,) = world.pages("find_applications", member_id=kept, cohort_id=made.cohort_id)
    assert item.application_id == made.application_id
    assert world.pages("find_applications", cohort_id=made.cohort_id) == [item]
    error = error_of(lambda: world.call("find_applications"))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["cohort_id"]
    unknown = error_of(lambda: world.call("find_applications", cohort_id="nowhere", member_id=kept))
    assert isinstance(unknown, NotFound)


def test_a_cursor_behind_the_last_id_finds_no_more(world: World) -> None:
    """Those merged may be fewer by the time the next page is asked for."""
    merged, kept = sorted(world.member() for _ in range(2))
    for _ in range(3):
        application(world, kept)
    merge(world, kept, merged)
    page = world.call("find_applications", member_id=merged, limit=2)
    page = world.call("find_applications", member_id=merged, limit=2, cursor=page.next_cursor)
    unmerge(world, kept)
    last = world.call("find_applications", member_id=merged, limit=2, cursor=page.next_cursor)
    assert (last.items, last.next_cursor) == ((), None)


def test_an_application_of_the_merged_is_shown_to_who_stands_for_them(world: World) -> None:
    """And to themself; to others it does not exist."""
    merged, kept, other = (world.member() for _ in range(3))
    made = world.call("get_application", application_id=application(world, merged))

    def get(member_id: str) -> Any:
        return world.call(
            "get_application", application_id=made.application_id, member_id=member_id
        )

    assert isinstance(error_of(lambda: get(kept)), NotFound)
    merge(world, merged, kept)
    assert get(kept) == get(merged)
    assert isinstance(error_of(lambda: get(other)), NotFound)
    unmerge(world, merged)
    assert isinstance(error_of(lambda: get(kept)), NotFound)


def test_certificates_of_a_member_include_those_of_the_merged(world: World) -> None:
    """Page by page."""
    merged, kept = world.member(), world.member()
    for programme_id in (world.programme(), world.programme(), world.programme()):
        for member_id in (merged, kept):
            world.call(
                "issue_certificate",
                member_id=member_id,
                programme_id=programme_id,
                kind="award",
                title="Invented",
                issued_on="2026-12-03",
            )
    merge(world, merged, kept)
    both = world.pages("find_certificates", member_id=kept, limit=2)
    assert len({each.certificate_id for each in both}) == len(both) == 6
    unmerge(world, merged)
    own = world.pages("find_certificates", member_id=kept, limit=2)
    assert {each.member_id for each in own} == {kept}
