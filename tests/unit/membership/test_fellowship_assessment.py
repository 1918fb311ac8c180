"""Who may assess whom, what panel and trustees decide, appeals, and what applicants are shown."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.entrypoints import MembershipService
from services.membership.errors import (
    AppealClosed,
    AssessorsBarred,
    AwardHeld,
    FellowshipOutOfOrder,
    FellowshipRunning,
    Merged,
    NotRecommended,
)
from services.membership.events import (
    EVENTS,
    FellowshipAppealed,
    FellowshipAwarded,
    FellowshipDecided,
    FellowshipDeclined,
)
from shared.auth import ROLES, Claims
from shared.errors import Forbidden, Invalid, NotFound
from shared.events import dump
from shared.schema import dumps
from tests.unit.membership.fellowships import (
    DOMAINS,
    MINUTE,
    award,
    fill,
    in_state,
    member_of,
    merge,
    nominate,
    own,
    panel,
    ratify,
    reference,
    staff,
    start,
    submit,
    view,
)
from tests.unit.membership.world import World, cut_at_every_write

PLANTED = {
    "name": "Planted Refereename",
    "email": "planted.referee@example.org",
    "relationship": "Planted relationship",
}
TEXT, REASONS, INTEREST = "Planted reference.", "Planted reasons.", "Planted interest."


def barred(world: World, fellowship_id: str, *assessors: str) -> dict[str, str]:
    """Why these may not assess, by member id; nothing is changed by asking."""
    before = world.document("fellowships", fellowship_id)
    with pytest.raises(AssessorsBarred) as refused:
        panel(world, fellowship_id, *assessors)
    assert world.document("fellowships", fellowship_id) == before
    reasons: dict[str, str] = refused.value.details["assessors"]
    return reasons


def test_two_who_hold_the_level_may_assess() -> None:
    """Their decision is told without what it is."""
    world = World()
    fellowship_id = in_state(world, "in_assessment")
    shown = panel(world, fellowship_id, award(world, "fellow"), award(world, "senior_fellow"))
    assert (shown.state, shown.rounds[0].panel.outcome) == ("panel_decided", "award")
    told = world.events(fellowship_id)[-1]
    assert told == FellowshipDecided(fellowship_id, shown.member_id, "fellow", world.today)


@pytest.mark.parametrize(
    ("level", "held", "barred_"),
    [
        ("associate_fellow", "associate_fellow", False),
        ("fellow", "associate_fellow", True),
        ("fellow", "fellow", False),
        ("senior_fellow", "fellow", True),
        ("senior_fellow", "senior_fellow", False),
    ],
)
def test_nobody_assesses_for_a_level_above_their_own(level: str, held: str, barred_: bool) -> None:
    """An award of at least the level is needed."""
    world = World()
    fellowship_id = in_state(world, "in_assessment", level)
    assessor, other = award(world, held), award(world)
    if barred_:
        assert barred(world, fellowship_id, assessor, other) == {assessor: "level"}
    else:
        assert panel(world, fellowship_id, assessor, other).state == "panel_decided"


def test_members_without_an_award_assess_nobody() -> None:
    """Nor does one whose award was not confirmed in time, noticed or not."""
    world = World()
    member, lapsed, held = world.member(), world.member(), award(world)
    arguments = {"level": "senior_fellow", "minute": MINUTE}
    world.call(
        "record_award",
        member_id=lapsed,
        awarded_on=world.today - timedelta(days=1_820),
        **arguments,
    )
    world.go_to(date(2026, 12, 1))
    fellowship_id = in_state(world, "in_assessment")
    assert barred(world, fellowship_id, member, held) == {member: "level"}
    assert world.members.get(lapsed).awards[0].ended_on is None
    assert barred(world, fellowship_id, lapsed, held) == {lapsed: "level"}


def test_nobody_assesses_themselves() -> None:
    """Not even one who holds a level already and applies for a higher one."""
    world = World()
    applicant = award(world, "fellow")
    fellowship_id = in_state(world, "in_assessment", "senior_fellow", applicant)
    assert barred(world, fellowship_id, applicant, award(world)) == {applicant: "applicant"}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_no_referee_assesses(withdrawn: bool) -> None:
    """A member who was named by address is known, also after the address changed, or withdrawal."""
    world = World()
    assessor, later = award(world), award(world)
    address = world.members.get(assessor).email
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id)
    referee_id = nominate(world, fellowship_id, address.upper())
    nominate(world, fellowship_id, "later@example.org")
    referees = submit(world, fellowship_id).referees
    if withdrawn:
        own(world, "withdraw_referee", fellowship_id, referee_id=referee_id)
    for each in referees[:2]:
        reference(world, fellowship_id, each.referee_id)
    assert barred(world, fellowship_id, assessor, award(world)) == {assessor: "referee"}
    world.call("change_contact", member_id=assessor, email="new.address@example.org")
    world.call("change_contact", member_id=later, email="Later@Example.org")
    assert barred(world, fellowship_id, assessor, later) == {
        assessor: "referee",
        later: "referee",
    }


def test_nobody_with_a_conflict_assesses() -> None:
    """Once declared it holds, for this application alone."""
    world = World()
    assessor, other = award(world), award(world)
    fellowship_id, another = in_state(world, "draft"), in_state(world, "in_assessment")
    arguments = {"assessor_id": assessor, "reason": INTEREST}
    for _ in range(2):
        shown = staff(world, "declare_conflict", fellowship_id, **arguments)
    assert [(each.assessor_id, each.reason) for each in shown.conflicts] == [(assessor, INTEREST)]
    fill(world, fellowship_id)
    for referee in submit(world, fellowship_id).referees:
        reference(world, fellowship_id, referee.referee_id)
    assert barred(world, fellowship_id, assessor, other) == {assessor: "conflict"}
    assert panel(world, another, assessor, other).state == "panel_decided"


def test_who_has_two_records_is_barred_by_either() -> None:
    """As applicant, referee, by conflict and as one of the first panel, once they are merged."""
    world = World()
    twins = {name: (award(world), world.member()) for name in ("applicant", "referee", "conflict")}
    address = world.members.get(twins["referee"][1]).email
    fellowship_id = start(world, twins["applicant"][1]).fellowship_id
    fill(world, fellowship_id, without=("referees",))
    nominate(world, fellowship_id, address)
    nominate(world, fellowship_id, "second@example.org")
    staff(
        world,
        "declare_conflict",
        fellowship_id,
        assessor_id=twins["conflict"][1],
        reason=INTEREST,
    )
    for referee in submit(world, fellowship_id).referees:
        reference(world, fellowship_id, referee.referee_id)
    for kept_id, merged_id in twins.values():
        merge(world, kept_id, merged_id)
    assert barred(world, fellowship_id, *(kept_id for kept_id, _ in twins.values())) == {
        kept_id: reason for reason, (kept_id, _) in twins.items()
    }
    panel(world, fellowship_id, outcome="decline")
    ratify(world, fellowship_id, "decline")
    first = view(world, fellowship_id).rounds[0].panel.assessors[0]
    staff(world, "appeal", fellowship_id, member_id=twins["applicant"][0], grounds="Invented.")
    another = award(world)
    merge(world, another, first)
    assert barred(world, fellowship_id, another, award(world)) == {another: "first_panel"}


def test_nobody_is_their_own_referee_by_another_record() -> None:
    """The address of a record that was merged into the applicant's is theirs."""
    world = World()
    kept_id, merged_id = world.member(), world.member()
    address = world.members.get(merged_id).email
    merge(world, kept_id, merged_id)
    fellowship_id = start(world, kept_id).fellowship_id
    with pytest.raises(Invalid) as refused:
        nominate(world, fellowship_id, address)
    assert list(refused.value.fields) == ["email"]


