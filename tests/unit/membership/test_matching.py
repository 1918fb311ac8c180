"""How alike two records are, by the policy on matching."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.membership.domain.matching import (
    block_keys,
    compare,
    near_keys,
    near_numbers,
)
from services.membership.domain.member import Member
from services.membership.domain.policies.matching import MailService, Matching, MatchReason
from services.membership.domain.registrant import HeldRegistration
from tests.unit.membership.builders import BOOK, TODAY, applicant

POLICY: Matching = BOOK.matching.on(TODAY).policy
LOCALS = st.text("ab.+", min_size=1, max_size=6)
DOMAINS = st.sampled_from(
    ["gmail.com", "googlemail.com", "GMAIL.com", "outlook.com", "nhs.example"]
)
NUMBERS = st.from_regex(r"[0-9]{1,7}|[0-9]{2}[A-Z][0-9]{4}[A-Z]", fullmatch=True)


_NAMES = {"m-1": ("Aled", "Yorath"), "m-2": ("Beti", "Quillfeather")}


def held(regulator: str, number: str) -> HeldRegistration:
    return HeldRegistration(regulator, number, f"{regulator}:{number}", TODAY)


def record(id: str = "m-1", *numbers: tuple[str, str], **changes: Any) -> Member:
    """A record with nothing in common with another but what is given."""
    member = applicant()
    member.id = id
    member.given_name, member.family_name = _NAMES[id]
    member.email, member.date_of_birth = f"{id}@{id}.example", None
    member.registrations = tuple(held(*each) for each in numbers)
    for name, value in changes.items():
        setattr(member, name, value)
    return member


def reasons(one: Member, other: Member, policy: Matching = POLICY) -> list[str]:
    return [found.reason.value for found in compare(one, other, policy).reasons]


def names(one: tuple[str, str], other: tuple[str, str]) -> list[str]:
    """The reasons that two given and family names are."""
    return reasons(
        record("m-1", given_name=one[0], family_name=one[1]),
        record("m-2", given_name=other[0], family_name=other[1]),
    )


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("Nia", "Probert"), ("NIA", "probert"), "name_same"),
        (("Siân Mair", "O'Brien-Jones"), ("Sian", "OBrien Jones"), "name_same"),
        (("Nia", "Probert"), ("Probert", "Nia"), "name_swapped"),
        (("N.", "Probert"), ("Nia", "Probert"), "name_initials"),
        (("N", "Probert"), ("N", "Próbert"), "name_initials"),
        (("Nia", "Probert"), ("Nia", "Probart"), "name_similar"),
        (("Jon", "Whitfield"), ("John", "Whitfield"), "name_similar"),
    ],
)
def test_names_agree_in_several_ways(
    one: tuple[str, str], other: tuple[str, str], reason: str
) -> None:
    """Each way is found whichever record comes first."""
    assert names(one, other) == names(other, one) == [reason]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Nia", "Probert"), ("Owen", "Probert")),
        (("N", "Probert"), ("Owen", "Probert")),
        (("Nia", "Probert"), ("Nia", "Llewellyn")),
        (("N", "Probert"), ("N", "Llewellyn")),
    ],
)
def test_names_of_others_do_not_agree(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Half a name is nothing."""
    assert names(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (date(1988, 3, 4), date(1988, 3, 4), ["birth_same"]),
        (date(1988, 3, 4), date(1988, 4, 3), ["birth_swapped"]),
        (date(1988, 3, 3), date(1988, 3, 3), ["birth_same"]),
        (date(1988, 3, 4), date(1989, 4, 3), []),
        (date(1988, 3, 4), date(1988, 3, 5), []),
        (None, None, []),
        (None, date(1988, 3, 4), []),
    ],
)
def test_birth_dates_agree_also_with_day_and_month_exchanged(
    one: date | None, other: date | None, expected: list[str]
) -> None:
    """The year is the same; a date that is not known agrees with nothing."""
    found = reasons(record("m-1", date_of_birth=one), record("m-2", date_of_birth=other))
    assert found == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("GMC", "0712345"), ("GMC", "0712346"), ["number_near"]),
        (("GMC", "0712345"), ("GMC", "0721345"), ["number_near"]),
        (("NMC", "12A3456B"), ("NMC", "12A3456C"), ["number_near"]),
        (("GMC", "0712345"), ("GDC", "0712345"), ["number_elsewhere"]),
        (("GMC", "0712345"), ("GDC", "0712346"), []),
        (("GMC", "0712345"), ("GMC", "0712399"), []),
        (("GMC", "0712345"), ("GMC", "07123456"), []),
        (("NMC", "12A3456B"), ("NMC", "1213456B"), []),
    ],
)
def test_numbers_agree_when_a_slip_apart(
    one: tuple[str, str], other: tuple[str, str], expected: list[str]
) -> None:
    """One character of the same kind, two exchanged, or the same number with another regulator."""
    assert reasons(record("m-1", one), record("m-2", other)) == expected


