"""Being given what is kept of oneself: asked of all services, put together, kept for a time."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.exports import SERVICES, ExportRequest
from services.membership.domain.readable import put_together, readable
from services.membership.domain.terms import Nation
from services.membership.entrypoints import MembershipService
from services.membership.errors import MemberErased, Merged
from services.membership.events import ExportRequested
from services.membership.subscriptions import (
    Contributed,
    NotificationsContributed,
    ProgrammesContributed,
    ResearchContributed,
)
from shared import telemetry
from shared.auth import ROLES, Claims
from shared.errors import Forbidden, Invalid, NotFound
from shared.export import PORTION, contribution
from shared.testing import error_of
from tests.unit.membership.builders import TODAY
from tests.unit.membership.world import World, cut_at_every_write

OTHERS = {
    "programmes": ProgrammesContributed,
    "notifications": NotificationsContributed,
    "research": ResearchContributed,
}
NOTHING = '{"records":[],"notes":[]}'


@pytest.fixture
def world() -> World:
    """A fresh service."""
    return World()


def tell(
    world: World,
    service: str,
    request_id: str,
    member_id: str,
    data: str = NOTHING,
    part: int = 1,
    parts: int = 1,
    message: str | None = None,
) -> None:
    """Let another service contribute a part."""
    event: Contributed = OTHERS[service](request_id, member_id, part, parts, data)
    name = message or f"event:{service}:{request_id}:{member_id}:{part}"
    with telemetry.activate(telemetry.Context.start(message_id=name)):
        world.app.receive_contribution(event)


def tell_all(world: World, request_id: str, member_id: str) -> None:
    for service in OTHERS:
        tell(world, service, request_id, member_id)


def only_member(world: World) -> str:
    (member,) = world.members.scan({})
    return str(member.id)


def ready(world: World, **changes: Any) -> tuple[str, str]:
    """The ids of a member and of an export that is ready."""
    member_id = world.member(**changes)
    request_id = world.call("request_export", member_id=member_id).request_id
    tell_all(world, request_id, member_id)
    return member_id, request_id


def test_every_service_is_asked_once(world: World) -> None:
    """By a restricted event; this service has contributed when the call is answered."""
    member_id = world.member()
    made = world.call("request_export", member_id=member_id)
    assert world.events(made.request_id) == [ExportRequested(made.request_id, member_id)]
    assert ExportRequested.event_type.private
    assert (made.state, made.missing) == ("gathering", SERVICES[1:])
    assert (made.received_on, made.due_on) == (TODAY, date(2026, 12, 23))


def test_the_nation_and_the_day_of_receipt_decide_when_it_is_due(world: World) -> None:
    """A letter counts from the day it came, which cannot be to come."""
    member_id = world.member(nation="scotland")
    tomorrow = TODAY + timedelta(days=1)
    refused = error_of(
        lambda: world.call("request_export", member_id=member_id, received_on=tomorrow)
    )
    assert isinstance(refused, Invalid)
    assert set(refused.fields) == {"received_on"}
    made = world.call("request_export", member_id=member_id, received_on=date(2026, 10, 30))
    assert made.due_on == date(2026, 12, 1)  # 30 November is Saint Andrew's day


def test_it_is_ready_when_all_have_contributed(world: World) -> None:
    """And says until then who is missing."""
    member_id = world.member()
    request_id = world.call("request_export", member_id=member_id).request_id
    for gone in range(3):
        view = world.call("get_export", request_id=request_id, member_id=member_id)
        assert view.summary.missing == SERVICES[1 + gone :]
        assert (view.summary.state, view.data, view.text) == ("gathering", None, None)
        tell(world, SERVICES[1 + gone], request_id, member_id)
    view = world.call("get_export", request_id=request_id, member_id=member_id)
    assert (view.summary.state, view.summary.ready_on) == ("ready", TODAY)
    assert set(json.loads(view.data)["services"]) == set(SERVICES)
    assert view.text.startswith("# What we keep about you")


def test_it_holds_all_that_membership_keeps_with_its_history(world: World) -> None:
    """Names, numbers and changes; not the pseudonym, and no key for searching."""
    member_id, request_id = ready(world, given_name="Una")
    world.call("change_contact", member_id=member_id, given_name="Nia")
    again = world.call("request_export", member_id=member_id).request_id
    tell_all(world, again, member_id)
    view = world.call("get_export", request_id=again, member_id=member_id)
    records = json.loads(view.data)["services"]["membership"]["records"]
    by_kind = {record["record"]: record for record in records}
    assert {"Member", "RegisterEntry", "ExportRequest"} <= by_kind.keys()
    member = by_kind["Member"]
    assert member["data"]["given_name"] == "Nia"
    assert {"name_key", "email_key", "inbox", "outbox", "pseudonym"} & member[
        "data"
    ].keys() == set()
    before = [c["before"] for entry in member["history"] for c in entry["changes"]]
    assert '"Una"' in before
    assert world.members.get(member_id).pseudonym not in view.data
    assert {r["id"] for r in records if r["record"] == "ExportRequest"} == {request_id, again}
    assert "given name: Nia" in view.text


def test_a_large_part_comes_in_pieces_in_any_order(world: World) -> None:
    """Put together they are the text that was cut; it is read in pieces, too."""
    member_id = world.member()
    request_id = world.call("request_export", member_id=member_id).request_id
    long = [{"record": "Application", "id": str(n), "data": {"a": "ü" * 90_000}} for n in range(5)]
    texts = contribution(long)
    assert len(texts) == 3
    for service in ("notifications", "research"):
        tell(world, service, request_id, member_id)
    for part in (3, 1, 2):
        view = world.call("get_export", request_id=request_id, member_id=member_id)
        assert view.summary.missing == ("programmes",)
        tell(world, "programmes", request_id, member_id, texts[part - 1], part, len(texts))
    parts = [
        world.call("get_export", request_id=request_id, member_id=member_id, part=part)
        for part in range(1, 4)
    ]
    assert {view.parts for view in parts} == {3}
    assert all(len(view.data) <= PORTION for view in parts)
    whole = json.loads("".join(view.data for view in parts))
    assert whole["services"]["programmes"]["records"] == long
    error = error_of(
        lambda: world.call("get_export", request_id=request_id, member_id=member_id, part=4)
    )
    assert isinstance(error, Invalid)


def test_a_part_that_comes_again_changes_nothing(world: World) -> None:
    """Whether the same event or another with the same part."""
    member_id, request_id = ready(world)
    before = world.document("exports", request_id)
    tell_all(world, request_id, member_id)
    tell(world, "research", request_id, member_id, message="event:another")
    after = world.document("exports", request_id)
    assert before is not None
    assert after is not None
    assert (before["contributions"], before["version"]) == (
        after["contributions"],
        after["version"],
    )


def test_what_is_about_somebody_else_is_not_taken_in(world: World) -> None:
    """An answer with another member's id is passed over; to an unknown request it waits."""
    member_id = world.member()
    request_id = world.call("request_export", member_id=member_id).request_id
    tell(world, "research", request_id, "somebody-else")
    view = world.call("get_export", request_id=request_id, member_id=member_id)
    assert view.summary.missing == SERVICES[1:]
    assert isinstance(error_of(lambda: tell(world, "research", "unknown", member_id)), NotFound)