def test_who_was_merged_goes_on_with_the_other_record() -> None:
    """The application stays where it was begun; whoever stands for it now holds the award."""
    world = World()
    kept_id, merged_id = world.member(), world.member()
    fellowship_id = start(world, merged_id).fellowship_id
    fill(world, fellowship_id)
    merge(world, kept_id, merged_id)
    with pytest.raises(Merged) as refused:
        submit(world, fellowship_id)
    assert refused.value.details["into"] == kept_id
    with pytest.raises(FellowshipRunning):
        start(world, kept_id)
    with pytest.raises(NotFound):
        view(world, fellowship_id, world.member())
    assert view(world, fellowship_id, kept_id).missing == ()
    shown = staff(world, "submit_fellowship", fellowship_id, member_id=kept_id)
    for referee in shown.referees:
        reference(world, fellowship_id, referee.referee_id)
    panel(world, fellowship_id)
    assert ratify(world, fellowship_id).member_id == merged_id
    assert [each.fellowship_id for each in world.members.get(kept_id).awards] == [fellowship_id]
    assert world.members.get(merged_id).awards == ()


def test_a_conflict_is_that_of_a_member() -> None:
    """An id of nobody is refused."""
    world = World()
    with pytest.raises(NotFound):
        staff(
            world,
            "declare_conflict",
            in_state(world, "draft"),
            assessor_id="nobody",
            reason=INTEREST,
        )


