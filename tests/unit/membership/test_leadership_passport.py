"""The leadership passport: what programmes tell of learning, and the whole by domain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.domain.assessment import Rating, SelfAssessment
from services.membership.domain.evidence import EvidenceGiven, EvidenceItem
from services.membership.domain.fellowship import Fellowship
from services.membership.domain.leadership import (
    Evidence,
    LeadershipRecord,
    evidence_of,
    leadership_record,
)
from services.membership.domain.passport import (
    AttendedSession,
    CompletedProgramme,
    IssuedCertificate,
    Passport,
    Revocation,
)
from services.membership.domain.printing import duration, plain
from services.membership.domain.rounds import Revalidation
from services.membership.domain.subscriber import Award
from services.membership.events import EntitlementChanged
from services.membership.subscriptions import (
    AlumniJoined,
    AttendanceRetracted,
    CertificateIssued,
    CertificateRevoked,
    LearningEvent,
    SessionAttended,
)
from shared import telemetry
from shared.errors import NotFound
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.world import World, cut_at_every_write

HELD = date(2026, 10, 14)


def session(member_id: str, id: str = "session-1", **changes: Any) -> SessionAttended:
    told = SessionAttended(id, member_id, "p-1", "Leading change", HELD, 210, ("self", "team"))
    return replace(told, **changes)


def issued(member_id: str, id: str = "certificate-1") -> CertificateIssued:
    return CertificateIssued(id, member_id, "p-1", "In practice", ("system",), date(2026, 11, 1))


def revoked(member_id: str, id: str = "certificate-1") -> CertificateRevoked:
    return CertificateRevoked(id, member_id, date(2026, 11, 9))


def alumni(member_id: str, on: date = date(2026, 8, 31)) -> AlumniJoined:
    return AlumniJoined(member_id, "p-1", "cohort-1", "Invented scheme", on)


def tell(world: World, event: LearningEvent, message: str = "") -> None:
    """Deliver an event as the broker would, by default as a message of its own."""
    id = f"event:{message}" if message else ""
    with telemetry.activate(telemetry.Context.start(message_id=id, actor="programmes")):
        world.app.follow_learning(event)


@pytest.fixture
def world() -> World:
    """A fresh service."""
    return World()


def test_what_is_told_is_in_the_passport(world: World) -> None:
    """Sessions, certificates and completions, with totals and the newest day by domain."""
    member_id = world.member()
    events = (session(member_id), issued(member_id), alumni(member_id))
    for event in events:
        tell(world, event)
    view = world.call("get_leadership_passport", member_id=member_id)
    assert [each.title for each in view.sessions] == ["Leading change"]
    assert [each.certificate_id for each in view.certificates] == ["certificate-1"]
    assert [each.title for each in view.completions] == ["Invented scheme"]
    totals = view.totals
    assert (totals.sessions, totals.minutes, totals.certificates, totals.completions) == (
        1,
        210,
        1,
        1,
    )
    found = {d.domain: (d.sessions, d.minutes, d.certificates, d.newest_on) for d in view.domains}
    assert found == {
        "self": (1, 210, 0, HELD),
        "team": (1, 210, 0, HELD),
        "organisation": (0, 0, 0, None),
        "system": (0, 0, 1, date(2026, 11, 1)),
    }


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_of_an_attendance_what_was_told_last_counts(world: World, order: Sequence[int]) -> None:
    """Retracted, recorded after all, and corrected, in whatever order and however often told."""
    member_id = world.member()
    events = [
        session(member_id),
        AttendanceRetracted("session-1", member_id, 1),
        session(member_id, turn=2, minutes=60),
        session(member_id, turn=3, minutes=90),
    ]
    for index in (*order, *order):
        tell(world, events[index])

    def minutes() -> list[int]:
        view = world.call("get_leadership_passport", member_id=member_id)
        return [each.minutes for each in view.sessions]

    assert minutes() == [90]
    tell(world, AttendanceRetracted("session-1", member_id, 3))
    assert minutes() == []


def test_a_retraction_is_of_one_record_of_a_person(world: World) -> None:
    """What was told of the other record of the same person stays."""
    kept, merged = world.member(), world.member()
    tell(world, session(merged))
    tell(world, session(kept))
    tell(world, AttendanceRetracted("session-1", merged, 1))
    world.call("merge", kept_id=kept, merged_id=merged, reason="Invented.")
    view = world.call("get_leadership_passport", member_id=kept)
    assert [each.session_id for each in view.sessions] == ["session-1"]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_order_and_repetition_do_not_matter(world: World, order: Sequence[int]) -> None:
    """A certificate revoked before it was heard of is not held, and nothing is there twice."""
    member_id = world.member()
    events = [session(member_id), issued(member_id), revoked(member_id), alumni(member_id)]
    for index in (*order, *order):
        tell(world, events[index])
    view = world.call("get_leadership_passport", member_id=member_id)
    assert (len(view.sessions), view.certificates, len(view.completions)) == (1, (), 1)
    [granted] = world.members.get(member_id).entitlements
    assert granted.source_id == "cohort-1"


def test_one_certificate_revoked_leaves_the_others(world: World) -> None:
    """Only the one that is named no longer counts."""
    member_id = world.member()
    for event in (issued(member_id, "a"), issued(member_id, "b"), revoked(member_id, "a")):
        tell(world, event)
    view = world.call("get_leadership_passport", member_id=member_id)
    assert [each.certificate_id for each in view.certificates] == ["b"]


def test_a_member_not_known_yet_is_tried_again(world: World) -> None:
    """The event is refused as not found and nothing is kept of it."""
    for event in (session("nobody"), issued("nobody"), revoked("nobody"), alumni("nobody")):
        with pytest.raises(NotFound):
            tell(world, event)
    assert world.document("passports", "nobody") is None


def test_nothing_is_noted_of_who_was_erased(world: World) -> None:
    """An event that comes late brings nothing back."""
    member_id = world.member()
    world.members.change(member_id, lambda member: setattr(member, "erased_on", TODAY))
    for event in (session(member_id), alumni(member_id)):
        tell(world, event)
    assert world.document("passports", member_id) is None
    assert world.members.get(member_id).entitlements == ()


def test_who_is_erased_in_the_same_moment_leaves_nothing(world: World) -> None:
    """What was written a moment too late is forgotten again."""
    member_id = world.member()
    passports = world.repository("passports")
    write = passports.write

    def erased_meanwhile(id: str, action: Callable[[Passport], object]) -> Passport:
        world.members.change(id, lambda member: setattr(member, "erased_on", TODAY))
        written: Passport = write(id, action)
        return written

    passports.write = erased_meanwhile
    tell(world, alumni(member_id), "m")
    assert passports.get(member_id) == Passport(member_id)
    assert "Invented scheme" not in str(passports.trail(member_id))
    assert world.members.get(member_id).entitlements == ()


def test_records_merged_into_one_are_one_passport(world: World) -> None:
    """What is known of the other record of a person counts; it is not copied."""
    kept_id, other_id = world.member(), world.member()
    for member_id in (kept_id, other_id):
        tell(world, session(member_id))
        tell(world, issued(member_id, f"certificate of {member_id}"))
    tell(world, alumni(other_id))
    rate(world, kept_id, ("self.1", 1))
    rate(world, other_id, ("self.1", 4))
    world.members.change(other_id, lambda member: _merge(member, kept_id))
    view = world.call("get_leadership_passport", member_id=kept_id)
    totals = view.totals
    assert (totals.sessions, totals.certificates, totals.completions) == (1, 2, 1)
    assert view.domains[0].behaviours[0].level == 4
    assert len(world.repository("passports").get(kept_id).certificates) == 1


def test_whoever_a_member_was_merged_into_is_covered_too(world: World) -> None:
    """The event names the record with which the programme knows them."""
    kept_id, other_id = world.member(), world.member()
    world.members.change(other_id, lambda member: _merge(member, kept_id))
    tell(world, alumni(other_id))
    for member_id in (kept_id, other_id):
        [granted] = world.members.get(member_id).entitlements
        assert (granted.kind, granted.source_id) == ("alumni", "cohort-1")


def _merge(member: Any, into: str) -> None:
    member.merged_on, member.merged_into = TODAY, into


def test_alumni_are_covered_for_a_year_from_completion(world: World) -> None:
    """The length is policy, the source is the cohort, and the standing follows."""
    member_id = world.member()
    tell(world, alumni(member_id, date(2026, 8, 31)))
    told = [each for each in world.events(member_id) if isinstance(each, EntitlementChanged)]
    assert told == [
        EntitlementChanged(member_id, "alumni", "cohort-1", date(2026, 8, 31), date(2027, 8, 30))
    ]


def test_without_months_in_the_policy_alumni_are_not_covered(world: World) -> None:
    """No length is no entitlement; the completion is noted all the same."""
    body = world.call("get_policy", kind="terms").terms
    bare = {
        "rules": [{"kind": "rolling", "months": 12}],
        "payment_before_renewal": body.payment_before_renewal,
    }
    day = world.today + timedelta(days=10)
    world.call(
        "propose_policy_version", version="none", effective_from=day, reason="None.", terms=bare
    )
    world.call("activate_policy_version", kind="terms", version="none", reason="None.")
    member_id = world.member()
    world.go_to(day)
    tell(world, alumni(member_id, day))
    assert world.members.get(member_id).entitlements == ()
    view = world.call("get_leadership_passport", member_id=member_id)
    assert view.totals.completions == 1


def test_the_terms_of_the_day_of_completion_decide(world: World) -> None:
    """An event that comes after a change of policy gives what it would have given in time."""
    day = world.today + timedelta(days=10)
    longer = {"rules": [{"kind": "rolling", "months": 12}], "alumni_months": 24}
    world.call(
        "propose_policy_version", version="long", effective_from=day, reason="Long.", terms=longer
    )
    world.call("activate_policy_version", kind="terms", version="long", reason="Long.")
    member_id = world.member()
    world.go_to(day + timedelta(days=5))
    tell(world, alumni(member_id, day - timedelta(days=1)))
    [granted] = world.members.get(member_id).entitlements
    assert granted.until_on == date(2027, 12, 1)


def test_joining_the_alumni_is_finished_wherever_it_broke_off() -> None:
    """Passport and cover are two documents; the same message again does what was left undone."""

    def prepare() -> World:
        world = World()
        world.member_id = world.member()  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        tell(world, alumni(world.member_id), "m")  # type: ignore[attr-defined]

    worlds = cut_at_every_write(act, prepare)
    assert len(worlds) == 3
    for world in worlds:
        act(world)
        member_id: str = world.member_id  # type: ignore[attr-defined]
        assert len(world.members.get(member_id).entitlements) == 1
        assert world.told(member_id).count(EntitlementChanged) == 1
        assert world.call("get_leadership_passport", member_id=member_id).totals.completions == 1


def test_cover_that_was_ended_is_not_brought_back_by_the_same_message(world: World) -> None:
    """A message that was applied changes nothing when it is delivered again."""
    member_id = world.member()
    tell(world, alumni(member_id), "m")
    ended = date(2026, 12, 31)
    [granted] = world.members.get(member_id).entitlements
    shorter = (replace(granted, until_on=ended),)
    world.members.change(member_id, lambda member: setattr(member, "entitlements", shorter))
    tell(world, alumni(member_id), "m")
    assert world.members.get(member_id).entitlements[0].until_on == ended


def test_two_first_events_at_once_are_both_noted(world: World) -> None:
    """Whoever begins the passport second adds to the one that was begun."""
    member_id = world.member()
    passports = world.repository("passports")
    add = passports.add

    def begun_meanwhile(passport: Passport) -> Passport:
        passports.add = add
        tell(world, issued(member_id))
        added: Passport = add(passport)
        return added

    passports.add = begun_meanwhile
    tell(world, session(member_id))
    view = world.call("get_leadership_passport", member_id=member_id)
    assert (view.totals.sessions, view.totals.certificates) == (1, 1)


def test_learning_is_in_the_members_history(world: World) -> None:
    """Every event that changed the passport is an entry by the service that told it."""
    member_id = world.member()
    tell(world, session(member_id))
    found = world.pages("get_history", member_id=member_id)
    assert [each.by for each in found if each.record == "passport"] == ["programmes"]


def test_the_latest_word_on_each_behaviour_counts(world: World) -> None:
    """Across assessments, each with the day and the version it was made by."""
    member_id = world.member()
    rate(world, member_id, ("self.1", 1), ("self.2", 3))
    first_day = world.today
    world.go_to(first_day + timedelta(days=30))
    rate(world, member_id, ("self.1", 2))
    view = world.call("get_leadership_passport", member_id=member_id)
    own = {each.behaviour: each for each in view.domains[0].behaviours}
    assert (own["self.1"].level, own["self.1"].recorded_on) == (2, world.today)
    assert (own["self.2"].level, own["self.2"].recorded_on) == (3, first_day)
    assert (own["self.3"].level, own["self.3"].recorded_on) == (None, None)
    assert own["self.1"].level_title == "Sometimes"
    assert own["self.1"].standards == "2021.3"
    assert own["self.1"].text
    assert (view.domains[0].assessed, view.domains[0].newest_on) == (2, world.today)
    assert (view.totals.assessed, view.totals.behaviours) == (2, 12)


def rate(world: World, member_id: str, *ratings: tuple[str, int]) -> None:
    listed = [{"behaviour": code, "level": level} for code, level in ratings]
    world.call("self_assess", member_id=member_id, ratings=listed)


def test_awards_that_are_held_are_shown(world: World) -> None:
    """One that ended is not."""
    member_id = world.member()
    held = Award("f-2", "senior_fellow", "SFFMLM", date(2025, 3, 1), date(2030, 2, 28))
    over = Award("f-1", "fellow", "FFMLM", date(2019, 3, 1), ended_on=date(2025, 3, 1))
    world.members.change(member_id, lambda member: setattr(member, "awards", (over, held)))
    view = world.call("get_leadership_passport", member_id=member_id)
    assert (view.awards, view.totals.awards) == ((held,), 1)
    assert view.post_nominals == ("SFFMLM",)
    assert (
        "- Senior fellow (SFFMLM), awarded on 1 March 2025, to be confirmed by 28 February 2030"
        in view.text
    )


def evidence(title: str, dated_on: date, *behaviours: str) -> Evidence:
    return Evidence("f-1", "project", title, behaviours, dated_on)


def record(*evidence: Evidence, passport: Passport | None = None) -> LeadershipRecord:
    return leadership_record(BOOK.standards, TODAY, evidence, (), passport or Passport("m-1"))


def test_evidence_counts_for_each_domain_it_shows() -> None:
    """Once in a domain, however many of its behaviours; newest first."""
    old = evidence("Ran a clinic", date(2025, 1, 1), "team.1", "team.2", "system.1")
    new = evidence("Wrote a policy", date(2026, 1, 1), "system.3")
    made = record(old, new)
    assert {d.domain: d.evidence for d in made.domains} == {
        "self": (),
        "team": (old,),
        "organisation": (),
        "system": (new, old),
    }
    assert made.domains[3].newest_on == new.dated_on
    assert made.evidence == (new, old)


def test_evidence_by_an_earlier_edition_keeps_its_domain() -> None:
    """A behaviour that the standards no longer have is still one of its domain."""
    earlier = evidence("Long ago", date(2015, 1, 1), "organisation.77")
    assert [d.domain for d in record(earlier).domains if d.evidence] == ["organisation"]


@given(
    sessions=st.lists(
        st.tuples(
            st.integers(1, 1_440),
            st.dates(date(2000, 1, 1), TODAY),
            st.sets(st.sampled_from(["self", "team", "organisation", "system", "unheard_of"])),
        ),
        max_size=8,
    ),
    revoked_too=st.sets(st.integers(0, 5)),
)
def test_totals_follow_from_what_is_listed(
    sessions: list[tuple[int, date, set[str]]], revoked_too: set[int]
) -> None:
    """Minutes add up, the newest day is that of some item, and revoked certificates count never."""
    passport = Passport("m-1")
    for index, (minutes, held_on, domains) in enumerate(sessions):
        told = AttendedSession(str(index), "p", "T", held_on, minutes, tuple(domains))
        passport.attend(told)
        passport.attend(told)
        passport.certify(IssuedCertificate(str(index), "p", "T", tuple(domains), held_on))
    for index in revoked_too:
        passport.revoke(Revocation(str(index), TODAY))
    made = record(passport=passport)
    assert made.minutes == sum(minutes for minutes, _, _ in sessions)
    assert len(made.certificates) == len(set(range(len(sessions))) - revoked_too)
    for domain in made.domains:
        own = [(minutes, day) for minutes, day, domains in sessions if domain.domain in domains]
        assert domain.minutes == sum(minutes for minutes, _ in own)
        assert domain.newest_on == max((day for _, day in own), default=None)


def test_evidence_of_applications_for_fellowship_is_shown(world: World) -> None:
    """With the application it is from; what shows no behaviour is listed apart."""
    member_id = world.member()
    started = world.call("start_fellowship", member_id=member_id, level="fellow", route="standard")
    application = {"member_id": member_id, "fellowship_id": started.fellowship_id}
    kinds = [each.code for each in world.book.fellowship.on(world.today).policy.evidence]
    assert {"appraisal", "feedback_360"} <= set(kinds)
    world.call(
        "add_evidence",
        **application,
        kind="feedback_360",
        title="Planted-Feedback",
        dated=date(2026, 3, 1),
        behaviours=["team.1", "self.2"],
    )
    world.call(
        "add_evidence",
        **application,
        kind="appraisal",
        title="Planted-Appraisal",
        dated=date(2026, 6, 1),
        signed_off_by="Invented Appraiser",
    )
    view = world.call("get_leadership_passport", member_id=member_id)
    assert [each.title for each in view.evidence] == ["Planted-Appraisal", "Planted-Feedback"]
    assert {each.fellowship_id for each in view.evidence} == {started.fellowship_id}
    found = {d.domain: [each.title for each in d.evidence] for d in view.domains}
    assert found["self"] == found["team"] == ["Planted-Feedback"]
    assert found["organisation"] == found["system"] == []
    lines = view.text.splitlines()
    assert lines.count("- 1 March 2026: Planted-Feedback, feedback 360 (team.1, self.2)") == 2
    at = lines.index("## Other evidence")
    assert lines[at + 2] == "- 1 June 2026: Planted-Appraisal, appraisal"
    other = world.call("get_leadership_passport", member_id=world.member())
    assert other.evidence == ()


def test_what_confirmed_an_award_is_evidence_too() -> None:
    """An application goes on after the award: what was shown since counts."""
    given = EvidenceGiven(kind="project", title="T", dated=TODAY, behaviours=("self.1",))
    first, since = (EvidenceItem.of(given, id, TODAY) for id in ("e-1", "e-2"))
    confirmed = Revalidation(TODAY, TODAY, TODAY, TODAY, (since,), "2026.1")
    application = Fellowship(
        id="f-1",
        member_id="m-1",
        level="fellow",
        route="standard",
        started_on=TODAY,
        evidence=(first,),
        revalidations=(confirmed,),
    )
    assert (
        list(evidence_of(application)) == [Evidence("f-1", "project", "T", ("self.1",), TODAY)] * 2
    )


def test_an_erased_member_leaves_nothing_in_the_passport() -> None:
    """Forgotten twice is forgotten once; what was said of oneself goes too."""
    passport = Passport("m-1")
    passport.attend(AttendedSession("s", "p", "T", TODAY, 60, ("self",)))
    passport.certify(IssuedCertificate("c", "p", "T", ("self",), TODAY))
    passport.revoke(Revocation("c", TODAY))
    passport.complete(CompletedProgramme("p", "c", "T", TODAY))
    assessment = SelfAssessment(
        "a-1", "m-1", "2021.3", TODAY, (Rating(behaviour="self.1", level=1, note="Planted"),)
    )
    for _ in range(2):
        passport.forget()
        assessment.forget()
        assert passport == Passport("m-1")
        assert assessment == SelfAssessment("a-1", "m-1", "2021.3", TODAY, ())


def test_the_printed_passport_says_it_all(world: World) -> None:
    """Who, as of when, by which standards, and every domain in words."""
    member_id = world.member()
    tell(world, session(member_id))
    tell(world, alumni(member_id))
    rate(world, member_id, ("self.1", 2))
    text = world.call("get_leadership_passport", member_id=member_id).text
    assert text.startswith("# Leadership passport\n\n**Siân Planted-Surname, MFMLM**\n")
    assert "As of 23 November 2026, by the Leadership and Management Standards, 3rd edition" in text
    for line in (
        "## Self",
        "Newest: 23 November 2026. Evidence: 0. Sessions: 1, 3 h 30 min. Certificates: 0."
        " Behaviours assessed: 1 of 3.",
        "## Organisation",
        "- 14 October 2026: Leading change, 3 h 30 min (Self, Team)",
        "## Certificates held: 0",
        "- 31 August 2026: Invented scheme",
    ):
        assert line in text.splitlines()


def test_what_people_wrote_is_text_and_not_markup(world: World) -> None:
    """A note can break neither the table nor the page it is shown on."""
    member_id = world.member()
    note = "one | two\n\n# Big <script>alert(1)</script> [x](http://example.org)"
    ratings = [{"behaviour": "self.1", "level": 1, "note": note}]
    world.call("self_assess", member_id=member_id, ratings=ratings)
    text = world.call("get_leadership_passport", member_id=member_id).text
    [row] = [line for line in text.splitlines() if "two" in line]
    assert r"one \| two # Big \<script\>alert(1)\</script\> \[x\](http://example.org) |" in row


@given(st.text(max_size=200))
def test_plain_text_is_one_line_and_loses_nothing(written: str) -> None:
    """Without the marks it is what was written, with each white space a single one."""
    shown = plain(written)
    assert "\n" not in shown
    assert len(shown.splitlines()) <= 1
    unmarked = "".join(
        character
        for index, character in enumerate(shown)
        if character != "\\" or (_escapes_before(shown, index) % 2 == 1)
    )
    assert unmarked == " ".join(written.split())


def _escapes_before(text: str, index: int) -> int:
    """How many backslashes stand right before a character."""
    before = text[:index]
    return len(before) - len(before.rstrip("\\"))


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (210, "3 h 30 min")]
)
def test_durations_are_hours_and_minutes(minutes: int, words: str) -> None:
    """As people say them."""
    assert duration(minutes) == words


def test_an_empty_passport_is_a_passport(world: World) -> None:
    """A member of whom nothing is known yet gets one that says so; nobody else does."""
    view = world.call("get_leadership_passport", member_id=world.member())
    assert [domain.newest_on for domain in view.domains] == [None] * 4
    assert view.text.count("None on record.") == 4
    with pytest.raises(NotFound):
        world.call("get_leadership_passport", member_id="nobody")