def test_any_of_several_registrations_counts_and_the_heaviest_reason_does() -> None:
    """Of one kind of agreement only one is weighed."""
    heavier = replace(POLICY, points=replace(POLICY.points, number_elsewhere=60))
    one = record("m-1", ("GMC", "0712345"), ("GDC", "12345"))
    other = record("m-2", ("GMC", "0712346"), ("PSNI", "12345"))
    assert reasons(one, other, heavier) == ["number_elsewhere"]
    assert compare(one, other, heavier).score == 60
    assert compare(one, other, POLICY).score == 40


def test_what_weighs_nothing_is_no_reason() -> None:
    """A policy can leave a kind of agreement out."""
    light = replace(POLICY, points=replace(POLICY.points, birth_same=0))
    born = {"date_of_birth": date(1988, 3, 4)}
    assert reasons(record("m-1", **born), record("m-2", **born), light) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nia.Probert@gmail.com", "niaprobert@GMAIL.com"),
        ("nia@gmail.com", "nia+faculty@googlemail.com"),
        ("nia@outlook.com", "Nia+2@outlook.com"),
        ("nia@icloud.com", "nia@me.com"),
    ],
)
def test_spellings_of_one_mailbox_agree(one: str, other: str) -> None:
    """Case, tags, dots and second domains, each where the mail service puts them aside."""
    assert reasons(record("m-1", email=one), record("m-2", email=other)) == ["mailbox_same"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nia.probert@outlook.com", "niaprobert@outlook.com"),
        ("nia@hospital.example", "nia+2@hospital.example"),
        ("n.ia@hospital.example", "nia@hospital.example"),
        ("nia@outlook.com", "nia@hotmail.com"),
        ("+a@gmail.com", "+b@gmail.com"),
        ("", ""),
    ],
)
def test_other_mailboxes_do_not_agree(one: str, other: str) -> None:
    """Elsewhere a dot or a plus is part of the name, as far as is known."""
    assert reasons(record("m-1", email=one), record("m-2", email=other)) == []


def test_a_match_names_the_later_record_first() -> None:
    """Ids are in the order of creation."""
    born = {"date_of_birth": date(1988, 3, 4)}
    early, late = record("m-1", **born), record("m-2", **born)
    for match in (compare(early, late, POLICY), compare(late, early, POLICY)):
        assert (match.member_id, match.other_id, match.score) == ("m-2", "m-1", 30)


RECORDS = st.builds(
    lambda given, family, email, born: {
        "given_name": given,
        "family_name": family,
        "email": email,
        "date_of_birth": born,
    },
    given=st.sampled_from(["Nia", "N", "Níá", "Probert", "Ann Mary", "Lloyd-Jones"]),
    family=st.sampled_from(["Probert", "Probart", "Nia", "Lloyd Jones", "N"]),
    email=st.builds("{}@{}".format, LOCALS, DOMAINS),
    born=st.sampled_from([None, date(1988, 3, 4), date(1988, 4, 3), date(1988, 3, 5)]),
)


