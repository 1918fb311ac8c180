"""Nameko's own standalone client, as it comes, calls every method of every service."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kombu import Connection, Producer
from nameko.exceptions import MethodNotFound, RemoteError
from nameko.standalone.rpc import ClusterRpcProxy

from deploy.local import SERVICES, Stack
from shared.errors import NotFound
from tests.e2e import (
    drafts,
    fellowships,
    matchings,
    memberships,
    offers,
    placements,
    professions,
    reviews,
    selection,
    sessions,
)
from tests.e2e.methods import METHODS, Method, queues_of
from tests.e2e.world import SECONDS, World, invent, register_row, wait


@dataclass(frozen=True)
class Ready:
    """What there must be so that every call can be answered."""

    world: World
    applicant_id: str
    verified_id: str
    member_id: str
    other_member_id: str
    pseudonym: str
    cohort_id: str
    application_id: str
    message_id: str
    session_id: str
    certificate: dict[str, Any]

    @property
    def programme_id(self) -> str:
        token, method = self.world.staff, "programmes.get_cohort"
        return str(self.world.call(method, token=token, cohort_id=self.cohort_id)["programme_id"])


Arguments = dict[str, Any]
PROGRAMME = {
    "name": "Invented scheme",
    "kind": "regional_scheme",
    "eligibility": {"nations": ["wales"], "professions": ["doctor"]},
    "domains": ["self"],
    "description": "Invented.",
    "sustainability_outcome": "Every fellow leads one project that lowers a footprint.",
}
CALLS: dict[str, Callable[[Ready], Arguments]] = {
    "membership.apply": lambda _: dict(invent()),
    "membership.import_register": lambda _: {"regulator": "GMC", "rows": [register_row(invent())]},
    "membership.verify_registration": lambda ready: {"member_id": ready.applicant_id},
    "membership.admit": lambda ready: {"member_id": ready.verified_id},
    "membership.get_member": lambda ready: {"member_id": ready.member_id},
    "membership.find_members": lambda _: {"filters": {"nation": "wales"}, "limit": 1},
    "membership.get_equality_pseudonym": lambda ready: {"member_id": ready.member_id},
    "membership.self_assess": lambda ready: {
        "member_id": ready.member_id,
        "ratings": [{"behaviour": "self.1", "level": 2, "note": "Invented."}],
    },
    "membership.get_self_assessments": lambda ready: {"member_id": ready.member_id},
    "membership.get_leadership_passport": lambda ready: {"member_id": ready.member_id},
    "membership.start_fellowship": lambda ready: {
        "member_id": fellowships.member(ready.world),
        "level": "fellow",
        "route": "standard",
    },
    "membership.add_evidence": lambda ready: {
        **fellowships.own_in(ready.world, "draft"),
        **fellowships.evidence_of("publication"),
    },
    "membership.remove_evidence": lambda ready: fellowships.own_in(
        ready.world, "draft", evidence_id="evidence"
    ),
    "membership.nominate_referee": lambda ready: {
        **fellowships.own_in(ready.world, "draft"),
        **fellowships.REFEREE,
        "email": "another.referee@mail.example.org",
    },
    "membership.withdraw_referee": lambda ready: fellowships.own_in(
        ready.world, "draft", referee_id="referees"
    ),
    "membership.submit_fellowship": lambda ready: fellowships.own_in(ready.world, "draft"),
    "membership.record_reference": lambda ready: {
        **fellowships.staff_in(
            ready.world,
            "awaiting_references",
            referee_id="referees",
        ),
        "received_on": fellowships.today_of(ready.world),
        "supportive": True,
        "text": "Invented.",
    },
    "membership.declare_conflict": lambda ready: {
        **fellowships.staff_in(ready.world, "in_assessment"),
        "assessor_id": ready.member_id,
        "reason": "Invented.",
    },
    "membership.record_panel_decision": lambda ready: {
        **fellowships.staff_in(ready.world, "in_assessment"),
        **fellowships.decision(ready.world, "award"),
    },
    "membership.ratify": lambda ready: {
        **fellowships.staff_in(ready.world, "panel_decided"),
        **fellowships.ruling("award", fellowships.today_of(ready.world)),
    },
    "membership.appeal": lambda ready: {
        **fellowships.own_in(ready.world, "declined"),
        "grounds": "Invented.",
    },
    "membership.withdraw_fellowship": lambda ready: fellowships.own_in(ready.world, "draft"),
    "membership.revalidate": lambda ready: {
        "fellowship_id": fellowships.fellow(ready.world, days=1_735)["fellowship_id"],
        "evidence": fellowships.recent_evidence(),
    },
    "membership.record_award": lambda ready: fellowships.award_of(
        fellowships.member(ready.world), fellowships.days_ago(365)
    ),
    "membership.get_fellowship": lambda ready: fellowships.own_in(ready.world, "declined"),
    "membership.find_fellowships": lambda ready: {"member_id": ready.member_id, "state": "draft"},
    "membership.register_organisation": lambda _: ORGANISATION,
    "membership.change_organisation": lambda ready: {
        "organisation_id": organisation_of(ready),
        "name": "Invented Vale and Hills",
    },
    "membership.buy_seats": lambda ready: {
        **SEATS,
        "organisation_id": organisation_of(ready),
        "reference": "Invented invoice 2",
    },
    "membership.return_seats": lambda ready: {
        "organisation_id": organisation_of(ready),
        "seats": 1,
        "from_on": "2099-01-01",
        "until_on": "2099-12-31",
        "reference": "Invented credit note",
    },
    "membership.allocate_seat": lambda ready: {
        "organisation_id": organisation_of(ready),
        "member_id": ready.member_id,
    },
    "membership.release_seat": lambda ready: {
        "organisation_id": organisation_of(ready, seated=ready.other_member_id),
        "member_id": ready.other_member_id,
        "reason": "Invented.",
    },
    "membership.get_organisation": lambda ready: {"organisation_id": organisation_of(ready)},
    "membership.find_organisations": lambda _: {"filters": {"name": "invented"}, "limit": 1},
    "membership.get_seats": lambda ready: {
        "organisation_id": organisation_of(ready, seated=ready.other_member_id)
    },
    "membership.record_consent": lambda ready: {**consent_of(ready), "wording_version": "2026.1"},
    "membership.withdraw_consent": lambda ready: consent_of(ready),
    "membership.get_consents": lambda ready: {"member_id": ready.member_id},
    "membership.get_consent_wordings": lambda _: {},
    "membership.find_duplicates": lambda _: {"limit": 1},
    "membership.dismiss_duplicate": lambda ready: {
        **dict(zip(("member_id", "other_id"), two_applicants(ready), strict=True)),
        "reason": "Invented.",
    },
    "membership.merge": lambda ready: merge_of(ready),
    "membership.unmerge": lambda ready: {
        "merged_id": merged(ready),
        "reason": "Invented.",
    },
    "membership.request_export": lambda ready: {"member_id": ready.member_id},
    "membership.get_export": lambda ready: {
        "member_id": ready.member_id,
        "request_id": asked(ready, "request_export", ready.member_id),
    },
    "membership.find_exports": lambda _: {"overdue": True, "limit": 1},
    "membership.request_erasure": lambda ready: {"member_id": applicant_of(ready)},
    "membership.get_receipt": lambda ready: {
        "request_id": asked(ready, "request_erasure", applicant_of(ready)),
    },
    "membership.sweep_retention": lambda _: {"dry_run": True},
    "programmes.create_programme": lambda _: PROGRAMME,
    "programmes.revise_programme": lambda ready: {
        **PROGRAMME,
        "programme_id": drafted(ready),
    },
    "programmes.publish_programme": lambda ready: {"programme_id": drafted(ready)},
    "programmes.close_programme": lambda ready: {
        "programme_id": ready.world.programme(),
        "reason": "Invented.",
    },
    "programmes.find_programmes": lambda _: {"state": "published", "limit": 1},
    "programmes.check_eligibility": lambda ready: {
        "cohort_id": ready.cohort_id,
        "member_id": ready.member_id,
    },
    "programmes.publish_workflow": lambda _: {
        "name": "invented",
        "number": 1,
        "workflow": {
            "steps": [
                {"status": "draft", "next": ["completed"]},
                {"status": "completed", "next": []},
            ],
            "offers": {"way": "ranked", "answer_hours": 48, "holds": False, "upgrades": False},
        },
        "source": "Invented.",
    },
    "programmes.get_workflow": lambda _: {"workflow": "national_scheme@1"},
    "programmes.find_workflows": lambda _: {"name": "national_scheme"},
    "programmes.register_host": lambda _: {
        "name": "Invented Trust",
        "nation": "wales",
        "capacity": 2,
    },
    "programmes.change_host_capacity": lambda ready: {
        "host_id": host_of(ready),
        "capacity": 500,
        "reason": "Invented.",
    },
    "programmes.get_host": lambda ready: {"host_id": host_of(ready)},
    "programmes.find_hosts": lambda _: {"limit": 1},
    "programmes.extend_cohort": lambda ready: {
        "cohort_id": ready.world.open_cohort(),
        "closes_at": (datetime.now(UTC) + timedelta(days=7)).isoformat(),
        "reason": "Invented.",
    },
    "programmes.withdraw_cohort": lambda ready: {
        "cohort_id": ready.world.open_cohort(),
        "reason": "Invented.",
    },
    "programmes.find_cohorts": lambda _: {"limit": 1},
    "programmes.advance_clock": lambda ready: {"to": ready.world.later(2)},
    "programmes.open_cohort": lambda ready: {
        "programme_id": ready.programme_id,
        "title": "Invented round",
        "opens_at": datetime.now(UTC).isoformat(),
        "closes_at": (datetime.now(UTC) + timedelta(days=7)).isoformat(),
        "starts_on": (datetime.now(UTC) + timedelta(days=300)).date().isoformat(),
        "posts": [{"id": "post", "title": "Invented post", "capacity": 1}],
        "questions": [],
    },
    "programmes.submit_application": lambda ready: {
        "cohort_id": ready.cohort_id,
        "member_id": ready.other_member_id,
        "answers": {"why": "Because."},
    },
    "programmes.shortlist": lambda ready: {
        "cohort_id": ready.cohort_id,
        "application_ids": [ready.application_id],
    },
    "programmes.get_programme": lambda ready: {"programme_id": ready.programme_id},
    "programmes.get_cohort": lambda ready: {"cohort_id": ready.cohort_id},
    "programmes.start_application": lambda ready: {
        "cohort_id": ready.world.open_cohort(),
        "member_id": ready.member_id,
    },
    "programmes.save_draft": lambda ready: {
        **drafts.own(ready.world),
        "answers": {"why": "Because."},
    },
    "programmes.return_application": lambda ready: {
        "application_id": drafts.submitted(ready.world),
        "until": drafts.soon(),
        "reason": "Invented.",
    },
    "programmes.withdraw_application": lambda ready: {
        **drafts.own(ready.world),
        "reason": "Invented.",
    },
    "programmes.attach_file": lambda ready: drafts.file_of(drafts.own(ready.world)),
    "programmes.remove_attachment": lambda ready: drafts.attached(ready.world),
    "programmes.get_attachment": lambda ready: drafts.attached(ready.world),
    "programmes.count_applications": lambda ready: {"cohort_id": ready.cohort_id},
    "programmes.get_application": lambda ready: {"application_id": ready.application_id},
    "programmes.find_applications": lambda ready: {"cohort_id": ready.cohort_id},
    "programmes.get_member_standing": lambda ready: {"member_id": ready.member_id},
    "programmes.get_history": lambda ready: {"kind": "application", "id": ready.application_id},
    "programmes.schedule_session": lambda ready: sessions.session_of(ready.programme_id),
    "programmes.reschedule_session": lambda ready: {
        "session_id": sessions.scheduled(ready.world),
        "starts_at": sessions.instant(40),
        "reason": "Invented.",
    },
    "programmes.cancel_session": lambda ready: {
        "session_id": sessions.scheduled(ready.world),
        "reason": "Invented.",
    },
    "programmes.close_register": lambda ready: {
        "session_id": sessions.scheduled(ready.world, days=-3)
    },
    "programmes.correct_attendance": lambda ready: {
        **sessions.attended(ready.world, ready.member_id),
        "way": "online",
        "reason": "Invented.",
    },
    "programmes.retract_attendance": lambda ready: {
        **sessions.attended(ready.world, ready.member_id),
        "reason": "Invented.",
    },
    "programmes.find_sessions": lambda ready: {"programme_id": ready.programme_id, "limit": 1},
    "programmes.book_session": lambda ready: {
        "session_id": sessions.scheduled(ready.world),
        "member_id": ready.member_id,
        "way": "in_person",
    },
    "programmes.cancel_booking": lambda ready: sessions.booked(ready.world, ready.member_id),
    "programmes.get_booking": lambda ready: sessions.booked(ready.world, ready.member_id),
    "programmes.find_bookings": lambda ready: {"member_id": ready.member_id, "limit": 1},
    "programmes.declare_travel": lambda ready: {
        **sessions.attended(ready.world, ready.member_id),
        **sessions.TRAVEL,
    },
    "programmes.withdraw_travel": lambda ready: sessions.declared(ready.world, ready.member_id),
    "programmes.get_travel": lambda ready: sessions.declared(ready.world, ready.member_id),
    "programmes.get_session_travel": lambda ready: {"session_id": ready.session_id},
    "programmes.give_feedback": lambda ready: {
        **sessions.attended(ready.world, ready.member_id),
        "ratings": sessions.RATINGS,
        "comment": "Invented.",
    },
    "programmes.get_feedback": lambda ready: {"session_id": ready.session_id},
    "programmes.draft_opportunity": lambda _: sessions.notice(),
    "programmes.revise_opportunity": lambda ready: {
        "opportunity_id": sessions.opportunity_in(ready.world, "published"),
        **sessions.notice(),
    },
    "programmes.publish_opportunity": lambda ready: {
        "opportunity_id": sessions.opportunity_in(ready.world, "draft")
    },
    "programmes.withdraw_opportunity": lambda ready: {
        "opportunity_id": sessions.opportunity_in(ready.world, "published"),
        "reason": "Invented.",
    },
    "programmes.find_opportunities": lambda _: {"nation": "wales", "limit": 1},
    "programmes.list_opportunities": lambda _: {"state": "draft", "limit": 1},
    "programmes.get_opportunity": lambda ready: {
        "opportunity_id": sessions.opportunity_in(ready.world, "published")
    },
    "programmes.get_opportunity_details": lambda ready: {
        "opportunity_id": sessions.opportunity_in(ready.world, "published"),
        "member_id": ready.member_id,
    },
    "programmes.issue_certificates": lambda ready: {
        "cohort_id": placements.alumnus(ready.world)["cohort_id"],
        "issued_on": placements.in_days(0),
    },
    "programmes.preview_certificate": lambda ready: sessions.previewed(
        ready.world, ready.member_id
    ),
    "programmes.get_certificate_pdf": lambda ready: {
        "certificate_id": sessions.printable(ready.world, ready.member_id)
    },
    "programmes.get_session": lambda ready: {"session_id": ready.session_id},
    "programmes.record_attendance": lambda ready: {
        "session_id": ready.session_id,
        "member_ids": [ready.member_id],
        "way": "online",
        "walk_in": True,
    },
    "programmes.find_attendance": lambda ready: {"session_id": ready.session_id},
    "programmes.issue_certificate": lambda ready: sessions.certificate_of(
        ready.programme_id, ready.other_member_id
    ),
    "programmes.find_certificates": lambda ready: {"member_id": ready.member_id},
    "programmes.verify_certificate": lambda ready: {"code": ready.certificate["code"]},
    "programmes.revoke_certificate": lambda ready: {
        "certificate_id": ready.certificate["certificate_id"],
        "reason": "Invented.",
    },
    "programmes.arrange_placement": lambda ready: placements.arrangeable(ready.world),
    "programmes.find_departed_fellows": lambda _: {"limit": 1},
    "programmes.defer_placement": lambda ready: {
        **placements.of(placements.placed(ready.world)),
        "starts_on": placements.in_days(700),
        "reason": "Invented.",
    },
    "programmes.change_placement": lambda ready: {
        **placements.of(placements.placed(ready.world)),
        "wte_percent": 60,
        "reason": "Invented.",
    },
    "programmes.end_placement_early": lambda ready: {
        **placements.of(placements.placed(ready.world)),
        "ended_on": placements.in_days(0),
        "reason_code": "personal",
        "note": "Invented.",
    },
    "programmes.submit_report": lambda ready: {
        **placements.of(placements.under_way(ready.world), "member_id"),
        "kind": "start",
        "text": "Invented.",
    },
    "programmes.sign_off_report": lambda ready: {
        name: value
        for name, value in placements.reported(ready.world).items()
        if name != "member_id"
    },
    "programmes.get_report": lambda ready: placements.reported(ready.world),
    "programmes.get_placement": lambda ready: placements.of(
        placements.placed(ready.world), "member_id"
    ),
    "programmes.find_placements": lambda _: {"state": "arranged", "limit": 1},
    "programmes.complete_programme": lambda ready: {
        **placements.course(ready.world),
        "completed_on": placements.in_days(0),
    },
    "programmes.withdraw_completion": lambda ready: {
        **placements.alumnus(ready.world),
        "reason": "Invented.",
    },
    "programmes.find_alumni": lambda _: {"limit": 1},
    "programmes.record_outcome": lambda ready: placements.outcome(ready.world),
    "programmes.find_outcomes": lambda ready: {"member_id": ready.member_id},
    "programmes.count_outcomes": lambda ready: {"programme_id": ready.programme_id},
    "programmes.join_talent_pool": lambda ready: placements.talent(ready.world),
    "programmes.leave_talent_pool": lambda ready: {"member_id": ready.member_id},
    "programmes.get_talent": lambda ready: {"member_id": ready.member_id},
    "programmes.search_talent_pool": lambda _: {"nation": "wales", "limit": 1},
    "programmes.find_talent_searches": lambda _: {"limit": 1},
    "notifications.get_message": lambda ready: {"message_id": ready.message_id},
    "notifications.find_messages": lambda ready: {"filters": {"member_id": ready.member_id}},
    "research.record_equality_response": lambda ready: {
        "pseudonym": ready.pseudonym,
        "answers": {"ethnicity": "A"},
        "consent": True,
    },
    "research.withdraw_equality_response": lambda ready: {"pseudonym": ready.pseudonym},
    "research.relative_likelihood": lambda ready: {
        "cohort_id": ready.cohort_id,
        "characteristic": "ethnicity",
        "group": "bme",
        "reference": "white",
        "stage": "shortlisted",
    },
    "research.get_cohort": lambda ready: {"cohort_id": ready.cohort_id},
}
CALLS |= {
    f"membership.{name}": lambda ready, made=made: made(ready.world)  # type: ignore[misc]
    for name, made in {**memberships.CALLS, **professions.CALLS}.items()
}
CALLS |= {
    f"programmes.{name}": lambda ready, made=made: made(ready.world)  # type: ignore[misc]
    for name, made in {
        **reviews.CALLS,
        **selection.CALLS,
        **matchings.CALLS,
        **offers.CALLS,
    }.items()
}


def applicant_of(ready: Ready) -> str:
    """Somebody new, who may be erased."""
    applied = ready.world.call("membership.apply", token=ready.world.staff, **invent())
    return str(applied["member_id"])


def asked(ready: Ready, method: str, member_id: str) -> str:
    """The id of a request about somebody's data."""
    token = ready.world.staff
    answer = ready.world.call(f"membership.{method}", token=token, member_id=member_id)
    return str(answer["request_id"])


