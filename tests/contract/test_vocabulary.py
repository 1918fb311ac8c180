"""The words that programmes checks its rules by are those by which membership speaks of members."""

from __future__ import annotations

from datetime import date

import pytest

from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.terms import CareerStage, Nation, RegisterStatus
from services.membership.reference import load_policies
from services.programmes.domain import terms
from services.programmes.domain.vocabulary import Vocabulary
from services.programmes.reference import load_rules

TODAY = date(2026, 12, 3)
KNOWN = list(load_rules("vocabulary", Vocabulary).values())[-1]
BOOK = PolicyBook.of(load_policies())
TOLD = {
    "professions": [each.code for each in BOOK.professions.on(TODAY).policy.professions],
    "grades": [each.code for each in BOOK.grades.on(TODAY).policy.grades],
    "domains": [each.code for each in BOOK.standards.on(TODAY).policy.domains],
    "career_stages": [each.value for each in CareerStage],
    "registration_statuses": [each.value for each in RegisterStatus],
}


@pytest.mark.parametrize("name", TOLD)
def test_each_list_has_the_words_that_membership_tells(name: str) -> None:
    """Else a rule that names one of them would be refused or doubted, or one for nobody pass."""
    assert sorted(getattr(KNOWN, name).words) == sorted(TOLD[name])


def test_the_nations_of_rules_are_those_of_the_kingdom() -> None:
    """Who lives elsewhere has none of them, so a rule that names nations leaves them out."""
    assert {each.value for each in terms.Nation} == {each.value for each in Nation} - {"outside_uk"}