@given(RECORDS, RECORDS)
def test_a_pair_weighs_the_same_either_way(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Neither the order nor which record is the later one changes reasons or score."""
    there = compare(record("m-1", **one), record("m-2", **other), POLICY)
    back = compare(record("m-2", **other), record("m-1", **one), POLICY)
    assert there == back


@given(RECORDS, RECORDS)
def test_what_agrees_beyond_likeness_of_names_shares_a_block(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """So nobody is missed by looking only at those with the same key."""
    found = set(reasons(first := record("m-1", **one), second := record("m-2", **other)))
    blocks = block_keys(first).items() & block_keys(second).items()
    shared = {name for name, _ in blocks}
    assert "mailbox_same" not in found or "block_email" in shared
    assert not found & {"birth_same", "birth_swapped"} or "block_dob" in shared
    assert not found & {"name_same", "name_swapped"} or "block_name" in shared


@given(NUMBERS, NUMBERS)
def test_to_be_near_is_mutual_and_never_oneself(one: str, other: str) -> None:
    """A slip can be made in either direction."""
    assert one not in near_numbers(one)
    assert (other in near_numbers(one)) == (one in near_numbers(other))


@given(NUMBERS, st.data())
def test_every_slip_is_near(number: str, data: st.DataObject) -> None:
    """Another digit in any place, and any two exchanged."""
    places = st.integers(0, len(number) - 1)
    place = data.draw(places)
    if number[place].isdigit():
        typed = number[:place] + data.draw(st.sampled_from("0123456789")) + number[place + 1 :]
        assert typed == number or typed in near_numbers(number)
    other = data.draw(places)
    characters = list(number)
    characters[place], characters[other] = characters[other], characters[place]
    assert "".join(characters) in {number} | near_numbers(number)


def test_near_keys_are_of_one_regulator_or_of_the_same_number() -> None:
    """Never the registration itself."""
    keys = near_keys([held("GMC", "12")], ["GMC", "GDC"])
    assert keys == {"GDC:12", "GMC:21"} | {f"GMC:{n}2" for n in "023456789"} | {
        f"GMC:1{n}" for n in "013456789"
    }


def faults(policy: Matching) -> list[str]:
    return [path for path, _ in policy.faults()]


def test_the_policy_that_comes_with_the_service_is_sound() -> None:
    """It has a threshold that two kinds of agreement reach and a name alone does not."""
    assert faults(POLICY) == []
    assert POLICY.points.best("name") < POLICY.threshold


def test_a_threshold_is_above_a_name_and_within_reach() -> None:
    """Nobody is proposed for a name that many have; some pair can be proposed."""
    assert faults(replace(POLICY, threshold=POLICY.points.best("name"))) == ["threshold"]
    assert faults(replace(POLICY, threshold=150)) == []
    assert faults(replace(POLICY, threshold=151)) == ["threshold"]


def test_a_domain_is_one_mail_services_and_in_lower_case() -> None:
    """Otherwise it would depend on the order what an address is."""
    twice = MailService(domains=("gmail.com",), source="Invented")
    shouting = MailService(domains=("Mail.example",), source="Invented")
    found = faults(replace(POLICY, mail_services=(*POLICY.mail_services, twice, shouting)))
    assert found == [
        "mail_services.0.domains",
        f"mail_services.{len(POLICY.mail_services)}.domains",
        f"mail_services.{len(POLICY.mail_services) + 1}.domains",
    ]


@given(LOCALS, DOMAINS)
def test_the_form_of_a_mailbox_is_its_own_form(local: str, domain: str) -> None:
    """Nothing is left that would be put aside a second time, a leading plus apart."""
    assume(not local.startswith("+"))
    form = POLICY.mailbox(f"{local}@{domain}")
    assert POLICY.mailbox(form) == form


def test_every_reason_has_its_points() -> None:
    """No reason is forgotten by a policy."""
    assert {reason.value for reason in MatchReason} == set(vars(POLICY.points))
    assert all(POLICY.points.of(reason) > 0 for reason in MatchReason)
