"""Nothing that a reviewer can reach says whose application they read.

What identifies is planted wherever somebody could have written it, then looked for in every answer
and refusal of every method that reviewers may call, in the events and in the logs.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.programmes.domain.review import Review
from services.programmes.entrypoints import ProgrammesService
from services.programmes.schemas.reviews import BlindReview, MyReview
from services.programmes.subscriptions import ContactChanged, MemberMerged
from shared.auth import ROLES, Claims
from shared.errors import FacultyError, to_wire
from shared.events import dump
from shared.idempotency import Calls
from tests.unit.programmes.panels import Panelled

GIVEN, FAMILY, MAIDEN = "Zo\u00eb Hope", "Smith-O\u2019Planted", "Maidenplanted"
MEMBER, MERGED = "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24", "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a25"
NUMBERS = ("7654321", "12A3456B", "PA98765", "2076543", "5076543", "D-23456", "01-34567")
SHORT = ("135791", "24680", "8642")
ADDRESSES = ("zoe.planted@mail.example.org", "https://planted.example.org/zoe", "07700 900461")
ORCID = "0000-0002-1825-0097"
SECRETS = ("Planted cousins.", "Planted comment.", "Planted reason.")
BORN = "1985-03-12"
TEXT = (
    f"I am {GIVEN} {FAMILY}, once {MAIDEN.upper()}; Zoe Smith and O'Planted know it, I hope. "
    f"Write to {', '.join(ADDRESSES)} or see {ORCID}. My numbers are {', '.join(NUMBERS)}, "
    f"{' '.join(NUMBERS[0])}, {NUMBERS[1].lower()}, GDC {SHORT[0]}, GOsC number {SHORT[1]} and "
    f"{SHORT[2]} with the GCC. I am member {MEMBER}, before {MERGED}, born on 12 March 1985. "
    "I led a ward in hard times."
)
MARKS = (
    *("zoe", "zo\u00eb", "hope", "smith", "planted", MEMBER, MERGED, "example.org", "900461"),
    *(number.lower() for number in NUMBERS),
    *("7 6 5 4", *SHORT, "1825", BORN, "1985", "suspend"),
)
MINE = "reviewer-0"
REVIEWING = [
    name
    for name in dir(ProgrammesService)
    if getattr(getattr(ProgrammesService, name), "contract", None)
    and getattr(ProgrammesService, name).contract.scope == "programmes:review"
]


class Blind(Panelled):
    """A world in which somebody has written who they are wherever they could."""

    def rpc(self, method: str, *, by: str, role: str = "reviewer", **arguments: Any) -> Any:
        """Call a method with a token, through all that a call goes through."""
        claims = Claims(by, role, frozenset(ROLES[role]), expires_at=0)
        service = SimpleNamespace(
            name="programmes",
            app=self.app,
            worker_ctx=SimpleNamespace(
                data={"amqp_correlation_id": f"call {next(self._messages)}"}
            ),
            runtime=SimpleNamespace(
                verifier=SimpleNamespace(verify=lambda _: claims),
                calls=Calls(self.database, self.clock, timedelta(hours=1)),
            ),
        )
        return getattr(ProgrammesService, method)(service, arguments=arguments)

    def heard(self, method: str, **arguments: Any) -> str:
        """All that a reviewer is told by a call, whether it is an answer or a refusal."""
        try:
            said: Any = self.rpc(method, by=MINE, **arguments)
        except FacultyError as error:
            said = to_wire(error)
        return json.dumps(said, ensure_ascii=False)


@pytest.fixture
def blind() -> Blind:
    world = Blind.of(0, 2)
    world.member(MERGED, given_name=MAIDEN, family_name="Zoe")
    world.member(MEMBER, given_name=GIVEN, family_name=FAMILY)
    world.tell(ContactChanged(MEMBER, GIVEN, FAMILY))
    world.tell(MemberMerged(MERGED, MEMBER))
    world.longlisted(MEMBER, motivation=TEXT, example=TEXT, band="7654321", born=BORN, referee=TEXT)
    world.allocate()
    return world


def review_of(world: Panelled) -> Any:
    return next(each for each in world.live() if each.reviewer_id == MINE)


def identifying(world: Panelled, text: str) -> list[str]:
    """Whatever of the planted is in a text."""
    (application_id,) = world.applications
    looked_for = (*MARKS, application_id, *SECRETS)
    return [mark for mark in looked_for if mark.lower() in text.lower()]


def test_the_text_is_read_without_who_wrote_it(blind: Blind) -> None:
    """What they say of their work stays, and every mark is gone."""
    text = blind.heard("get_review", review_id=review_of(blind).id)
    assert "I led a ward in hard times." in text
    assert text.count("[removed]") > 20
    assert identifying(blind, text) == []


def test_names_that_somebody_had_are_taken_out_too() -> None:
    """In whatever order they were told; the one they have now is theirs."""
    world = Panelled.of(0, 2)
    member_id = world.member(given_name="Zelda", family_name="Mockearlier")
    id = world.longlisted(member_id, motivation="I, Zelda Mockearlier, lead Mockfirst clinic.")
    world.tell(ContactChanged(member_id, "Zelda", "Mocklater"), 9)
    world.tell(ContactChanged(member_id, "Zelda", "Mockfirst"), 1)
    world.allocate()
    review = world.live(id)[0]
    seen = world.call("get_review", by=review.reviewer_id, review_id=review.id)
    assert "Mock" not in str(seen)
    assert "Zelda" not in str(seen)
    assert world.repository("people").name_of(member_id) == "Zelda Mocklater"


def test_ids_of_any_form_are_taken_out() -> None:
    """Of the member, of who was merged into them, and of the application."""
    world = Blind.of(0, 1)
    member_id, merged = world.member("member-a"), world.member("member-b")
    world.tell(MemberMerged(merged, member_id))
    text = f"{member_id} was {merged.upper()}."
    application_id = world.longlisted(member_id, motivation=text)
    world.repository("applications").change(
        application_id, lambda found: found.answers.update(example=f"I wrote {application_id}.")
    )
    world.allocate()
    read = world.call("get_review", by=MINE, review_id=review_of(world).id)
    assert [each.answer for each in read.answers] == [
        "[removed] was [removed].",
        "I wrote [removed].",
    ]


def test_the_id_of_a_review_gives_away_nothing_without_the_seed() -> None:
    """Who knows an application's id and their own cannot tell which review it is."""
    keys = {Review.key(seed, "application", MINE) for seed in ("", "s", "t")}
    assert len(keys) == 3
    world = Blind.of(1, 1)
    world.allocate()
    seed = world.call("get_panel", cohort_id=world.cohort_id).seed
    assert review_of(world).id == Review.key(seed, world.applications[0], MINE)


