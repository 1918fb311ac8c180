"""The demonstration fails with a sentence when anything is not as it must be."""

import json

import pytest

from clients.demo.expectations import disappointments
from tests.unit.clients.demo_account import event, hidden, journey, mailbox, outsider, shown


@pytest.fixture
def told(tmp_path):
    """What is said of a journey whose account, events or mail were changed as told."""

    def tell(*, change=lambda account: None, more_events=(), lost_mail=False):
        account = journey()
        seen, mail = outsider(tmp_path, account), mailbox(tmp_path, account)
        change(account)
        with (tmp_path / "outsider.jsonl").open("a") as file:
            file.writelines(json.dumps(each) + "\n" for each in more_events)
        if lost_mail:
            (tmp_path / "mail" / "index.jsonl").write_text("")
        return disappointments(account, seen, mail)

    return tell


def test_a_good_journey_disappoints_nobody(told):
    """Nothing is said when all is as it must be."""
    assert told() == []


def test_lost_and_repeated_mail_is_told(told):
    """Who got no letter is counted."""
    assert told(lost_mail=True) == [
        "2 without a welcome.",
        "0 acknowledgements are not one for each application.",
    ]


def test_an_event_told_twice_under_another_id_is_told(told):
    """A repeated delivery has the same id; the same news under another is a fault."""
    again = event("member.admitted", "id-1")
    again["headers"]["ce-id"] = "another"
    assert told(more_events=[again]) == ["1 more than once with member.admitted."]


@pytest.mark.parametrize(
    "fact", [{"email": "a@b.example.org"}, {"who": ["family_name of 1"]}, {"no": {"x": "a@b"}}]
)
def test_an_event_that_says_who_a_person_is_is_told(told, fact):
    """However deep in the event it is."""
    (sentence,) = told(more_events=[event("other.told", "id-1", **fact)])
    assert sentence == "1 public events say who or where a person is."


def _change(**values):
    def change(account):
        for name, value in values.items():
            setattr(account, name, value)

    return change


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (_change(admitted=1), "admitted"),
        (_change(refused_application=""), "no member"),
        (_change(shortlisted=0), "application.shortlisted"),
        (lambda account: account.not_admitted.popitem(), "Refused registrations"),
    ],
)
def test_other_numbers_of_people_are_told(told, change, word):
    """Each number that differs is a sentence."""
    assert any(word in sentence for sentence in told(change=change))


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ((hidden(), shown(), hidden(), hidden()), "did not flag"),
        (({**shown(), "outside_range": False}, hidden()), "did not flag"),
        ((shown(), shown()), "No indicator was suppressed"),
        ((shown(), {**hidden(), "relative_likelihood": 1.0}), "shows a figure"),
    ],
)
def test_what_the_monitor_shows_wrongly_is_told(told, answers, word):
    """A disparity must be flagged and small numbers must not be shown."""

    def change(account):
        account.indicators = [(None, answer) for answer in answers]

    (sentence,) = told(change=change)
    assert word in sentence


def _note(position, name, value):
    return lambda account: account.schemes.seasons[position].notes.update({name: value})


def _count(position, name, number):
    return lambda account: account.schemes.seasons[position].counts.update({name: number})


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (_count(0, "applied", 1), "applied to the schemes"),
        (_count(0, "offers_accepted", 12), "accepted for 12 posts"),
        (_count(1, "blocking", 1), "does not stand up"),
        (_note(1, "reproduced", "no"), "does not stand up"),
        (_count(2, "completed", 1), "not everybody"),
        (_note(2, "verified", "not valid"), "certificate is not valid"),
        (_note(0, "findings", "fairness_missing"), "figures did not come"),
        (_note(2, "late", ""), "too late was taken"),
        (_note(1, "ranks_as_scores", ""), "ranks was taken"),
        (lambda account: account.schemes.board.update(after="on the board"), "vacancy"),
    ],
)
def test_what_goes_wrong_in_the_year_of_schemes_is_told(told, change, word):
    """Posts over-full, proofs that fail, mistakes that were not refused."""
    assert any(word in sentence for sentence in told(change=change))
