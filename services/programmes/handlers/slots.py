"""Interview slots as staff offer them, and as applicants and panels find them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from services.programmes.commands import selection as commands
from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort, to_the_millisecond
from services.programmes.domain.diary import Diary, Entry, entry_of, void
from services.programmes.domain.interview import PanelMark
from services.programmes.domain.slot import Slot, SlotState
from services.programmes.domain.terms import OUT, ApplicationStatus
from services.programmes.errors import PanelBusy, ReviewerNotActive
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.settling import require_not_held
from services.programmes.schemas import interviews as schemas
from shared import telemetry
from shared.errors import Invalid
from shared.events import new_id


def add_slots(command: commands.AddSlots, *, selecting: Selecting) -> schemas.SlotsView:
    """Offer times, all of them or none where somebody is taken.

    The panel's diaries come first, so that two calls at once cannot take the same person's time.
    """
    here, now = selecting.desk.round(command.cohort_id), selecting.desk.clock()
    selecting.for_interviews(here)
    slots = [_slot(each, here.cohort) for each in command.slots]
    _require_sound(slots, selecting)
    for slot in slots:
        for reviewer_id in slot.panel:
            _require_free(slot, slots, selecting.diaries.of(reviewer_id), selecting)
    for slot in slots:
        for reviewer_id in slot.panel:
            _enter(entry_of(slot, now), reviewer_id, selecting)
        selecting.slots.add(slot)
    return schemas.SlotsView(here.cohort.id, tuple(slot.id for slot in slots))


def _slot(new: commands.NewSlot, cohort: Cohort) -> Slot:
    return Slot(
        new_id(),
        cohort.id,
        to_the_millisecond(new.starts_at),
        new.minutes,
        new.mode,
        new.place.strip(),
        tuple(dict.fromkeys(new.panel)),
    )


def _require_sound(slots: list[Slot], selecting: Selecting) -> None:
    now = selecting.desk.clock()
    if past := [place for place, slot in enumerate(slots) if slot.begun(now)]:
        reasons = {f"slots.{place}.starts_at": ["Must be to come."] for place in past}
        raise Invalid("The slots are not valid.", fields=reasons)
    wanted = list(dict.fromkeys(id for slot in slots for id in slot.panel))
    pool = selecting.review_desk.reviewers.scan({"_id": {"$in": wanted}})
    active = {each.id for each in pool if each.active}
    if missing := [id for id in wanted if id not in active]:
        raise ReviewerNotActive(reviewer_ids=missing)


def _require_free(slot: Slot, others: list[Slot], diary: Diary, selecting: Selecting) -> None:
    now = selecting.desk.clock()
    mine = entry_of(slot, now)
    beside = [entry_of(o, now) for o in others if diary.id in o.panel and o is not slot]
    gone = _void(diary.overlapping(mine), selecting)
    taken = [e for e in diary.overlapping(mine) if e.slot_id not in gone]
    found = [e.slot_id for e in (*taken, *beside) if e.overlaps(mine)]
    if found:
        raise PanelBusy(reviewer_id=diary.id, slot_ids=found)


def _enter(entry: Entry, reviewer_id: str, selecting: Selecting) -> None:
    """Take a panel member's time; one call may do so for many slots."""
    diary = selecting.diaries.of(reviewer_id)
    gone = _void(diary.overlapping(entry), selecting)
    with telemetry.apart():
        selecting.diaries.change(reviewer_id, lambda found: found.enter(entry, gone))


def _void(entries: list[Entry], selecting: Selecting) -> set[str]:
    now, slots = selecting.desk.clock(), selecting.slots
    return {e.slot_id for e in entries if void(e, slots.first({"_id": e.slot_id}), now)}


def withdraw_slot(command: commands.WithdrawSlot, *, selecting: Selecting) -> schemas.SlotView:
    """Take a slot off offer, and give its time back to its panel."""
    require_not_held(selecting.slots.get(command.slot_id), selecting)
    slot = selecting.slots.change(command.slot_id, lambda found: found.withdraw())
    for reviewer_id in slot.panel:
        with telemetry.apart():
            selecting.diaries.change(reviewer_id, lambda found: found.strike(slot.id))
    return schemas.SlotView.of(slot, selecting.desk.cohorts.get(slot.cohort_id).zone)