def test_what_a_reviewer_is_told_is_counted_out() -> None:
    """A field that is added to what they read has to be added here as well."""
    shown = {field.name for field in dataclasses.fields(BlindReview)}
    assert shown == {
        *("review_id", "cohort_id", "state", "edition", "answers", "version"),
        *("criteria", "lowest", "highest", "scores", "comment"),
    }
    listed = {field.name for field in dataclasses.fields(MyReview)}
    assert listed == {"review_id", "cohort_id", "state"}


def situations(world: Blind) -> list[Any]:
    """What may become of a review, one after another."""
    (application_id,) = world.applications

    def hold() -> None:
        world.repository("applications").change(
            application_id, lambda found: found.pause(world.clock())
        )

    def conflict() -> None:
        world.rpc(
            "record_conflict",
            by="staff",
            role="staff",
            reviewer_id=MINE,
            member_id=MEMBER,
            reason=SECRETS[0],
        )

    return [
        lambda: None,
        lambda: world.score(next(r for r in world.live() if r.reviewer_id != MINE)),
        hold,
        lambda: world.score(review_of(world), comment="Mine."),
        lambda: world.close(reason=SECRETS[2]),
        lambda: world.rank(),
        lambda: world.call("reopen_scoring", cohort_id=world.cohort_id, reason=SECRETS[2]),
        conflict,
        lambda: world.repository("people").erase(MEMBER),
        lambda: world.bring(application_id, "withdrawn"),
        lambda: world.allocate(),
    ]