def test_to_anybody_else_there_is_no_such_export(world: World) -> None:
    """The answer is the same as for one that does not exist."""
    _, request_id = ready(world)
    other_id = world.member()
    theirs = error_of(lambda: world.call("get_export", request_id=request_id, member_id=other_id))
    none = error_of(lambda: world.call("get_export", request_id="none", member_id=other_id))
    assert type(theirs) is type(none) is NotFound
    assert theirs.message == none.message


@pytest.mark.parametrize("method", ["request_export", "get_export"])
@pytest.mark.parametrize("role", ROLES)
def test_only_the_member_and_staff_are_given_it(method: str, role: str) -> None:
    """A member their own; operations may see that there are requests."""
    contract = getattr(MembershipService, method).contract
    caller = Claims("m-1", role, frozenset(ROLES[role]), expires_at=0.0)
    allowed = {"request_export": {"staff"}, "get_export": {"staff", "ops"}}[method]
    if role not in allowed:
        with pytest.raises(Forbidden):
            caller.authorise(contract.scope, own="m-2")
    if role in allowed | {"member"}:
        caller.authorise(contract.scope, own="m-1")


def test_while_one_is_gathered_it_is_the_answer(world: World) -> None:
    """Asked again there is no second one, and the earlier due day stands."""
    member_id = world.member()
    first = world.call("request_export", member_id=member_id)
    world.go_to(TODAY + timedelta(days=3))
    second = world.call("request_export", member_id=member_id)
    assert (second.request_id, second.due_on) == (first.request_id, first.due_on)
    assert len(world.events(first.request_id)) == 1


def test_a_new_one_takes_the_place_of_what_was_gathered_before(world: World) -> None:
    """One content is kept of a person; the earlier request stays on record."""
    member_id, first = ready(world)
    second = world.call("request_export", member_id=member_id).request_id
    assert second != first
    view = world.call("get_export", request_id=first, member_id=member_id)
    assert (view.summary.state, view.data) == ("dropped", None)
    kept = {doc["request_id"] for doc in world.database["export_parts"].find({})}
    assert kept == {second}


def test_a_call_that_is_cut_off_is_completed_by_the_same_call() -> None:
    """Wherever it was cut off: one request, told once, with this service's part."""

    def prepare() -> World:
        world = World()
        ready(world)
        return world

    def ask(world: World) -> None:
        world.call("request_export", message="m1", member_id=only_member(world))

    worlds = cut_at_every_write(ask, prepare)
    assert len(worlds) >= 4
    for world in worlds:
        (request,) = world.repository("exports").scan({"state": "gathering"})
        assert request.missing == SERVICES[1:]
        assert world.told(request.id) == [ExportRequested]
        tell_all(world, request.id, request.member_id)
        view = world.call("get_export", request_id=request.id, member_id=request.member_id)
        assert json.loads(view.data)["services"]["membership"]["records"]


