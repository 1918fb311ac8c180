"""Interview slots: nobody sits on two panels at once, and one slot is one application's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.programmes.errors import (
    InterestConflicts,
    InterviewHeld,
    NotBooked,
    OnHold,
    PanelBusy,
    ReviewerNotActive,
    SlotClosed,
    SlotTaken,
    WrongStage,
)
from services.programmes.events import InterviewBooked, InterviewCancelled
from services.programmes.subscriptions import MemberMerged
from shared.errors import Conflict, FacultyError, Invalid, NotFound
from shared.testing.behaviour.things import at_once
from tests.unit.programmes.contest import AT, PANEL, Contest
from tests.unit.programmes.offers import BusyDatabase
from tests.unit.programmes.world import World, cut_at_every_write


@pytest.fixture
def world() -> Contest:
    """Three on the short list, no slots yet."""
    return Contest.at_interviews([5, 4, 3])


def found(world: Contest, application_id: str) -> list[str]:
    """The slots that an applicant is shown."""
    member_id = world.member_of(application_id)
    shown = world.pages("find_slots", cohort_id=world.cohort_id, member_id=member_id, limit=2)
    assert all(each.panel == () for each in shown)
    return [each.slot_id for each in shown]


def test_slots_come_by_time_by_the_clock_of_the_cohort(world: Contest) -> None:
    """After the clocks change the same instant of the day is another hour."""
    late = datetime(2027, 3, 28, 9, 0, tzinfo=UTC)
    early = datetime(2027, 3, 27, 9, 0, tzinfo=UTC)
    second, first = world.add(world.slot(starts_at=late), world.slot(starts_at=early))
    page = world.pages("find_slots", cohort_id=world.cohort_id, limit=1)
    assert [each.slot_id for each in page] == [first, second]
    assert [each.starts for each in page] == [
        "2027-03-27T09:00:00+00:00",
        "2027-03-28T10:00:00+01:00",
    ]
    assert page[1].ends == "2027-03-28T10:45:00+01:00"
    assert page[1].panel == PANEL


def test_an_hour_that_the_clock_shows_twice_is_two_hours(world: Contest) -> None:
    """Slots at half past one before and after the clocks go back do not overlap."""
    before = datetime.fromisoformat("2027-10-31T01:30:00+01:00")
    after = datetime.fromisoformat("2027-10-31T01:30:00+00:00")
    world.add(world.slot(starts_at=before), world.slot(starts_at=after))
    with pytest.raises(PanelBusy):
        world.add(world.slot(starts_at=before + timedelta(minutes=44)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minutes": 0}, "slots.0.minutes"),
        ({"panel": []}, "slots.0.panel"),
        ({"starts_at": "2026-12-03T11:59:00+00:00"}, "slots.0.starts_at"),
        ({"starts_at": "tomorrow"}, "slots.0.starts_at"),
        ({"mode": "by_post"}, "slots.0.mode"),
    ],
)
def test_a_slot_that_is_not_sound_is_refused_by_field(
    world: Contest, changes: dict[str, object], field: str
) -> None:
    """Nothing is kept of any in the call."""
    with pytest.raises(Invalid) as refused:
        world.add(world.slot(**changes), world.slot(3))
    assert list(refused.value.fields) == [field]
    assert world.pages("find_slots", cohort_id=world.cohort_id) == []


def test_nobody_sits_on_two_panels_at_once(world: Contest) -> None:
    """In one call, in several, in another cohort; one may begin when the other ends."""
    [taken] = world.add()
    for slots in (
        [world.slot(0.5, panel=[PANEL[0]])],
        [world.slot(5), world.slot(5.5, panel=[PANEL[1]])],
    ):
        with pytest.raises(PanelBusy):
            world.add(*slots)
    assert [s.slot_id for s in world.pages("find_slots", cohort_id=world.cohort_id)] == [taken]
    world.add(world.slot(0.75))
    world.cohort_id = world.cohort(world.programme(kind="national_scheme"))
    with pytest.raises(PanelBusy):
        world.add(world.slot(0.2))


def test_a_panel_is_of_active_reviewers(world: Contest) -> None:
    """Who is not in the pool, or retired, is named."""
    world.call("retire_reviewer", reviewer_id=PANEL[1], reason="Invented.")
    with pytest.raises(ReviewerNotActive) as refused:
        world.add(world.slot(panel=["stranger", *PANEL]))
    assert refused.value.details["reviewer_ids"] == ["stranger", PANEL[1]]


def test_slots_that_broke_off_are_added_by_the_same_call() -> None:
    """Wherever it was cut off; and what was never completed does not keep a panel for ever."""

    def act(world: Contest) -> None:
        world.add(world.slot(), world.slot(1), message="m")

    worlds = cut_at_every_write(act, lambda: Contest.at_interviews([5]))
    assert len(worlds) == 2 * (2 + 1) + 2 + 1
    for world in worlds:
        assert len(world.pages("find_slots", cohort_id=world.cohort_id)) == 2
    world = Contest.at_interviews([5])
    with world.cut_off(4):
        act(world)
    with pytest.raises(PanelBusy):
        world.add(world.slot())
    world.clock.advance(hours=1)
    world.add(world.slot())


def test_a_withdrawn_slot_gives_the_time_back(world: Contest) -> None:
    """To its panel; whoever had it is told and has none."""
    [slot_id] = world.add()
    first = world.applications[0]
    world.book(slot_id, first)
    view = world.call("withdraw_slot", slot_id=slot_id, reason="Invented.")
    assert (view.state, view.booked) == ("withdrawn", False)
    assert len(world.events(InterviewCancelled)) == 1
    assert world.holds(first) is None
    assert found(world, first) == []
    with pytest.raises(SlotClosed):
        world.book(slot_id, first)
    [another] = world.add()
    world.book(another, first)


def test_an_applicant_books_and_is_told_the_place(world: Contest) -> None:
    """The event says when, and neither where nor with whom."""
    [slot_id] = world.add(world.slot(place="Room 7, Invented Street"))
    first, second = world.applications[:2]
    before = world.call(
        "find_slots", cohort_id=world.cohort_id, member_id=world.member_of(first)
    ).items[0]
    assert (before.place, before.booked, before.application_id) == ("", False, None)
    view = world.book(slot_id, first)
    assert (view.place, view.booked, view.panel) == ("Room 7, Invented Street", True, ())
    [told] = world.events(InterviewBooked)
    assert (told.application_id, told.starts_at, told.minutes) == (first, AT, 45)
    assert found(world, first) == [slot_id]
    assert found(world, second) == []
    assert world.book(slot_id, first).booked
    assert len(world.events(InterviewBooked)) == 1


def test_a_slot_is_one_applications(world: Contest) -> None:
    """Who comes second is refused, unless the first has dropped out."""
    [slot_id] = world.add()
    first, second = world.applications[:2]
    world.book(slot_id, first)
    with pytest.raises(SlotTaken):
        world.book(slot_id, second)
    world.drop_out(first)
    assert found(world, second) == [slot_id]
    world.book(slot_id, second)
    assert (world.holds(first), world.holds(second)) == (None, slot_id)


def test_another_slot_takes_the_place_of_the_first(world: Contest) -> None:
    """Which is free again at once."""
    one, two = world.add(world.slot(), world.slot(1))
    first, second = world.applications[:2]
    world.book(one, first)
    world.book(two, first)
    assert world.holds(first) == two
    world.book(one, second)
    assert [
        type(e) for e in world.events() if isinstance(e, InterviewBooked | InterviewCancelled)
    ] == [
        InterviewBooked,
        InterviewCancelled,
        InterviewBooked,
        InterviewBooked,
    ]
    with pytest.raises(SlotTaken):
        world.book(one, first)
    assert world.holds(first) == two


def test_a_change_that_broke_off_is_completed() -> None:
    """By the same call or by the clock; at no point is the applicant without a slot."""

    def prepare() -> Contest:
        world = Contest.at_interviews([5, 4])
        one, _ = world.add(world.slot(), world.slot(1))
        world.book(one, world.applications[0])
        return world

    def second(world: Contest) -> str:
        return str(world.pages("find_slots", cohort_id=world.cohort_id)[1].slot_id)

    def act(world: Contest) -> None:
        world.book(second(world), world.applications[0], message="m")

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 4
    for world in worlds:
        assert world.holds(world.applications[0]) == second(world)
        assert len(world.events(InterviewBooked)) == 2
    for writes in range(1, 3):
        world = prepare()
        with world.cut_off(writes):
            act(world)
        assert world.was_cut
        slots = world.repository("interview_slots").scan({"cohort_id": world.cohort_id})
        assert world.applications[0] in {each.application_id for each in slots}
        world.pass_time(minutes=1)
        assert world.holds(world.applications[0]) == second(world)


def test_booking_and_changing_end_before_the_interview(world: Contest) -> None:
    """A day and two days before for members; staff may until it begins."""
    one, two = world.add(world.slot(), world.slot(3))
    first, second = world.applications[:2]
    world.book(two, first)
    world.clock.now = AT - timedelta(hours=24)
    for act in (
        lambda: world.book(one, second),
        lambda: world.call(
            "cancel_interview", application_id=first, member_id=world.member_of(first)
        ),
        lambda: world.book(one, first),
    ):
        with pytest.raises(SlotClosed):
            act()
    assert found(world, second) == []
    world.call("book_slot", slot_id=one, application_id=second)
    world.call("cancel_interview", application_id=second)
    assert world.holds(second) is None
    world.clock.now = AT
    with pytest.raises(SlotClosed):
        world.call("book_slot", slot_id=one, application_id=second)


def test_a_slot_is_given_up_once(world: Contest) -> None:
    """Then there is none to give up."""
    [slot_id] = world.add()
    first = world.applications[0]
    world.book(slot_id, first)
    own = {"application_id": first, "member_id": world.member_of(first)}
    view = world.call("cancel_interview", **own)
    assert (view.booked, view.place) == (False, "")
    assert found(world, first) == [slot_id]
    with pytest.raises(NotBooked):
        world.call("cancel_interview", **own)
    with pytest.raises(NotFound):
        world.call("cancel_interview", application_id=first, member_id="somebody")


def test_only_who_is_on_the_short_list_books(world: Contest) -> None:
    """Not others, not while a suspension lasts, and not for somebody else."""
    [slot_id] = world.add()
    waiting = world.longlisted()
    with pytest.raises(WrongStage):
        world.book(slot_id, waiting)
    assert found(world, waiting) == []
    first = world.applications[0]
    world.suspend(first)
    with pytest.raises(OnHold):
        world.book(slot_id, first)
    with pytest.raises(NotFound):
        world.call("book_slot", slot_id=slot_id, application_id=first, member_id="somebody")
    with pytest.raises(NotFound):
        world.call("book_slot", slot_id=slot_id, member_id="somebody")
    with pytest.raises(Invalid):
        world.call("book_slot", slot_id=slot_id)


def test_an_application_that_was_merged_books_as_one(world: Contest) -> None:
    """Under the id of who stands for the member."""
    [slot_id] = world.add()
    first, other = world.applications[0], world.member()
    world.tell(MemberMerged(world.member_of(first), other))
    world.call("book_slot", slot_id=slot_id, member_id=other)
    assert world.holds(first) == slot_id


def test_nobody_is_interviewed_by_who_is_in_conflict(world: Contest) -> None:
    """Such slots are not shown to them, and the refusal does not say whose conflict it is."""
    mixed, other = world.add(world.slot(), world.slot(1, panel=[PANEL[1]]))
    first = world.applications[0]
    world.call(
        "record_conflict",
        reviewer_id=PANEL[0],
        member_id=world.member_of(first),
        reason="Invented.",
    )
    assert found(world, first) == [other]
    with pytest.raises(InterestConflicts) as refused:
        world.book(mixed, first)
    assert PANEL[0] not in str(refused.value.details)
    world.book(other, first)


def test_a_panel_sees_its_own_slots_alone(world: Contest) -> None:
    """With the application, and nothing once a conflict is known."""
    mine, theirs = world.add(world.slot(panel=[PANEL[0]]), world.slot(1, panel=[PANEL[1]]))
    first = world.applications[0]
    world.book(mine, first)

    def seen(by: str) -> list[tuple[str, str | None]]:
        shown = world.pages("find_panel_slots", by=by, cohort_id=world.cohort_id, limit=1)
        return [(each.slot_id, each.application_id) for each in shown]

    assert seen(PANEL[0]) == [(mine, first)]
    assert seen(PANEL[1]) == [(theirs, None)]
    assert seen("stranger") == []
    world.call(
        "record_conflict",
        reviewer_id=PANEL[0],
        member_id=world.member_of(first),
        reason="Invented.",
    )
    assert seen(PANEL[0]) == [(mine, None)]


def test_what_was_scored_is_not_moved(world: Contest) -> None:
    """Neither by withdrawing the slot nor by booking another."""
    one, two = world.add(world.slot(), world.slot(5))
    first = world.applications[0]
    world.book(one, first)
    world.clock.now = AT
    world.mark(one)
    with pytest.raises(InterviewHeld):
        world.call("withdraw_slot", slot_id=one, reason="Invented.")
    with pytest.raises(InterviewHeld):
        world.call("book_slot", slot_id=two, application_id=first)


def busy(applications: int) -> Contest:
    """A contest on a store at which calls meet."""
    return Contest.at_interviews([3] * applications, database=BusyDatabase())


def test_of_many_who_book_a_slot_at_once_one_has_it() -> None:
    """However many ask, and the others are told that it is taken."""
    world = busy(8)
    [slot_id] = world.add()
    results = at_once(
        [lambda id=id: world.book(slot_id, id, message=f"m{id}") for id in world.applications]
    )
    won = [each for each in results if not isinstance(each, FacultyError)]
    assert len(won) == 1
    assert all(isinstance(e, SlotTaken | Conflict) for e in results if e not in won)
    assert sum(world.holds(id) == slot_id for id in world.applications) == 1


def test_an_application_that_books_many_slots_at_once_has_one() -> None:
    """And all the others are free, once the clock has completed what was begun."""
    world = busy(1)
    ids = world.add(*(world.slot(number) for number in range(6)))
    [first] = world.applications
    results = at_once([lambda id=id: world.book(id, first, message=f"m{id}") for id in ids])
    assert any(not isinstance(each, FacultyError) for each in results)
    world.pass_time(minutes=1)
    assert world.holds(first) in ids


def test_of_many_slots_for_a_panel_at_the_same_time_one_is_added() -> None:
    """The diary of a panel member lets one call have the time."""
    world = busy(1)
    results = at_once(
        [lambda n=n: world.add(world.slot(n / 10), message=f"m{n}") for n in range(6)]
    )
    assert sum(not isinstance(each, FacultyError) for each in results) == 1
    assert len(world.pages("find_slots", cohort_id=world.cohort_id)) == 1


def test_slots_need_a_cohort_with_interviews() -> None:
    """A course has none."""
    world = World()
    cohort_id = world.cohort(world.programme(kind="course"))
    with pytest.raises(FacultyError) as refused:
        world.call(
            "add_slots",
            cohort_id=cohort_id,
            slots=[{"starts_at": AT, "minutes": 30, "mode": "online", "panel": ["anybody"]}],
        )
    assert refused.value.code == "programmes.not_reviewed"