def attempts(world: Blind, review_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The arguments with which each method that reviewers may call is tried."""
    of_any: list[dict[str, Any]] = [{"review_id": id} for id in (*review_ids, "nothing")]
    right, wrong = ({"leadership": points, "motivation": 1} for points in (1, 9))
    lists = [{}, {"limit": 0}, {"cursor": "x"}, {"cohort_id": "nothing"}]
    return {
        "find_my_reviews": [*lists, {"cohort_id": world.cohort_id}],
        "get_review": of_any,
        "score_review": [
            {**each, "edition": 1, **more}
            for each in of_any
            for more in ({"scores": {}}, {"scores": wrong}, {"scores": right, "version": 99})
        ],
        "abstain": [{**each, "reason": ""} for each in of_any],
        "declare_conflict": [{**each, "reason": ""} for each in of_any],
        # Those who interview know whom they meet; of others they are told no more than here.
        "find_panel_slots": [{"cohort_id": world.cohort_id}],
        "score_interview": [{"slot_id": "nothing", "scores": right}],
    }


def test_every_method_of_reviewers_is_tried(blind: Blind) -> None:
    """A new one has to be added above."""
    assert set(attempts(blind, [])) == set(REVIEWING)


def test_nothing_that_reviewers_can_call_says_who_it_is(blind: Blind) -> None:
    """In no situation, whether it answers or refuses."""
    review_ids = [each.id for each in blind.live()]
    for happen in situations(blind):
        happen()
        for method, ways in attempts(blind, review_ids).items():
            for arguments in ways:
                said = blind.heard(method, **arguments)
                assert identifying(blind, said) == [], (method, said)


@pytest.mark.parametrize("method", ["abstain", "declare_conflict"])
def test_leaving_says_nothing_either(blind: Blind, method: str) -> None:
    """Neither whose it was nor who has it now."""
    blind.reviewer("reviewer-9")
    blind.appoint(*blind.reviewers)
    said = blind.heard(method, review_id=review_of(blind).id, reason="I know.")
    assert identifying(blind, said) == []
    assert "reviewer-9" not in said
    assert "reviewer-9" in {each.reviewer_id for each in blind.live()}


def test_reviewers_may_call_nothing_that_staff_may(blind: Blind) -> None:
    """Neither applications nor reviews of others, rankings nor reports."""
    for name in dir(ProgrammesService):
        contract = getattr(getattr(ProgrammesService, name), "contract", None)
        if contract is None or name in REVIEWING or contract.scope == "public":
            continue
        assert json.loads(blind.heard(name))["code"] == "forbidden", name


def live_through(world: Blind) -> None:
    """Everything that is done with reviews, by whom it is done."""

    def staff(method: str, **arguments: Any) -> None:
        world.rpc(method, by="staff", role="staff", **arguments)

    staff("add_reviewer", reviewer_id="reviewer-9", name="Planted Reviewer", capacity=9)
    staff("revise_reviewer", reviewer_id="reviewer-9", name="Planted Reviewer", capacity=9)
    staff("appoint_reviewers", cohort_id=world.cohort_id, reviewer_ids=[MINE, "reviewer-1"])
    review = review_of(world)
    world.rpc("get_review", by=MINE, review_id=review.id)
    for each, points in zip(world.live(), (0, 5), strict=True):
        world.rpc(
            "score_review",
            by=each.reviewer_id,
            review_id=each.id,
            edition=1,
            scores={"leadership": points, "motivation": points},
            comment=SECRETS[1],
        )
    staff(
        "moderate",
        application_id=world.applications[0],
        scores={"leadership": 4, "motivation": 4},
        moderators=["reviewer-9", MINE],
        reason=SECRETS[2],
    )
    staff("close_scoring", cohort_id=world.cohort_id, reason=SECRETS[2])
    staff("rank_reviews", cohort_id=world.cohort_id)
    staff("reopen_scoring", cohort_id=world.cohort_id, reason=SECRETS[2])
    staff("record_conflict", reviewer_id=MINE, member_id=MEMBER, reason=SECRETS[0])
    world.rpc("declare_conflict", by="reviewer-1", review_id=world.live()[0].id, reason=SECRETS[0])
    staff("retire_reviewer", reviewer_id="reviewer-9", reason=SECRETS[2])


def test_events_say_nothing_of_reviews(blind: Blind) -> None:
    """No name, no text, no score and no reviewer is in any."""
    live_through(blind)
    told = json.dumps([dump(event) for event in blind.events()])
    allowed = {MEMBER, MERGED, blind.applications[0]}
    assert {*identifying(blind, told)} <= allowed
    assert "reviewer-" not in told and "score" not in told.replace("scoring", "")


def test_logs_say_nothing_of_who_it_is_and_what_was_thought(blind: Blind) -> None:
    """Not even when every call is logged with its arguments."""
    with capture_logs() as lines:
        live_through(blind)
        for happen in situations(blind)[:1]:
            happen()
            blind.heard("get_review", review_id="nothing")
    logged = json.dumps(lines, default=str)
    assert "score_review" in logged and "record_conflict" in logged
    assert {*identifying(blind, logged)} <= {MEMBER, MERGED, blind.applications[0]}
    assert '"leadership": ' not in logged
