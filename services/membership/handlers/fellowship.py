"""Fellowship: applications put together, assessed and ratified; awards granted and confirmed.

Where a member changes beside an application, the one that decides is written first and the other
follows from it, so that a call which is cut off is completed when it is made again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from services.membership.commands import fellowship as commands
from services.membership.domain.assessors import Assessor
from services.membership.domain.calendar import number
from services.membership.domain.candidacy import require_current
from services.membership.domain.dossier import DRAFT, Referee, Reference
from services.membership.domain.fellowship import Fellowship, recorded_award
from services.membership.domain.member import Member
from services.membership.domain.people import email_key
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.rounds import Panel, Ruling
from services.membership.errors import FellowshipRunning, NotAMember
from services.membership.handlers.desk import Desk
from services.membership.schemas import fellowship as schemas
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import new_id

if TYPE_CHECKING:
    from services.membership.repository import Fellowships


class _Own(Protocol):
    @property
    def member_id(self) -> str: ...
    @property
    def fellowship_id(self) -> str: ...


def start_fellowship(
    command: commands.StartFellowship, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Begin a draft, unless another application of the member is not decided."""
    member = desk.actionable(command.member_id)
    if any(fellowships.first({"running_key": id}) for id in desk.members.merged_into(member.id)):
        raise FellowshipRunning(member_id=member.id)
    started = Fellowship.start(
        new_id(), member, command.level, command.route, desk.policies.book(), desk.today()
    )
    try:
        return _view(fellowships.add(started), desk).for_applicant()
    except Duplicate:
        raise FellowshipRunning(member_id=member.id) from None