OPERATIONS: dict[str, Callable[[str], Arguments]] = {
    "list_methods": lambda _: {"name": "find_parked"},
    "list_events": lambda _: {},
    "find_parked": lambda _: {"filters": {"state": "parked"}},
    "get_parked": lambda parked_id: {"parked_id": parked_id},
    "retry_parked": lambda parked_id: {"ids": [parked_id]},
    "discard_parked": lambda parked_id: {"ids": [parked_id], "why": "Invented."},
}


ORGANISATION = {"name": "Invented Vale", "kind": "corporate", "nation": "wales"}
SEATS = {
    "seats": 2,
    "from_on": "2025-01-01",
    "until_on": "2099-12-31",
    "reference": "Invented invoice 1",
}


def organisation_of(ready: Ready, seated: str | None = None) -> str:
    """A new organisation with two seats, of which a member has one if they are named."""
    world = ready.world
    made = world.call("membership.register_organisation", token=world.staff, **ORGANISATION)
    own = {"organisation_id": made["organisation"]["organisation_id"]}
    world.call("membership.buy_seats", token=world.staff, **own, **SEATS)
    if seated:
        world.call("membership.allocate_seat", token=world.staff, **own, member_id=seated)
    return str(own["organisation_id"])


def consent_of(ready: Ready) -> Arguments:
    """Arguments of ``membership.withdraw_consent``."""
    return {
        "member_id": ready.member_id,
        "purpose": "newsletter",
        "channel": "email",
        "source": "form",
    }


