"""A round measured before its release, over all four services, and nobody found in it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from functools import cache
from typing import Any, get_args

import pytest

from services.membership.subscriptions import StageEvent
from services.research.reference import load_code_list
from shared.outbox import Envelope
from tests.contract.federation import Federation, Order
from tests.contract.wiring import Reading
from tests.unit.programmes.offers import match, prefer, rank

PEOPLE, SHORTLISTED, PLACES = 200, 100, 60
WINDOW = {"opens_at": "2026-11-01T09:00:00+00:00", "closes_at": "2026-12-29T17:00:00+00:00"}


def answers_of(number: int) -> dict[str, str]:
    """What an invented person answers; of the shortlisted the first half are white."""
    return {
        "ethnicity": "A" if number % SHORTLISTED < SHORTLISTED // 2 else "H",
        "gender": "woman" if number % 2 else "man",
        "disability": "yes" if number % SHORTLISTED < 4 else "no",
        "age_band": "prefer_not_to_say",
    }


def selection_order() -> list[int]:
    """The shortlisted, the best first: 40 of 50 white and 20 of 50 others get a place."""
    half = SHORTLISTED // 2
    chosen = [*range(40), *range(half, half + 20)]
    return [*chosen, *(number for number in range(SHORTLISTED) if number not in chosen)]


class Selection:
    """Invented members who answered and applied, of whom some are ranked, for so many places."""

    def __init__(
        self,
        order: Order = list,
        *,
        people: int = PEOPLE,
        ranked: Iterable[int] | None = None,
        places: int = PLACES,
    ) -> None:
        self.faculty, self.order = Federation(), order
        world = self.faculty.membership
        self.members = [world.member() for _ in range(people)]
        self.faculty.deliver()
        self.pseudonyms = [self._answer(*each) for each in enumerate(self.members)]
        programmes = self.faculty.programmes
        programme_id = programmes.programme(eligibility={})
        posts = [programmes.post("city", capacity=places)]
        self.cohort_id = programmes.cohort(programme_id, posts=posts, **WINDOW)
        self.applications = [programmes.submitted(self.cohort_id, id) for id in self.members]
        self._select(selection_order() if ranked is None else list(ranked))

    def _answer(self, number: int, member_id: str) -> str:
        asked = self.faculty.call("membership", "get_equality_pseudonym", member_id=member_id)
        self.faculty.call(
            "research",
            "record_equality_response",
            pseudonym=asked.pseudonym,
            answers=answers_of(number),
            consent=True,
        )
        return str(asked.pseudonym)

    def _select(self, order: list[int]) -> None:
        programmes = self.faculty.programmes
        ranked = [self.applications[number] for number in order]
        for application_id in ranked:
            programmes.bring(application_id, "ranked")
        rank(programmes, self.cohort_id, ranked)
        for application_id in ranked:
            prefer(programmes, self.cohort_id, application_id, ["city"])

    def propose(self) -> str:
        """The id of the first round, prepared; nothing of the selection was delivered before."""
        programmes = self.faculty.programmes
        prepared = programmes.call(
            "prepare_round",
            cohort_id=self.cohort_id,
            match_id=match(programmes, self.cohort_id),
        )
        self.faculty.deliver(self.order)
        return str(prepared.round_id)

    def stages(self) -> dict[str, int]:
        """How many research counts at each stage."""
        found = self.faculty.call("research", "get_cohort", cohort_id=self.cohort_id)
        return dict(found.stages)

    def figures(self, round_id: str) -> dict[str, dict[str, Any]]:
        """What programmes keeps of a round, by characteristic."""
        kept = self.faculty.programmes.repository("fairness").get(round_id)
        return {each["characteristic"]: each for each in kept["figures"]["figures"]}


def shuffled(seed: int) -> Order:
    """Events in any order, every fourth of them twice."""
    drawn = random.Random(seed)

    def order(taken: list[tuple[Envelope, Reading]]) -> list[tuple[Envelope, Reading]]:
        again = [each for each in taken if drawn.random() < 0.25]
        mixed = [*taken, *again]
        drawn.shuffle(mixed)
        return mixed

    return order


@cache
def measured(seed: int | None) -> tuple[Selection, str]:
    """A selection with the id of its round, which is measured; made once for all tests."""
    selection = Selection(list if seed is None else shuffled(seed))
    return selection, selection.propose()


@pytest.mark.parametrize("seed", [None, 1])
def test_the_figures_of_a_round_arrive(seed: int | None) -> None:
    """Flagged is what is skewed and nothing else, in whichever order events come."""
    selection, round_id = measured(seed)
    figures = selection.figures(round_id)
    told = {
        name: (each["relative_likelihood"], each["outside_range"], each["reason"])
        for name, each in figures.items()
    }
    assert told == {
        "ethnicity": (0.5, True, None),
        "gender": (1.0, False, None),
        "disability": (None, None, "small_numbers"),
        "age_band": (None, None, "no_applicants"),
    }
    told_once = [each for each in named(selection, "fairness.measured") if round_id in str(each)]
    assert len(told_once) == 1


def named(selection: Selection, name: str) -> list[Envelope]:
    return [each for each in selection.faculty.published if each.routing_key == name]


def test_the_gate_finds_what_was_flagged() -> None:
    """Whoever releases the round is asked for a reason."""
    selection, round_id = measured(None)
    found = selection.faculty.programmes.call("check_release", round_id=round_id).findings
    about = {each.code: each.about for each in found}
    assert "fairness_missing" not in about
    (flagged,) = about["fairness_flagged"]
    assert "ethnicity" in flagged


def test_every_stage_arrives_under_the_pseudonym() -> None:
    """Research counts as many at each stage as there are, whatever overtook what."""
    for seed in (None, 1):
        selection, _ = measured(seed)
        counted = selection.stages()
        assert counted["submitted"] == PEOPLE
        assert counted["shortlisted"] == counted["ranked"] == SHORTLISTED
        assert set(counted) <= set(load_code_list().stages)


def test_membership_tells_the_stages_that_research_knows() -> None:
    """All of its list, and no other."""
    told = {reader.stage for reader in get_args(StageEvent)}
    assert told == set(load_code_list().stages)


def test_offers_of_a_round_that_was_taken_back_are_counted_no_more() -> None:
    """Neither those that were made nor the one that was accepted, whatever overtook what."""
    selection = Selection(shuffled(3), people=12, ranked=range(10), places=9)
    round_id, programmes = selection.propose(), selection.faculty.programmes
    why = {"round_id": round_id, "reason": "Invented reason."}
    programmes.call("approve_round", by="approver", round_id=round_id)
    programmes.call("release_round", by="releaser", **why)
    offer = programmes.call("find_offers", cohort_id=selection.cohort_id).items[0]
    programmes.call("accept_offer", offer_id=offer.offer_id, member_id=offer.member_id)
    selection.faculty.deliver(selection.order)
    before = {"submitted": 12, "shortlisted": 10, "ranked": 10}
    assert selection.stages() == {**before, "offered": 9, "accepted": 1}
    programmes.call("request_reversal", by="asker", **why)
    programmes.call("reverse_round", by="agreer", **why)
    selection.faculty.deliver(selection.order)
    assert selection.stages() == before


# Nobody is found


def text_of(envelope: Envelope) -> str:
    return json.dumps(envelope.headers, default=str) + envelope.body.decode()


def holding(envelopes: Iterable[Envelope], ids: Iterable[str]) -> list[Envelope]:
    """Those with one of the ids anywhere in them."""
    wanted = tuple(ids)
    return [each for each in envelopes if any(id in text_of(each) for id in wanted)]


def test_no_event_has_a_member_and_a_pseudonym() -> None:
    """Not in its body, its subject, or any other header."""
    selection, _ = measured(None)
    under_pseudonym = holding(selection.faculty.published, selection.pseudonyms)
    assert {each.routing_key for each in under_pseudonym} == {"stage.reached", "selection.proposed"}
    assert holding(under_pseudonym, selection.members + selection.applications) == []


def test_no_pseudonym_is_on_a_public_exchange() -> None:
    """Only research may bind where they are; of figures no person's answers are told."""
    selection, _ = measured(None)
    for envelope in holding(selection.faculty.published, selection.pseudonyms):
        assert envelope.exchange == "membership.private"
    public = [each for each in selection.faculty.published if each.exchange.endswith(".events")]
    assert holding(public, ('"answers"', '"pseudonym')) == []