def add_evidence(
    command: commands.AddEvidence, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Put evidence into a draft."""
    id, book, today = new_id(), desk.policies.book(), desk.today()
    return _change_own(
        command, desk, fellowships, lambda found: found.add_evidence(command, id, book, today)
    )


def remove_evidence(
    command: commands.RemoveEvidence, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Take evidence out of a draft."""
    return _change_own(
        command, desk, fellowships, lambda found: found.remove_evidence(command.evidence_id)
    )


def nominate_referee(
    command: commands.NominateReferee, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Name a referee, who may be a member."""
    applicant = _records(desk.actionable(command.member_id), desk)
    known = desk.members.first({"email_key": email_key(command.email)})
    referee = Referee(
        referee_id=new_id(),
        name=command.name,
        email=command.email.strip(),
        relationship=command.relationship,
        nominated_on=desk.today(),
        member_id=None if known is None else known.id,
    )
    return _change_own(
        command, desk, fellowships, lambda found: found.nominate_referee(referee, applicant)
    )


def withdraw_referee(
    command: commands.WithdrawReferee, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Do without a referee."""
    today = desk.today()
    return _change_own(
        command,
        desk,
        fellowships,
        lambda found: found.withdraw_referee(command.referee_id, today),
    )


def submit_fellowship(
    command: commands.SubmitFellowship, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Hand in a complete draft."""
    member = desk.actionable(command.member_id)
    book, today = desk.policies.book(), desk.today()
    return _change_own(command, desk, fellowships, lambda found: found.submit(member, book, today))


def record_reference(
    command: commands.RecordReference, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Enter what a referee wrote."""
    book, today = desk.policies.book(), desk.today()
    reference = Reference(command.received_on, command.supportive, command.text)
    kept = fellowships.change(
        command.fellowship_id,
        lambda found: found.record_reference(command.referee_id, reference, book, today),
    )
    return _view(kept, desk)


def declare_conflict(
    command: commands.DeclareConflict, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Keep a member with an interest from assessing."""
    assessor, today = desk.members.get(command.assessor_id), desk.today()
    kept = fellowships.change(
        command.fellowship_id,
        lambda found: found.declare_conflict(assessor.id, command.reason, today),
    )
    return _view(kept, desk)


def record_panel_decision(
    command: commands.RecordPanelDecision, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Enter what a panel recommends, if its members may assess this application."""
    book, today = desk.policies.book(), desk.today()
    assessors = _assessors(command.assessors, desk)
    panel = Panel(
        assessors=command.assessors,
        outcome=command.outcome,
        reasons=command.reasons,
        domains_met=command.domains_met,
        decided_on=command.decided_on or today,
    )
    kept = fellowships.change(
        command.fellowship_id, lambda found: found.decide(panel, assessors, book, today)
    )
    return _view(kept, desk)


def _assessors(ids: tuple[str, ...], desk: Desk) -> list[Assessor]:
    found: list[Assessor] = []
    faults: dict[str, list[str]] = {}
    for index, id in enumerate(ids):
        try:
            member, *merged = _records(desk.members.get(id), desk)
            found.append(Assessor(member, tuple(merged)))
        except NotFound:
            faults[f"assessors.{index}"] = ["There is no such member."]
    if faults:
        raise Invalid("The assessors are not valid.", fields=faults)
    return found


def ratify(
    command: commands.Ratify, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Enter what the trustees decided, and let the member hold what they awarded.

    The application is written first: whoever makes the call again finds it ratified, and the award
    is granted where it was not.
    """
    member = desk.surviving(fellowships.get(command.fellowship_id).member_id)
    book, today = desk.policies.book(), desk.today()
    ruling = Ruling(command.outcome, command.ratified_on, command.minute)
    kept = fellowships.change(
        command.fellowship_id, lambda found: found.ratify(ruling, member, book, today)
    )
    award = kept.award(book)
    if award is not None:
        desk.change(member.id, lambda found, _book, _today: found.grant_award(award))
    return _view(kept, desk)


def appeal(
    command: commands.Appeal, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Have another panel look at a declined application, unless the member began a new one."""
    book, today = desk.policies.book(), desk.today()
    try:
        return _change_own(
            command,
            desk,
            fellowships,
            lambda found: found.appeal(command.grounds, book, today),
        )
    except Duplicate:
        raise FellowshipRunning(member_id=command.member_id) from None


def withdraw_fellowship(
    command: commands.WithdrawFellowship, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Take an application back."""
    today = desk.today()
    return _change_own(command, desk, fellowships, lambda found: found.withdraw(today))


def revalidate(
    command: commands.Revalidate, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Confirm an award: the evidence is kept first, and the award runs on from it."""
    member = desk.surviving(fellowships.get(command.fellowship_id).member_id)
    book, today = desk.policies.book(), desk.today()
    evidence = [(new_id(), given) for given in command.evidence]

    def confirm(found: Fellowship) -> None:
        require_current(member, book, today)
        found.revalidate(member.award_to_confirm(found.id, today), evidence, book, today)

    kept = fellowships.change(command.fellowship_id, confirm)
    last = kept.revalidations[-1]
    desk.change(
        member.id,
        lambda found, _book, _today: found.revalidate_award(
            kept.id, last.due_on, last.revalidated_on, last.revalidate_by, last.notice_on
        ),
    )
    return _view(kept, desk)


def record_award(
    command: commands.RecordAward, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """Put an award on record that was made before, or elsewhere.

    Here the member is written first, whose awards say whether there may be another.
    """
    rules = desk.policies.book().fellowship.on(desk.today()).policy
    award = recorded_award(
        new_id(), command.level, command.awarded_on, command.confirmed_on, rules, desk.today()
    )

    def grant(found: Member, book: PolicyBook, today: date) -> None:
        if not found.admitted:
            status = found.standing_on(book, today).status
            raise NotAMember(member_id=found.id, status=status.value)
        found.require_below(award.level, rules, today)
        found.grant_award(award)

    member = desk.change(command.member_id, grant)
    kept = fellowships.add(Fellowship.taken_over(member, award, command.minute, desk.today()))
    return _view(kept, desk)


def get_fellowship(
    request: schemas.GetFellowship, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipView:
    """One application, whole or as the applicant named may see it."""
    kept = fellowships.get(request.fellowship_id)
    if request.member_id is None:
        return _view(kept, desk)
    _require_applicant(kept, desk.surviving(request.member_id), desk)
    return _view(kept, desk).for_applicant()


def find_fellowships(
    request: schemas.FindFellowships, *, desk: Desk, fellowships: Fellowships
) -> schemas.FellowshipPage:
    """Applications that fit all that is asked for."""
    today, by = desk.today(), "id"
    asked = {"member_id": request.member_id, "state": request.state, "level": request.level}
    criteria: dict[str, Any] = {
        name: str(value) for name, value in asked.items() if value is not None
    }
    if request.overdue:
        by = "clock_key"
        criteria[by] = {"$gte": "", "$lt": f"{number(today)}|"}
    page = fellowships.find(criteria, by=by, cursor=request.cursor, limit=request.limit)
    items = tuple(schemas.FellowshipSummary.of(kept, today) for kept in page.items)
    return schemas.FellowshipPage(items, page.next_cursor)


def _change_own(
    command: _Own, desk: Desk, fellowships: Fellowships, action: Callable[[Fellowship], object]
) -> schemas.FellowshipView:
    """Do something with an application of the member who asks, and answer as they may see it."""
    member = desk.actionable(command.member_id)
    _require_applicant(fellowships.get(command.fellowship_id), member, desk)
    return _view(fellowships.change(command.fellowship_id, action), desk).for_applicant()


def _require_applicant(kept: Fellowship, member: Member, desk: Desk) -> None:
    """Raises NotFound to everybody else; who was merged with the applicant stands for them."""
    if desk.surviving(kept.member_id).id != member.id:
        raise NotFound("There is no such fellowship.", id=kept.id)


def _records(member: Member, desk: Desk) -> list[Member]:
    """The member's record, then those that were merged into it."""
    return [member, *desk.members.some(desk.members.merged_into(member.id)).values()]


def _view(kept: Fellowship, desk: Desk) -> schemas.FellowshipView:
    """All of an application, as of today; what is missing is said of drafts alone."""
    book, today = desk.policies.book(), desk.today()
    draft = kept.state is DRAFT
    missing = kept.missing(desk.surviving(kept.member_id), book, today) if draft else ()
    return schemas.FellowshipView.of(kept, missing, book, today)