def drafted(ready: Ready) -> str:
    """A programme that is not on offer yet; its id."""
    made = ready.world.call("programmes.create_programme", token=ready.world.staff, **PROGRAMME)
    return str(made["programme_id"])


def host_of(ready: Ready) -> str:
    """A new host; its id."""
    arguments = {"name": "Invented Trust", "nation": "wales", "capacity": 2}
    made = ready.world.call("programmes.register_host", token=ready.world.staff, **arguments)
    return str(made["host_id"])


def two_applicants(ready: Ready) -> tuple[str, str]:
    """Ids of two applicants whom no other call is about."""
    world = ready.world
    made = [world.call("membership.apply", token=world.staff, **invent()) for _ in range(2)]
    return made[0]["member_id"], made[1]["member_id"]


def merge_of(ready: Ready) -> Arguments:
    kept_id, merged_id = two_applicants(ready)
    take = ["email", "registrations"]
    return {"kept_id": kept_id, "merged_id": merged_id, "take": take, "reason": "Invented."}


def merged(ready: Ready) -> str:
    arguments = merge_of(ready)
    ready.world.call("membership.merge", token=ready.world.staff, **arguments)
    return str(arguments["merged_id"])


@pytest.fixture(scope="module")
def ready(world: World) -> Ready:
    """One of everything."""
    applicant = world.call("membership.apply", token=world.staff, **invent())
    (verified_id,) = world.apply([invent()])
    member_id, other_member_id = world.admit([invent(), invent()])
    cohort_id = world.open_cohort()
    (application,) = world.calls([world.application(cohort_id, member_id)])
    world.call(
        "programmes.shortlist",
        token=world.staff,
        cohort_id=cohort_id,
        application_ids=[application["application_id"]],
    )
    programme_id = application["programme_id"]
    session, certificate = (
        world.call(f"programmes.{method}", token=world.staff, **arguments)
        for method, arguments in (
            ("schedule_session", sessions.session_of(programme_id)),
            ("issue_certificate", sessions.certificate_of(programme_id, member_id)),
        )
    )
    wait(lambda: research_knows(world, cohort_id), "research knows the cohort")
    return Ready(
        world,
        applicant["member_id"],
        verified_id,
        member_id,
        other_member_id,
        world.pseudonyms([member_id])[0],
        cohort_id,
        application["application_id"],
        welcome_of(world, member_id),
        session["session_id"],
        certificate,
    )


