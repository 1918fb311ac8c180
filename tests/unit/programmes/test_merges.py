"""Members who turn out to be one person, and those who turn out not to be, as membership tells."""

from __future__ import annotations

from typing import Any

import pytest
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
from tests.unit.programmes.builders import ANSWERS, COHORT, Service, meta
from tests.unit.programmes.learning import School

# What membership tells of three people: the first is merged into the second, then the second into
# the third; taken apart again in reverse. Numbers are those of each member's own events.
STORY: list[tuple[int, MembershipEvent]] = [
    (1, MemberAdmitted("m-1", "doctor", "wales")),
    (1, MemberAdmitted("m-2", "dentist", "england")),
    (1, ApplicationReceived("m-3", "pharmacist", "scotland")),
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
    service = Service()
    for sequence, event in data.draw(st.permutations(story + repeats)):
        service.tell(sequence, event)
    views = [service.get_member_standing(f"m-{n}") for n in (1, 2, 3)]
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
    service = Service()
    service.tell(1, MemberAdmitted("m-1", "doctor", "wales"))
    service.tell(1, MemberAdmitted("m-2", "dentist", "wales"))
    service.tell(2, MemberMerged("m-1", "m-2"))
    service.tell(2, MemberMerged("m-2", "m-1"))
    assert service.get_member_standing("m-1").reason is Lack.MERGED
    assert service.standings.ids_of("m-1") == ["m-1", "m-2"]
    service.tell(3, MemberUnmerged("m-1"))
    assert service.get_member_standing("m-2").profession == "doctor"


@pytest.fixture
def school() -> School:
    return School()


def merge(school: School, member_id: str, into: str, sequence: int = 2) -> None:
    event = MemberMerged(member_id, into)
    school.app.record_standing(event, meta(sequence, member_id))


def unmerge(school: School, member_id: str, sequence: int = 3) -> None:
    school.app.record_standing(MemberUnmerged(member_id), meta(sequence, member_id))


def apply(school: School, cohort_id: str, member_id: str, **options: Any) -> Any:
    return school.call(
        "submit_application",
        cohort_id=cohort_id,
        member_id=member_id,
        answers=ANSWERS,
        **options,
    )


def a_cohort(school: School) -> str:
    cohort_id: str = school.call(
        "open_cohort", programme_id=school.programme_id, **COHORT
    ).cohort_id
    return cohort_id


def test_a_merged_member_may_not_apply(school: School) -> None:
    """The refusal says who may; taken apart they may again."""
    merged, kept = school.member(), school.member()
    merge(school, merged, kept)
    cohort_id = a_cohort(school)
    error = error_of(lambda: apply(school, cohort_id, merged))
    assert isinstance(error, MemberNotCurrent)
    assert error.details == {"member_id": merged, "reason": "merged", "into": kept}
    unmerge(school, merged)
    assert apply(school, cohort_id, merged).member_id == merged


def test_a_status_told_before_the_merge_is_enough_to_refuse(school: School) -> None:
    """Into whom is said once it is known."""
    merged = school.member()
    school.app.record_standing(StandingChanged(merged, "merged"), meta(3, merged))
    error = error_of(lambda: apply(school, a_cohort(school), merged))
    assert error.details == {"member_id": merged, "reason": "merged"}


def test_one_person_applies_to_a_cohort_once(school: School) -> None:
    """Also when they applied as somebody who was merged into them, through others too."""
    first, second, third = (school.member() for _ in range(3))
    cohort_id = a_cohort(school)
    made = apply(school, cohort_id, first)
    merge(school, first, second)
    merge(school, second, third)
    error = error_of(lambda: apply(school, cohort_id, third))
    assert isinstance(error, Duplicate)
    assert error.details["application_id"] == made.application_id
    unmerge(school, second)
    assert apply(school, cohort_id, third).member_id == third


def test_a_redelivered_application_is_answered_after_a_merge(school: School) -> None:
    """What was kept before stays what it was."""
    merged, kept = school.member(), school.member()
    cohort_id = a_cohort(school)
    made = apply(school, cohort_id, merged, message="a1")
    merge(school, merged, kept)
    assert apply(school, cohort_id, merged, message="a1") == made


def found(school: School, method: str, **arguments: Any) -> list[Any]:
    """The items of all pages."""
    items: list[Any] = []
    cursor = None
    while True:
        page = school.call(method, cursor=cursor, limit=2, **arguments)
        assert len(page.items) <= 2
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            return items


def test_applications_of_a_member_include_those_of_the_merged(school: School) -> None:
    """Page by page, each once, as long as they are merged."""
    first, second, third = (school.member() for _ in range(3))
    made = {
        member_id: [school.application(member_id).application_id for _ in range(3)]
        for member_id in (first, second, third)
    }

    def ids(member_id: str) -> list[str]:
        items = found(school, "find_applications", member_id=member_id)
        return [each.application_id for each in items]

    merge(school, first, third)
    merge(school, third, second)
    assert sorted(ids(second)) == sorted(each for ids in made.values() for each in ids)
    assert len(set(ids(second))) == 9
    assert sorted(ids(third)) == sorted(made[first] + made[third])
    assert ids(first) == made[first]
    unmerge(school, third)
    assert ids(second) == made[second]


def test_applications_to_a_cohort_by_a_member(school: School) -> None:
    """Both filters together, and at least one of them."""
    merged, kept = school.member(), school.member()
    made = school.application(merged)
    school.application(merged)
    merge(school, merged, kept)
    (item,) = found(school, "find_applications", member_id=kept, cohort_id=made.cohort_id)
    assert item.application_id == made.application_id
    assert found(school, "find_applications", cohort_id=made.cohort_id) == [item]
    error = error_of(lambda: school.call("find_applications"))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["cohort_id"]
    unknown = error_of(
        lambda: school.call("find_applications", cohort_id="nowhere", member_id=kept)
    )
    assert isinstance(unknown, NotFound)


def test_a_cursor_behind_the_last_id_finds_no_more(school: School) -> None:
    """Those merged may be fewer by the time the next page is asked for."""
    merged, kept = sorted(school.member() for _ in range(2))
    for _ in range(3):
        school.application(kept)
    merge(school, kept, merged)
    page = school.call("find_applications", member_id=merged, limit=2)
    page = school.call("find_applications", member_id=merged, limit=2, cursor=page.next_cursor)
    unmerge(school, kept)
    last = school.call("find_applications", member_id=merged, limit=2, cursor=page.next_cursor)
    assert (last.items, last.next_cursor) == ((), None)


def test_an_application_of_the_merged_is_shown_to_who_stands_for_them(school: School) -> None:
    """And to themself; to others it does not exist."""
    merged, kept, other = (school.member() for _ in range(3))
    made = school.application(merged)

    def get(member_id: str) -> Any:
        return school.call(
            "get_application", application_id=made.application_id, member_id=member_id
        )

    assert isinstance(error_of(lambda: get(kept)), NotFound)
    merge(school, merged, kept)
    assert get(kept) == get(merged)
    assert isinstance(error_of(lambda: get(other)), NotFound)
    unmerge(school, merged)
    assert isinstance(error_of(lambda: get(kept)), NotFound)


def test_who_stands_for_a_merged_member_completes_their_programme(school: School) -> None:
    """The application that is there is found under either id."""
    merged, kept = school.member(), school.member()
    made = school.application(merged)
    merge(school, merged, kept)
    school.clock.advance(days=400)
    completed = school.call(
        "complete_programme",
        cohort_id=made.cohort_id,
        member_id=kept,
        completed_on="2027-12-01",
    )
    assert completed.application_id == made.application_id


def test_certificates_of_a_member_include_those_of_the_merged(school: School) -> None:
    """Page by page."""
    merged, kept = school.member(), school.member()
    for member_id in (merged, kept):
        for title in "abc":
            school.certificate(member_id, title=title)
    merge(school, merged, kept)
    both = found(school, "find_certificates", member_id=kept)
    assert len({each.certificate_id for each in both}) == len(both) == 6
    unmerge(school, merged)
    own = found(school, "find_certificates", member_id=kept)
    assert {each.member_id for each in own} == {kept}
