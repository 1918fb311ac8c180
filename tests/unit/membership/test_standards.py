"""The standards as policy: their domains, their behaviours, and what is not sound."""

from dataclasses import replace

import pytest

from services.membership.domain.policies.book import body_of, policy_of
from services.membership.domain.policies.standards import Behaviour, Standards
from shared.errors import Invalid
from tests.unit.membership.builders import BOOK, TODAY

STANDARDS = BOOK.standards.on(TODAY).policy


def test_the_third_edition_has_four_domains_in_order() -> None:
    """Self, team, organisation, system; each has behaviours, and each row its source."""
    assert STANDARDS.domain_codes == ("self", "team", "organisation", "system")
    assert {behaviour.domain for behaviour in STANDARDS.behaviours} == set(STANDARDS.domain_codes)
    assert all(behaviour.source for behaviour in STANDARDS.behaviours)


def test_wording_that_is_not_the_bodys_own_says_so() -> None:
    """Nobody can take a placeholder for the published text."""
    assert all("placeholder" in row.source.lower() for row in STANDARDS.behaviours)


def test_a_behaviour_has_its_domain() -> None:
    """By its code."""
    assert STANDARDS.domain_of("team.1") == "team"


def test_an_unknown_behaviour_is_named() -> None:
    """A code that is in no domain is refused and not guessed."""
    assert STANDARDS.find("self.999") is None
    with pytest.raises(Invalid) as refused:
        STANDARDS.domain_of("self.999")
    assert "self.999" in refused.value.fields["behaviour"][0]


def faults(standards: Standards) -> list[str]:
    return [field for field, _ in standards.faults()]


def with_behaviour(code: str, domain: str) -> Standards:
    added = Behaviour(code=code, domain=domain, text="Invented.", source="Invented.")
    return replace(STANDARDS, behaviours=(*STANDARDS.behaviours, added))


def test_the_seed_is_sound() -> None:
    """It has no fault, and is the same after being kept."""
    assert faults(STANDARDS) == []
    assert policy_of("standards", body_of(STANDARDS)) == STANDARDS


def test_faults_name_the_row() -> None:
    """A code used twice, a domain there is not, a code of another domain."""
    last = len(STANDARDS.behaviours)
    assert faults(with_behaviour("self.1", "self")) == [f"behaviours.{last}.code"]
    assert faults(with_behaviour("world.1", "world")) == [f"behaviours.{last}.domain"]
    assert faults(with_behaviour("team.9", "self")) == [f"behaviours.{last}.code"]


def test_domains_and_levels_are_there_once() -> None:
    """Two of the same code or number would make an assessment mean two things."""
    twice = replace(
        STANDARDS,
        domains=(*STANDARDS.domains, STANDARDS.domains[0]),
        levels=(*STANDARDS.levels, STANDARDS.levels[0]),
    )
    assert faults(twice) == ["domains.4.code", "levels.4.level"]