def research_knows(world: World, cohort_id: str) -> bool:
    try:
        answer = world.call("research.get_cohort", token=world.staff, cohort_id=cohort_id)
    except NotFound:
        return False
    return bool(answer["stages"])


def welcome_of(world: World, member_id: str) -> str:
    found: list[dict[str, Any]] = []

    def queued() -> bool:
        filters = {"member_id": member_id, "template": "welcome"}
        page = world.call("notifications.find_messages", token=world.staff, filters=filters)
        found[:] = page["items"]
        return bool(found)

    wait(queued, "a welcome")
    return str(found[0]["message_id"])


@pytest.fixture(scope="module")
def parked(world: World) -> dict[str, str]:
    """A message that no handler can read, parked in each service: its id by service."""
    return {service: park(world, service) for service in SERVICES}


def park(world: World, service: str) -> str:
    subject = str(uuid.uuid4())
    with Connection(world.stack.amqp_uri("ops")) as connection:
        producer = Producer(connection.channel(), auto_declare=False)
        queue, headers = queues_of(service)[0], {"ce-subject": subject}
        producer.publish("no event", routing_key=queue, headers=headers)
    found: list[dict[str, Any]] = []

    def kept() -> bool:
        token, filters = world.stack.token("ops"), {"subject": subject}
        found[:] = world.call(f"{service}.find_parked", token=token, filters=filters)["items"]
        return bool(found)

    wait(kept, "a parked message")
    return str(found[0]["parked_id"])


