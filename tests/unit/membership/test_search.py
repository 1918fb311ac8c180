"""What members can be searched by."""

import pytest

from services.membership.domain.search import criteria
from shared.errors import Invalid
from tests.unit.membership.builders import GRADES, REGULATORS


def test_filters_become_stored_fields() -> None:
    """Each filter is compared in the form in which its field is stored."""
    filters = {
        "email": " Sian@Example.ORG",
        "registration_number": "a 1234567",
        "regulator": "gmc",
        "status": "current",
        "profession": "doctor",
        "nation": "wales",
        "career_stage": "senior",
        "grade": "member",
    }
    assert criteria(filters, REGULATORS, GRADES) == {
        "email_key": "sian@example.org",
        "registration_number": "A1234567",
        "regulator": "GMC",
        "registration": "verified",
        "application": "admitted",
        "profession": "doctor",
        "nation": "wales",
        "career_stage": "senior",
        "grade": "member",
    }


def test_no_filters_find_everybody() -> None:
    """Without filters nothing is compared."""
    assert criteria({}, REGULATORS, GRADES) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pseudonym", "5b0c1a39"),
        ("$where", "1"),
        ("status", "lapsed"),
        ("nation", "france"),
        ("career_stage", ""),
        ("profession", "astrologer"),
        ("regulator", "GXC"),
        ("grade", "emperor"),
    ],
)
def test_an_unknown_filter_or_value_is_named(name: str, value: str) -> None:
    """What cannot be searched by, or for, is refused by its name."""
    with pytest.raises(Invalid) as refused:
        criteria({"email": "a@b.org", name: value}, REGULATORS, GRADES)
    assert list(refused.value.fields) == [f"filters.{name}"]