def test_records_that_were_merged_are_asked_for_too(world: World) -> None:
    """Others know the person by both ids; the export is the kept record's."""
    kept, merged = world.member(), world.member(given_name="Merged-Name")
    world.call("merge", kept_id=kept, merged_id=merged, reason="Invented.")
    refused = error_of(lambda: world.call("request_export", member_id=merged))
    assert isinstance(refused, Merged)
    made = world.call("request_export", member_id=kept)
    assert {event.member_id for event in world.events(made.request_id)} == {kept, merged}
    tell_all(world, made.request_id, kept)
    view = world.call("get_export", request_id=made.request_id, member_id=kept)
    assert view.summary.missing == SERVICES[1:]
    tell_all(world, made.request_id, merged)
    view = world.call("get_export", request_id=made.request_id, member_id=kept)
    assert view.summary.state == "ready"
    assert "Merged-Name" in view.data


def test_what_was_taken_over_by_mistake_is_not_given_away(world: World) -> None:
    """After a merge and its undoing neither the other's id nor what was theirs is in the export."""
    kept, other = world.member(), world.member()
    theirs = world.call("get_member", member_id=other)
    take = ["email", "registrations", "terms"]
    world.call("merge", kept_id=kept, merged_id=other, take=take, reason="Invented.")
    world.call("unmerge", merged_id=other, reason="Invented.")
    made = world.call("request_export", member_id=kept)
    tell_all(world, made.request_id, kept)
    view = world.call("get_export", request_id=made.request_id, member_id=kept)
    secrets = (other, theirs.email, theirs.registration_number)
    assert [text for text in secrets if text in view.data or text in view.text] == []
    assert '"action": "merge"' in view.data.replace('":"', '": "')


def test_of_somebody_who_was_erased_there_is_nothing(world: World) -> None:
    """They are told so as if they were not known."""
    member_id = world.apply()
    world.call("request_erasure", member_id=member_id)
    refused = error_of(lambda: world.call("request_export", member_id=member_id))
    assert isinstance(refused, MemberErased)
    assert isinstance(refused, NotFound)


def test_staff_find_requests_by_state_and_those_that_are_overdue(world: World) -> None:
    """A page at a time; overdue are those that were due before today, oldest first."""
    _, done = ready(world)
    waiting = [world.call("request_export", member_id=world.member()).request_id for _ in range(3)]
    found = world.pages("find_exports", limit=2)
    assert [each.request_id for each in found] == [done, *waiting]
    found = world.pages("find_exports", limit=2, state="gathering")
    assert [each.request_id for each in found] == waiting
    world.go_to(date(2026, 12, 23))
    assert world.pages("find_exports", overdue=True) == []
    world.go_to(date(2026, 12, 24))
    found = world.pages("find_exports", limit=2, overdue=True)
    assert [(each.request_id, each.overdue) for each in found] == [(id, True) for id in waiting]
    error = error_of(lambda: world.call("find_exports", overdue=True, state="ready"))
    assert isinstance(error, Invalid)


def test_what_came_too_late_for_a_dropped_request_is_not_kept(world: World) -> None:
    """Neither before nor in the same moment."""
    member_id, request_id = ready(world)
    world.call("request_export", member_id=member_id)
    tell(world, "research", request_id, member_id, message="event:late")
    kept = {doc["request_id"] for doc in world.database["export_parts"].find({})}
    assert request_id not in kept


def test_the_readable_text_cannot_be_broken_by_what_somebody_wrote() -> None:
    """Markup is escaped and a line stays a line, whatever is in it."""
    request = ExportRequest.make("r", "m", (), Nation.WALES, TODAY, TODAY)
    request.ready_on = TODAY
    data = {"note": "# Not a heading\n- [x](y) <b>*bold*</b>", "none": None, "flag": True}
    records = [{"record": "SelfAssessment", "id": "a_1", "data": data, "history": [{"by": "x"}]}]
    text = json.dumps({"records": records, "notes": ["Said *once*."]})
    lines = readable(put_together(request, {"membership": [text, text]})).splitlines()
    assert "- note: \\# Not a heading - \\[x\\](y) \\<b\\>\\*bold\\*\\</b\\>" in lines
    assert "- flag: yes" in lines
    assert lines.count("Said \\*once\\*.") == 1
    assert lines.count("### Self assessment a\\_1") == 2
    assert [line for line in lines if line.startswith("- none")] == []
    assert lines.count("#### Changes") == 2


def test_what_is_given_never_reaches_a_log() -> None:
    """Parked on its way, the content of a part is not shown."""
    event = {"request_id": "r", "data": '{"records":[{"given_name":"Nia"}]}'}
    assert "Nia" not in str(telemetry.redact(event))
    assert "Nia" not in telemetry.redact_text(json.dumps(event))
    assert '"request_id": "r"' in telemetry.redact_text(json.dumps(event))
