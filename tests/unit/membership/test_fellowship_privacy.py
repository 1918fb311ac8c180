"""Who may see what of an application for fellowship, and what is left when it is forgotten."""

import json
from datetime import date

import pytest

from services.membership.entrypoints import MembershipService
from services.membership.events import EVENTS
from shared.auth import ROLES, Claims
from shared.errors import Forbidden, NotFound
from shared.events import dump
from shared.schema import dumps
from tests.unit.membership.fellowships import (
    INTEREST,
    MINUTE,
    award,
    fill,
    in_state,
    member_of,
    nominate,
    own,
    panel,
    ratify,
    reference,
    staff,
    submit,
    view,
)
from tests.unit.membership.world import World

PLANTED = {
    "name": "Planted Refereename",
    "email": "planted.referee@example.org",
    "relationship": "Planted relationship",
}
TEXT, REASONS = "Planted reference.", "Planted reasons."
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
