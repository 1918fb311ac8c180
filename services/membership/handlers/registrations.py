"""Registrations checked against registers, and sanctions put before the committee."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from services.membership.commands import registrations as commands
from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.register import RegisterEntry, compare, read_extract
from services.membership.domain.registrant import HeldRegistration
from services.membership.domain.regulators import Regulators, normal_number
from services.membership.handlers.desk import Desk
from services.membership.schemas import registrations as schemas
from services.membership.schemas.members import MemberView
from shared.errors import Duplicate, Invalid, NotFound, Refused
from shared.events import new_id

if TYPE_CHECKING:
    from services.membership.repository import RegisterEntries, Registrations


def import_register(
    command: commands.ImportRegister,
    *,
    desk: Desk,
    entries: RegisterEntries,
    registrations: Registrations,
    regulators: Regulators,
) -> schemas.ExtractView:
    """Take in a register extract; every row is sound or none is kept.

    Members are checked first and the entries written after, so that a call which is cut off and
    repeated finds the members that are left.
    """
    regulator = regulators.get(command.regulator)
    extract = read_extract(regulator, command.rows, desk.today())
    comparison = compare(entries.find(entry.id for entry in extract), extract)
    by_key = {entry.id: entry for entry in extract}
    holders = registrations.holders(by_key)
    differences = _recheck(by_key, holders, desk, dry_run=command.dry_run)
    if not command.dry_run:
        entries.write(comparison.to_write)
    return schemas.ExtractView.of(regulator.code, comparison, differences, dry_run=command.dry_run)


def _recheck(
    by_key: Mapping[str, RegisterEntry | None],
    holders: Mapping[str, str],
    desk: Desk,
    *,
    dry_run: bool,
) -> tuple[schemas.Difference, ...]:
    """Check those holders again of whom the register says something else than before."""
    book, today = desk.policies.book(), desk.today()
    differences = []
    rehearsed: dict[str, Member] = {}
    for key, member_id in sorted(holders.items()):
        review_id = new_id()
        try:
            member = rehearsed.get(member_id) or desk.members.get(member_id)
            was = member.registration(key)
        except NotFound:
            continue  # claimed by an application that was never kept
        if not _differs(member, was, by_key[key], today):
            continue

        def check(found: Member, key: str = key, review_id: str = review_id) -> None:
            found.settle(book, today)
            found.check(key, by_key[key], review_id, today)
            found.settle(book, today)

        if dry_run:
            check(member)
            rehearsed[member_id] = member
        else:
            member = desk.members.change(member_id, check)
        differences.append(_difference(member, was, by_key[key]))
    return tuple(differences)


def _differs(
    member: Member, held: HeldRegistration, entry: RegisterEntry | None, today: date
) -> bool:
    """Whether another look at the register would conclude something else than the last."""
    last = held.last_check
    if last is None or member.erased_on or member.merged_on:
        return False
    now = member.compare(held, entry, today)
    return (now.outcome, now.reason, now.register_status) != (
        last.outcome,
        last.reason,
        last.register_status,
    )


def _difference(
    member: Member, was: HeldRegistration, entry: RegisterEntry | None
) -> schemas.Difference:
    assert member.settled is not None
    return schemas.Difference(
        member_id=member.id,
        registration_number=was.number,
        was=was.status,
        now=None if entry is None else entry.status,
        status=member.settled.status,
    )


def close_register_import(
    command: commands.CloseRegisterImport,
    *,
    desk: Desk,
    entries: RegisterEntries,
    registrations: Registrations,
    regulators: Regulators,
) -> schemas.ClosedView:
    """Check those holders again whom no extract since a day has had: they are off the register."""
    regulator = regulators.get(command.regulator)
    page = registrations.of_regulator(regulator.code, command.cursor, command.limit)
    holders = dict(page.items)
    found = entries.find(holders)
    gone = {
        key: member_id
        for key, member_id in holders.items()
        if key not in found or found[key].imported_on < command.since
    }
    differences = _recheck(dict.fromkeys(gone), gone, desk, dry_run=command.dry_run)
    return schemas.ClosedView(
        regulator=regulator.code,
        looked_at=len(holders),
        differences=differences,
        next_cursor=page.next_cursor,
        dry_run=command.dry_run,
    )


def verify_registration(
    command: commands.VerifyRegistration, *, desk: Desk, entries: RegisterEntries
) -> schemas.VerificationView:
    """Check registrations against the latest extract; a refusal is an outcome, not an error."""
    keys = _keys(desk.actionable(command.member_id), command.registration_number)
    found = entries.find(keys)
    reviews = {key: new_id() for key in keys}

    def check(member: Member, _book: PolicyBook, today: date) -> None:
        for key in keys:
            member.check(key, found.get(key), reviews[key], today)

    member = desk.change(command.member_id, check)
    checks = tuple(member.registration(key).checks[-1] for key in keys)
    return schemas.VerificationView.of(member, checks)


def _keys(member: Member, number: str | None) -> list[str]:
    wanted = None if number is None else normal_number(number)
    keys = [held.key for held in member.registrations if wanted in (None, held.number)]
    if keys:
        return keys
    if number is None:
        raise Refused("The member has no registration to verify.", member_id=member.id)
    reason = "The member has no such registration."
    raise Invalid("There is no such registration.", fields={"registration_number": [reason]})


def add_registration(
    command: commands.AddRegistration,
    *,
    desk: Desk,
    registrations: Registrations,
    regulators: Regulators,
) -> MemberView:
    """Put one more registration on record, unless it is somebody else's."""
    member = desk.actionable(command.member_id)
    registration = regulators.registered(
        command.regulator, command.registration_number, member.nation
    )
    try:
        registrations.claim(registration.key, member.id)
    except Duplicate:
        reason = "Already used by another member."
        raise Duplicate(
            "Somebody else has this registration.",
            field="registration_number",
            fields={"registration_number": [reason]},
        ) from None
    member = desk.change(
        member.id, lambda found, _book, today: found.add_registration(registration, today)
    )
    return desk.view(member)


def declare_sanction(command: commands.DeclareSanction, *, desk: Desk) -> MemberView:
    """Put a sanction that a person tells of before the committee."""
    (key, *_) = _keys(desk.actionable(command.member_id), command.registration_number)
    review_id = new_id()
    member = desk.change(
        command.member_id,
        lambda found, _book, today: found.declare_sanction(key, command.detail, review_id, today),
    )
    return desk.view(member)


def record_review_decision(command: commands.RecordReviewDecision, *, desk: Desk) -> MemberView:
    """Put the committee's decision on record and let it take effect."""
    member = desk.change(
        command.member_id,
        lambda found, _book, today: found.decide_review(
            command.review_id,
            command.outcome,
            command.reason,
            command.decided_by,
            command.suspended_until,
            today,
        ),
    )
    return desk.view(member)


def find_reviews(request: schemas.FindReviews, *, desk: Desk) -> schemas.ReviewPage:
    """The sanctions that wait for the committee, by member."""
    page = desk.members.find(
        {"review_key": {"$gte": ""}}, by="review_key", cursor=request.cursor, limit=request.limit
    )
    reviews = (
        schemas.ReviewView.of(member.id, review)
        for member in page.items
        for review in member.reviews
        if review.outcome is None
    )
    return schemas.ReviewPage(tuple(reviews), page.next_cursor)