@contextmanager
def vanilla(stack: Stack, token: str | None) -> Iterator[Any]:
    """The client with no more than an address and the context data that carries the token."""
    config = {"AMQP_URI": stack.amqp_uri("apps")}
    data = {} if token is None else {"auth_token": token}
    with ClusterRpcProxy(config, context_data=data, timeout=SECONDS) as cluster:
        yield cluster


def arguments_of(method: Method, ready: Ready, parked: dict[str, str]) -> Arguments:
    if method.name in OPERATIONS:
        return OPERATIONS[method.name](parked[method.service])
    return CALLS[str(method)](ready)


def token_for(method: Method, arguments: Arguments, stack: Stack) -> str:
    own = arguments.get(method.contract.own or "") if method.role == "member" else None
    return stack.token(method.role, own)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_every_method_answers_as_declared(
    stack: Stack, ready: Ready, parked: dict[str, str], method: Method
) -> None:
    """The answer has exactly the fields of the declared response."""
    arguments = arguments_of(method, ready, parked)
    with vanilla(stack, token_for(method, arguments, stack)) as cluster:
        answer = getattr(cluster[method.service], method.name)(**arguments)
    assert set(answer) == {field.name for field in dataclasses.fields(method.contract.returns)}


def test_there_is_a_call_for_every_method_and_none_for_others() -> None:
    """The table above is neither short of a method nor older than the services."""
    assert {*CALLS} | {f"{s}.{name}" for s in SERVICES for name in OPERATIONS} == {
        str(method) for method in METHODS
    }


