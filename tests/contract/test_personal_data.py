"""Public events carry no contact data and no special category data, and none links a pseudonym."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest

from tests.contract.wiring import EVENTS, Published

CONTACT = (
    r"e_?mail|phone|telephone|mobile|fax|address|postcode|given_name|family_name|first_name"
    r"|last_name|full_name|surname|forename|initials|contact|orcid|registration_number"
    r"|birth|age|national_insurance|nhs_number|passport|photo|signature"
)
SPECIAL_CATEGORY = (
    # https://www.legislation.gov.uk/eur/2016/679/article/9, and what stands for it here
    r"ethnicity|ethnic|race|sex|gender|orientation|religion|belief|disability|disabled"
    r"|health_condition|pregnancy|marital|political|trade_union|genetic|biometric|conviction"
    r"|pseudonyms?|answers"
)
PERSONAL = re.compile(rf"(^|_)({CONTACT}|{SPECIAL_CATEGORY})(_|$)")
OF_A_PERSON = re.compile(r"(^|_)(member|application|offer|placement|shortlisted)_ids?$|email")
EMAIL_ADDRESS = re.compile(r"\S@\S")

PUBLIC = [event for event in EVENTS if not event.type.private]


def names_in(cls: type[Any]) -> Iterator[str]:
    """The names of a message's fields, those of messages inside it too."""
    hints = get_type_hints(cls)
    for item in dataclasses.fields(cls):
        yield item.name
        for kind in (hints[item.name], *get_args(hints[item.name])):
            if dataclasses.is_dataclass(kind) and isinstance(kind, type):
                yield from names_in(kind)


@pytest.mark.parametrize("event", PUBLIC, ids=str)
def test_public_events_have_no_personal_fields(event: Published) -> None:
    """No field is named for what identifies or reaches a person, or for a special category."""
    assert [name for name in names_in(event.cls) if PERSONAL.search(name)] == []


@pytest.mark.parametrize("event", PUBLIC, ids=str)
def test_public_examples_hold_no_address(event: Published) -> None:
    """Nothing in the body or the headers looks like an e-mail address."""
    sent = event.sent()
    assert not EMAIL_ADDRESS.search(sent.body.decode())
    assert not EMAIL_ADDRESS.search(json.dumps(sent.headers))


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_no_event_tells_whose_pseudonym_it_is(event: Published) -> None:
    """What bears the equality pseudonym bears no other id of a person."""
    names = set(names_in(event.cls))
    bears = any("pseudonym" in name for name in names)
    assert not bears or not [name for name in names if OF_A_PERSON.search(name)]


@pytest.mark.parametrize(
    "name",
    ["email", "home_address", "given_name", "ethnicity", "equality_answers", "date_of_birth"],
)
def test_the_list_of_personal_names_finds_what_it_should(name: str) -> None:
    """A name is found as a word of its own, at either end."""
    assert PERSONAL.search(name)


@pytest.mark.parametrize("name", ["member_id", "stage", "message", "nations", "trace_id"])
def test_the_list_of_personal_names_passes_what_it_should(name: str) -> None:
    """A word inside another is no find."""
    assert not PERSONAL.search(name)