def find_slots(request: schemas.FindSlots, *, selecting: Selecting) -> schemas.SlotPage:
    """Slots by time; to a member their own, and those they may book."""
    cohort = selecting.desk.cohorts.get(request.cohort_id)
    page = selecting.slots.find(
        {"cohort_id": cohort.id}, by="when", cursor=request.cursor, limit=request.limit
    )
    if request.member_id is None:
        views = tuple(schemas.SlotView.of(slot, cohort.zone) for slot in page.items)
        return schemas.SlotPage(views, page.next_cursor)
    mine = selecting.desk.application_of(cohort.id, request.member_id)
    if mine is None:
        return schemas.SlotPage((), page.next_cursor)
    dropped = _dropped(page.items, selecting)
    barred = selecting.review_desk.barred(mine.member_id)
    views = tuple(
        schemas.SlotView.for_applicant(slot, cohort.zone, slot.has(mine.id))
        for slot in page.items
        if _open_to(slot, mine, dropped, barred, selecting)
    )
    return schemas.SlotPage(views, page.next_cursor)


def _dropped(slots: Iterable[Slot], selecting: Selecting) -> set[str]:
    """The holders of slots who dropped out, so that others may book."""
    ids = [slot.application_id for slot in slots if slot.application_id is not None]
    found = selecting.desk.applications.scan({"_id": {"$in": ids}})
    return {each.id for each in found if each.status in OUT}


def _open_to(
    slot: Slot,
    application: Application,
    dropped: set[str],
    barred: frozenset[str],
    selecting: Selecting,
) -> bool:
    if slot.application_id is not None and slot.application_id not in dropped:
        return slot.has(application.id)
    hours = selecting.rules.booking_closes_hours
    return (
        slot.state is SlotState.OPEN
        and application.status is ApplicationStatus.SHORTLISTED
        and not slot.closed(selecting.desk.clock(), hours)
        and barred.isdisjoint(slot.panel)
    )


def find_panel_slots(
    request: schemas.FindPanelSlots, *, selecting: Selecting
) -> schemas.PanelSlotPage:
    """The slots on whose panel the caller sits, with what the panel does for the applicant."""
    me = telemetry.current().actor
    cohort = selecting.desk.cohorts.get(request.cohort_id)
    page = selecting.slots.find(
        {"cohort_id": cohort.id}, by="when", cursor=request.cursor, limit=request.limit
    )
    mine = [s for s in page.items if me in s.panel and s.state is SlotState.OPEN]
    open_to_me = _open_to_panel(mine, me, selecting)
    needs, scored = _arrangements(mine, selecting), _scored(open_to_me, me, selecting)
    views = tuple(
        _panel_view(slot, cohort, open_to_me.get(slot.id), needs, scored) for slot in mine
    )
    return schemas.PanelSlotPage(views, page.next_cursor)


def _open_to_panel(slots: list[Slot], me: str, selecting: Selecting) -> dict[str, str]:
    """The applications whose interviews are settled and open to a panel member, by slot."""
    review_desk = selecting.review_desk
    booked = {slot.id: slot for slot in slots if slot.application_id and not slot.moving}
    person = review_desk.persons(slot.member_id or "" for slot in booked.values())
    conflicts = review_desk.conflicts([me])[me]
    return {
        id: slot.application_id or ""
        for id, slot in booked.items()
        if person[slot.member_id or ""] not in conflicts
    }


def _scored(open_to_me: Mapping[str, str], me: str, selecting: Selecting) -> set[str]:
    keys = [PanelMark.key(application_id, me) for application_id in open_to_me.values()]
    return {each.application_id for each in selecting.marks.scan({"_id": {"$in": keys}})}


def _arrangements(slots: list[Slot], selecting: Selecting) -> dict[str, str]:
    ids = [slot.application_id for slot in slots if slot.application_id is not None]
    found = selecting.adjustments.scan({"_id": {"$in": ids}})
    return {each.id: each.arrangements for each in found}


def _panel_view(
    slot: Slot,
    cohort: Cohort,
    application_id: str | None,
    needs: Mapping[str, str],
    scored: Container[str],
) -> schemas.PanelSlotView:
    return schemas.PanelSlotView(
        slot_id=slot.id,
        starts_at=slot.starts_at,
        starts=slot.starts_at.astimezone(cohort.zone).isoformat(),
        minutes=slot.minutes,
        mode=slot.mode,
        place=slot.place,
        application_id=application_id,
        arrangements=needs.get(application_id or "", ""),
        scored=application_id in scored,
    )