def test_only_current_members_assess() -> None:
    """One who left does not, whatever they held."""
    world = World()
    left, other = award(world), award(world)
    fellowship_id = in_state(world, "in_assessment")
    world.call("withdraw", member_id=left)
    assert barred(world, fellowship_id, left, other) == {left: "not_current"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"assessors": ["nobody", "somebody"]}, "assessors.0"),
        ({"outcome": "award", "domains_met": ["self", "team"]}, "domains_met"),
        ({"outcome": "decline", "domains_met": ["self", "system"]}, "domains_met.1"),
        ({"decided_on": date(2026, 11, 24)}, "decided_on"),
        ({"decided_on": date(2026, 11, 22)}, "decided_on"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    """An award needs every domain; domains are the level's; days lie in the round."""
    world = World()
    fellowship_id = in_state(world, "in_assessment")
    with pytest.raises(Invalid) as refused:
        panel(world, fellowship_id, **changes)
    assert field in refused.value.fields


def test_a_panel_is_of_at_least_two_different_members() -> None:
    """How many is policy; the same one twice is one."""
    world = World()
    fellowship_id, assessor = in_state(world, "in_assessment"), award(world)
    with pytest.raises(Invalid) as refused:
        panel(world, fellowship_id, assessor)
    assert list(refused.value.fields) == ["assessors"]
    with pytest.raises(Invalid) as refused:
        panel(world, fellowship_id, assessor, assessor)
    assert list(refused.value.fields) == ["assessors.1"]


def test_a_panel_may_decline_whatever_domains_are_met() -> None:
    """Not every reason lies in the domains."""
    world = World()
    shown = panel(world, in_state(world, "in_assessment"), outcome="decline")
    assert shown.rounds[0].panel.outcome == "decline"


@pytest.mark.parametrize("level", DOMAINS)
def test_what_the_trustees_award_is_held_from_that_day(level: str) -> None:
    """The member has the post-nominals and pays a fellow's fee; it is told with the next date."""
    world = World()
    fellowship_id = in_state(world, "panel_decided", level)
    member_id = member_of(world, fellowship_id)
    assert world.call("get_member", member_id=member_id).post_nominals == ("MFMLM",)
    world.go_to(date(2026, 12, 20))
    shown = ratify(world, fellowship_id, ratified_on=date(2026, 12, 18))
    letters = {"associate_fellow": "AFFMLM", "fellow": "FFMLM", "senior_fellow": "SFFMLM"}[level]
    member = world.call("get_member", member_id=member_id)
    assert (shown.state, member.post_nominals) == ("awarded", (letters,))
    (held,) = member.awards
    assert (held.fellowship_id, held.level, held.awarded_on) == (
        fellowship_id,
        level,
        date(2026, 12, 18),
    )
    assert (held.revalidate_by, held.notice_on) == (date(2031, 12, 18), date(2031, 6, 18))
    assert world.events(fellowship_id)[-1] == FellowshipAwarded(
        fellowship_id, member_id, level, letters, date(2026, 12, 18), date(2031, 12, 18)
    )
    quote = world.call("quote", member_id=member_id, what="renewal")
    assert quote.lines[0].code == "fellow"


def test_what_the_trustees_decline_is_not_held() -> None:
    """It is told with the last day for an appeal."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    shown = ratify(world, fellowship_id, "decline")
    member = world.call("get_member", member_id=shown.member_id)
    assert (shown.state, member.awards, member.post_nominals) == ("declined", (), ("MFMLM",))
    assert world.events(fellowship_id)[-1] == FellowshipDeclined(
        fellowship_id, shown.member_id, "fellow", date(2026, 11, 23), date(2026, 12, 21)
    )
    assert shown.appeal_by == date(2026, 12, 21)


def test_the_trustees_award_nothing_that_was_not_recommended() -> None:
    """They may decline what was, and must send back what was not."""
    world = World()
    fellowship_id = in_state(world, "panel_decided", recommended="decline")
    with pytest.raises(NotRecommended):
        ratify(world, fellowship_id)
    assert view(world, fellowship_id).state == "panel_decided"
    assert ratify(world, fellowship_id, "decline").state == "declined"


@pytest.mark.parametrize("days", [-1, 1])
def test_ratification_lies_between_the_panel_and_today(days: int) -> None:
    """The trustees decide after the panel, and not in the future."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    with pytest.raises(Invalid) as refused:
        ratify(world, fellowship_id, ratified_on=world.today + timedelta(days=days))
    assert list(refused.value.fields) == ["ratified_on"]


def test_nothing_is_awarded_that_is_held_meanwhile() -> None:
    """An award recorded since the application was begun stands in the way."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    arguments = {"level": "senior_fellow", "awarded_on": world.today, "minute": MINUTE}
    world.call("record_award", member_id=member_of(world, fellowship_id), **arguments)
    with pytest.raises(AwardHeld):
        ratify(world, fellowship_id)
    assert view(world, fellowship_id).state == "panel_decided"


def test_ratifying_twice_is_harmless() -> None:
    """The same decision changes nothing; another one is refused."""
    world = World()
    fellowship_id = in_state(world, "awarded")
    member_id = member_of(world, fellowship_id)
    before = (
        world.document("fellowships", fellowship_id),
        world.document("members", member_id),
    )
    ratify(world, fellowship_id)
    assert before == (
        world.document("fellowships", fellowship_id),
        world.document("members", member_id),
    )
    with pytest.raises(FellowshipOutOfOrder) as refused:
        ratify(world, fellowship_id, "decline")
    assert refused.value.details["state"] == "awarded"


@pytest.mark.parametrize("message", ["r", None])
def test_a_ratification_that_was_cut_off_is_completed(message: str | None) -> None:
    """By the same call delivered again, and by another one: one award, told once."""
    ids: dict[int, str] = {}

    def prepare() -> World:
        world = World()
        ids[id(world)] = in_state(world, "panel_decided")
        return world

    def act(world: World) -> None:
        ratify(world, ids[id(world)], message=message)

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 3  # the application, the member, and none cut off
    for world in worlds:
        fellowship_id = ids[id(world)]
        member = world.members.get(member_of(world, fellowship_id))
        assert view(world, fellowship_id).state == "awarded"
        assert [each.fellowship_id for each in member.awards] == [fellowship_id]
        assert world.told(fellowship_id).count(FellowshipAwarded) == 1


def test_a_higher_award_takes_the_place_of_a_lower_one() -> None:
    """One set of letters at a time; the old award has ended for a reason that is a code."""
    world = World()
    member_id = award(world, "fellow")
    in_state(world, "awarded", "senior_fellow", member_id)
    member = world.call("get_member", member_id=member_id)
    assert member.post_nominals == ("SFFMLM",)
    assert [(each.level, each.ended_on) for each in member.awards] == [
        ("fellow", world.today),
        ("senior_fellow", None),
    ]
    ended = [e for e in world.events(member_id) if e.event_type.name == "award.ended"]
    assert [(each.level, each.reason) for each in ended] == [("fellow", "superseded")]


@pytest.mark.parametrize(("days", "open_"), [(0, True), (28, True), (29, False)])
def test_an_appeal_comes_within_the_window(days: int, open_: bool) -> None:
    """The last of its days counts; the day after is too late."""
    world = World()
    fellowship_id = in_state(world, "declined")
    world.go_to(date(2026, 11, 23) + timedelta(days=days))
    if open_:
        shown = own(world, "appeal", fellowship_id, grounds="Invented.")
        assert shown.state == "in_assessment"
    else:
        with pytest.raises(AppealClosed) as refused:
            own(world, "appeal", fellowship_id, grounds="Invented.")
        assert refused.value.details["reason"] == "window_closed"
        assert refused.value.details["appeal_by"] == "2026-12-21"


def test_an_appeal_begins_a_round_with_a_clock_of_its_own() -> None:
    """The first round stays on record; the new one is told with its target."""
    world = World()
    fellowship_id = in_state(world, "declined")
    world.go_to(date(2026, 12, 1))
    shown = own(world, "appeal", fellowship_id, grounds="Planted grounds.")
    assert [(each.begun_on, each.grounds, each.outcome) for each in shown.rounds] == [
        (date(2026, 11, 23), "", "decline"),
        (date(2026, 12, 1), "Planted grounds.", None),
    ]
    assert (shown.clock.started_on, shown.clock.stopped_on) == (date(2026, 12, 1), None)
    assert world.events(fellowship_id)[-1] == FellowshipAppealed(
        fellowship_id, shown.member_id, date(2026, 12, 1), date(2027, 3, 9)
    )
    world.go_to(date(2027, 3, 10))
    (late,) = world.pages("find_fellowships", overdue=True)
    assert late.fellowship_id == fellowship_id


def test_nobody_of_the_first_panel_hears_the_appeal() -> None:
    """Each of them is barred; a panel of others may award."""
    world = World()
    fellowship_id = in_state(world, "declined")
    first = view(world, fellowship_id).rounds[0].panel.assessors
    own(world, "appeal", fellowship_id, grounds="Invented.")
    assert barred(world, fellowship_id, *first) == dict.fromkeys(first, "first_panel")
    assert barred(world, fellowship_id, first[0], award(world)) == {first[0]: "first_panel"}
    panel(world, fellowship_id)
    assert ratify(world, fellowship_id).state == "awarded"


def test_an_application_is_appealed_once() -> None:
    """Declined again, it is told that there is no further appeal."""
    world = World()
    fellowship_id = in_state(world, "declined")
    own(world, "appeal", fellowship_id, grounds="Invented.")
    with pytest.raises(FellowshipOutOfOrder):
        own(world, "appeal", fellowship_id, grounds="Invented.")
    panel(world, fellowship_id, outcome="decline")
    shown = ratify(world, fellowship_id, "decline")
    assert (shown.state, shown.appeal_by) == ("declined", None)
    told = world.events(fellowship_id)[-1]
    assert (type(told), told.appeal_by) == (FellowshipDeclined, None)
    with pytest.raises(AppealClosed) as refused:
        own(world, "appeal", fellowship_id, grounds="Invented.")
    assert refused.value.details["reason"] == "appealed_before"


def test_an_appeal_and_a_new_application_do_not_run_together() -> None:
    """Whichever came first has to end before the other."""
    world = World()
    fellowship_id = in_state(world, "declined")
    member_id = member_of(world, fellowship_id)
    draft = start(world, member_id)
    with pytest.raises(FellowshipRunning):
        own(world, "appeal", fellowship_id, grounds="Invented.")
    own(world, "withdraw_fellowship", draft.fellowship_id)
    own(world, "appeal", fellowship_id, grounds="Invented.")
    with pytest.raises(FellowshipRunning):
        start(world, member_id)


OWN = {
    "add_evidence": {"kind": "project", "title": "Invented", "dated": date(2026, 11, 1)},
    "remove_evidence": {"evidence_id": "e"},
    "nominate_referee": PLANTED,
    "withdraw_referee": {"referee_id": "r"},
    "submit_fellowship": {},
    "appeal": {"grounds": "Invented."},
    "withdraw_fellowship": {},
    "get_fellowship": {},
}


@pytest.mark.parametrize("method", OWN)
def test_a_member_reaches_their_own_application_alone(method: str) -> None:
    """By a member's token somebody else's application is not there, whatever its state."""
    world = World()
    other = world.member()
    for state in ("draft", "declined"):
        fellowship_id = in_state(world, state)
        before = world.document("fellowships", fellowship_id)
        with pytest.raises(NotFound):
            world.call(
                method, by=other, member_id=other, fellowship_id=fellowship_id, **OWN[method]
            )
        assert world.document("fellowships", fellowship_id) == before


@pytest.mark.parametrize("method", [*OWN, "start_fellowship", "find_fellowships"])
def test_a_member_must_name_themself(method: str) -> None:
    """Without their id, or with another's, a member's token does not pass."""
    contract = getattr(MembershipService, method).contract
    assert contract.own == "member_id"
    member = Claims("m-1", "member", frozenset(ROLES["member"]), expires_at=0.0)
    member.authorise(contract.scope, own="m-1")
    for claimed in (None, "m-2"):
        with pytest.raises(Forbidden):
            member.authorise(contract.scope, own=claimed)


@pytest.mark.parametrize(
    "method",
    [
        "record_reference",
        "declare_conflict",
        "record_panel_decision",
        "ratify",
        "revalidate",
        "record_award",
    ],
)
def test_the_rest_is_for_staff(method: str) -> None:
    """No member's token passes."""
    contract = getattr(MembershipService, method).contract
    assert (contract.own, contract.scope) == (None, "membership:write")


def whole(world: World) -> str:
    """An application with a planted referee, reference, interest, panel and minute; declined."""
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id, without=("referees",))
    nominate(world, fellowship_id, **PLANTED)
    nominate(world, fellowship_id, "second@example.org")
    staff(
        world,
        "declare_conflict",
        fellowship_id,
        assessor_id=award(world),
        reason=INTEREST,
    )
    for referee in submit(world, fellowship_id).referees:
        reference(world, fellowship_id, referee.referee_id)
    panel(world, fellowship_id, outcome="decline")
    return fellowship_id