def test_no_trace_leads_from_a_pseudonym_to_a_member() -> None:
    """What bears pseudonyms shares neither correlation nor trace with what bears other ids."""
    selection, _ = measured(None)
    published = selection.faculty.published
    unlinked = holding(published, selection.pseudonyms)
    others = holding(published, selection.members + selection.applications)
    assert unlinked and others
    for name in ("ce-correlationid", "traceparent"):
        ours = {trace_of(each.headers[name]) for each in unlinked}
        assert not ours & {trace_of(each.headers[name]) for each in others}


def trace_of(header: Any) -> str:
    """Of a trace header its trace."""
    return str(header).split("-")[1] if str(header).startswith("00-") else str(header)


def test_places_in_a_proposal_tell_nothing() -> None:
    """Programmes names members by rank, membership pseudonyms by themselves."""
    selection, _ = measured(None)
    (proposed,) = named(selection, "round.proposed")
    (translated,) = named(selection, "selection.proposed")
    body = json.loads(translated.body)
    assert proposed.exchange == "programmes.private"
    assert len(json.loads(proposed.body)["member_ids"]) == len(body["pseudonyms"]) == PLACES
    for name in ("pseudonyms", "shortlisted_pseudonyms"):
        assert body[name] == sorted(body[name])


def test_neither_store_has_both() -> None:
    """Research knows no member or application, and programmes no pseudonym or answer."""
    selection, _ = measured(None)
    stored = selection.faculty.stored()
    people = (*selection.members, *selection.applications)
    research = " ".join(text for place, text in stored.items() if place.startswith("research/"))
    assert selection.pseudonyms[0] in research
    assert [id for id in people if id in research] == []
    programmes = " ".join(text for place, text in stored.items() if place.startswith("programmes/"))
    assert [id for id in selection.pseudonyms if id in programmes] == []