def test_an_error_arrives_with_its_code_and_details(stack: Stack) -> None:
    """The remote error's value is the wire form: code, message, details, retryable."""
    with vanilla(stack, stack.token("staff")) as cluster, pytest.raises(RemoteError) as caught:
        cluster.membership.get_member(member_id="nobody")
    assert caught.value.exc_type == "NotFound"
    assert set(caught.value.value) == {"code", "message", "details", "retryable"}
    assert (caught.value.value["code"], caught.value.value["details"]) == (
        "not_found",
        {"id": "nobody"},
    )


def test_without_a_token_the_error_says_so(stack: Stack) -> None:
    """A client that forgot its token is told that one is needed."""
    with vanilla(stack, None) as cluster, pytest.raises(RemoteError) as caught:
        cluster.membership.get_member(member_id="nobody")
    assert caught.value.value["code"] == "unauthenticated"


def test_an_unknown_method_is_nameko_s_own_error(stack: Stack) -> None:
    """The client raises what it raises with any Nameko service."""
    with (
        vanilla(stack, stack.token("staff")) as cluster,
        pytest.raises(MethodNotFound, match="no_such_method"),
    ):
        cluster.membership.no_such_method()


def test_positional_arguments_are_refused(stack: Stack) -> None:
    """Arguments go by keyword, and the error says so."""
    with vanilla(stack, stack.token("staff")) as cluster, pytest.raises(RemoteError) as caught:
        cluster.membership.get_member("nobody")
    assert caught.value.value["code"] == "invalid"
    assert "args" in caught.value.value["details"]["fields"]


def test_many_calls_in_flight_get_their_own_answers(stack: Stack, ready: Ready) -> None:
    """Answers to ``call_async`` are not mixed up."""
    ids = [ready.member_id, ready.other_member_id, ready.applicant_id] * 10
    with vanilla(stack, stack.token("staff")) as cluster:
        replies = [cluster.membership.get_member.call_async(member_id=id) for id in ids]
        assert [reply.result()["member_id"] for reply in replies] == ids