def test_applicants_are_not_shown_who_wrote_what_of_them() -> None:
    """Neither names, addresses, references, interests nor assessors; staff are shown all."""
    world = World()
    fellowship_id = whole(world)
    member_id = member_of(world, fellowship_id)
    assessors = view(world, fellowship_id).rounds[0].panel.assessors
    secret = [PLANTED["name"], PLANTED["email"], TEXT, INTEREST, *assessors]
    for_staff = json.dumps(dump(view(world, fellowship_id)))
    for_them = json.dumps(dump(view(world, fellowship_id, member_id)))
    assert [each for each in secret if each not in for_staff] == []
    assert [each for each in secret if each in for_them] == []
    shown = view(world, fellowship_id, member_id)
    assert [each.reference.received_on for each in shown.referees] == [world.today] * 2
    assert [each.reference.supportive for each in shown.referees] == [None, None]


def test_applicants_learn_what_the_panel_thought_once_it_is_ratified() -> None:
    """Before that nothing of it; after it the reasons, but not the minute."""
    world = World()
    fellowship_id = whole(world)
    member_id = member_of(world, fellowship_id)
    assert view(world, fellowship_id, member_id).rounds[0].panel is None
    ratify(world, fellowship_id, "decline")
    (told,) = view(world, fellowship_id, member_id).rounds
    assert (told.panel.outcome, told.panel.reasons, told.outcome) == ("decline", REASONS, "decline")
    assert (told.panel.assessors, told.minute) == ((), None)
    assert view(world, fellowship_id).rounds[0].minute == MINUTE


