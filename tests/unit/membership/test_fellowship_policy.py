"""The policy on fellowship: what comes with the service, and what is refused as unsound."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.membership import reference
from services.membership.domain.policies.book import body_of, policy_of
from services.membership.domain.policies.fellowship import FellowshipRules
from services.membership.domain.terms import EvidenceUse, Nation
from shared.errors import Invalid
from tests.unit.membership.builders import BOOK
from tests.unit.membership.world import World

TODAY = date(2026, 11, 23)
RULES: FellowshipRules = BOOK.fellowship.on(TODAY).policy


def test_the_levels_are_in_order_with_their_post_nominals_and_domains() -> None:
    """Each level shows the domains of the one below and one more."""
    assert [(each.code, each.post_nominals) for each in RULES.levels] == [
        ("associate_fellow", "AFFMLM"),
        ("fellow", "FFMLM"),
        ("senior_fellow", "SFFMLM"),
    ]
    assert [each.domains for each in RULES.levels] == [
        ("self", "team"),
        ("self", "team", "organisation"),
        ("self", "team", "organisation", "system"),
    ]
    assert [each.experience_months for each in RULES.levels] == [0, 0, 24]
    assert [RULES.rank(each.code) for each in RULES.levels] == [0, 1, 2]
    assert RULES.rank("no_longer") == -1


def test_what_the_policy_names_exists_in_the_others() -> None:
    """Domains are those of the standards, professions those the body has taken a view of."""
    standards = BOOK.standards.on(TODAY).policy
    professions = BOOK.professions.on(TODAY).policy.codes
    assert {d for level in RULES.levels for d in level.domains} <= set(standards.domain_codes)
    named = [code for route in RULES.routes for code in route.professions]
    assert len(named) == len(set(named))
    assert set(named) == professions


def test_what_has_to_be_shown_and_how_old_it_may_be() -> None:
    """An appraisal signed off within a year and feedback within three, also to revalidate."""
    for use in EvidenceUse:
        assert [(k.code, k.max_age_months, k.signed_off) for k in RULES.required(use)] == [
            ("appraisal", 12, True),
            ("feedback_360", 36, False),
        ]
    assert (RULES.referees, RULES.target_weeks, RULES.appeal_days) == (2, 14, 28)


@pytest.mark.parametrize(
    ("route", "level", "profession", "nation", "refusal"),
    [
        ("standard", "senior_fellow", "doctor", Nation.WALES, None),
        ("standard", "fellow", "nurse", Nation.WALES, "profession_not_on_route"),
        ("collaborative", "fellow", "nurse", Nation.WALES, None),
        ("collaborative", "associate_fellow", "pharmacist", Nation.SCOTLAND, None),
        ("collaborative", "fellow", "healthcare_manager", Nation.ENGLAND, None),
        ("collaborative", "fellow", "doctor", Nation.WALES, "profession_not_on_route"),
        ("collaborative", "senior_fellow", "nurse", Nation.WALES, "level_not_on_route"),
        ("international", "fellow", "nurse", Nation.OUTSIDE_UK, None),
        ("international", "fellow", "doctor", Nation.WALES, "nation_not_on_route"),
    ],
)
def test_who_may_go_which_way(
    route: str, level: str, profession: str, nation: str, refusal: str | None
) -> None:
    """Collaborative is for some professions and two levels, international for abroad."""
    assert RULES.route(route).refusal(level, profession, nation) == refusal


@pytest.mark.parametrize(
    ("day", "by", "notice"),
    [
        (date(2026, 11, 23), date(2031, 11, 23), date(2031, 5, 23)),
        (date(2028, 2, 29), date(2033, 2, 28), date(2032, 8, 28)),
        (date(2028, 8, 31), date(2033, 8, 31), date(2033, 2, 28)),
    ],
)
def test_an_award_is_confirmed_every_five_years(day: date, by: date, notice: date) -> None:
    """By the same day of the month, or its last; notice comes six months before."""
    assert RULES.revalidation(day) == (by, notice)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"levels": (RULES.levels[0], RULES.levels[0])}, "levels.1.code"),
        ({"levels": (replace(RULES.levels[2], experience="hearsay"),)}, "levels.0.experience"),
        ({"levels": (replace(RULES.levels[2], experience="project"),)}, "levels.0.experience"),
        ({"levels": (replace(RULES.levels[0], experience_months=1),)}, "levels.0.experience"),
        ({"routes": (replace(RULES.routes[0], levels=("fellow", "lord")),)}, "routes.0.levels.1"),
        ({"evidence": (*RULES.evidence, RULES.evidence[0])}, "evidence.9.code"),
        ({"notice_months": 60}, "notice_months"),
    ],
)
def test_an_unsound_policy_is_refused_by_the_place(changes: dict[str, Any], path: str) -> None:
    """What the schema does not see is found, and where."""
    body = body_of(replace(RULES, **changes))
    with pytest.raises(Invalid) as refused:
        policy_of("fellowship", body)
    assert f"fellowship.{path}" in refused.value.fields


def test_every_part_names_its_source() -> None:
    """A number that was not found in public says that it is general knowledge."""
    seed = json.loads(
        (Path(reference.__file__).parent / "data/policies/fellowship-2026.1.json").read_text()
    )
    parts = [*seed["fellowship"]["levels"], *seed["fellowship"]["routes"]]
    parts += [*seed["fellowship"]["evidence"], seed["fellowship"], seed]
    assert all(part["source"] for part in parts)
    assert "general knowledge" in seed["fellowship"]["source"]


def test_the_policy_can_be_read_and_replaced_by_call() -> None:
    """It is proposed and activated as other kinds are."""
    world = World()
    now = world.call("get_policy", kind="fellowship").fellowship
    assert now == RULES
    later = replace(now, target_weeks=10)
    arguments = {"kind": "fellowship", "version": "2027.1", "reason": "Invented."}
    world.call(
        "propose_policy_version",
        version="2027.1",
        effective_from=date(2027, 1, 1),
        reason="Invented.",
        fellowship=body_of(later),
    )
    world.call("activate_policy_version", **arguments)
    assert world.book.fellowship.on(date(2026, 12, 31)).policy.target_weeks == 14
    assert world.book.fellowship.on(date(2027, 1, 1)).policy.target_weeks == 10