def test_what_is_answered_to_applicants_is_what_they_may_see() -> None:
    """Also by the methods with which they change something."""
    world = World()
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id, without=("referees",))
    answers = [
        own(world, "nominate_referee", fellowship_id, **PLANTED),
        own(world, "nominate_referee", fellowship_id, **{**PLANTED, "email": "b@example.org"}),
        submit(world, fellowship_id),
    ]
    referee_id = answers[-1].referees[0].referee_id
    reference(world, fellowship_id, referee_id)
    answers.append(own(world, "withdraw_fellowship", fellowship_id))
    told = json.dumps([dump(answer) for answer in answers])
    assert PLANTED["relationship"] in told
    assert [each for each in (PLANTED["name"], PLANTED["email"], TEXT) if each in told] == []


def test_events_are_public_and_say_codes_alone() -> None:
    """No name, address, reference, reason or title of evidence is in any of them."""
    world = World()
    fellowship_id = whole(world)
    ratify(world, fellowship_id, "decline")
    own(world, "appeal", fellowship_id, grounds="Planted grounds.")
    told = " ".join(dumps(each) for each in world.events(fellowship_id)).casefold()
    for planted in ("planted", "invented", "example.org", MINUTE.casefold()):
        assert planted not in told
    kinds = [e.event_type for e in EVENTS if e.event_type.name.startswith(("fellowship", "award"))]
    assert len(kinds) == 11
    assert not any(each.private for each in kinds)


def test_what_people_write_stays_out_of_the_logs() -> None:
    """Free text and what identifies a referee are declared sensitive."""
    sensitive = {
        "add_evidence": {"title", "description", "signed_off_by"},
        "nominate_referee": {"name", "email", "relationship"},
        "record_reference": {"text"},
        "declare_conflict": {"reason"},
        "record_panel_decision": {"reasons"},
        "ratify": {"minute"},
        "appeal": {"grounds"},
        "withdraw_fellowship": {"reason"},
        "revalidate": {"evidence"},
        "record_award": {"minute"},
    }
    for method, names in sensitive.items():
        assert set(getattr(MembershipService, method).contract.sensitive) == names


@pytest.mark.parametrize("state", ["awaiting_references", "awarded"])
def test_an_application_that_is_forgotten_keeps_what_came_of_it(state: str) -> None:
    """Nothing that anybody wrote is left; one that ran has ended, and has no clock."""
    world = World()
    fellowship_id = in_state(world, state)
    fellowships = world.repository("fellowships")
    for _ in range(2):
        fellowships.change(fellowship_id, lambda found: found.forget(), forget=True)
    kept = json.dumps(world.document("fellowships", fellowship_id), default=str)
    for planted in ("Invented", "Planted", "example.org", MINUTE):
        assert planted not in kept
    shown = view(world, fellowship_id)
    assert shown.state == ("awarded" if state == "awarded" else "withdrawn")
    assert (shown.clock.started_on is None) == (state != "awarded")
    assert world.pages("find_fellowships", overdue=True) == []
