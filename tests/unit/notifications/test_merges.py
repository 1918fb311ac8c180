"""Members who turn out to be one person are reached at one address, as long as that is so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications import handlers
from services.notifications.domain import State
from services.notifications.errors import MailDeferred
from services.notifications.subscriptions import (
    ContactChanged,
    MemberAdmitted,
    MemberErased,
    MemberMerged,
    MemberUnmerged,
)
from tests.unit.notifications.fakes import FakePostroom, handling, meta

Told = ContactChanged | MemberMerged | MemberUnmerged

# What membership tells of three people, each with numbers of their own.
STORY: list[tuple[int, Told]] = [
    (1, ContactChanged("m-1", "Nia", "Probert", "m-1@example.org")),
    (1, ContactChanged("m-2", "Una", "Probert", "m-2@example.org")),
    (1, ContactChanged("m-3", "Owen", "Probert", "m-3@example.org")),
    (2, MemberMerged("m-1", "m-2")),
    (2, MemberMerged("m-2", "m-3")),
    (3, MemberUnmerged("m-2")),
    (3, MemberUnmerged("m-1")),
]
# After so many of these: where each of the three is reached.
REACHED = {3: "123", 4: "223", 5: "333", 6: "223", 7: "123"}


@pytest.fixture
def fake() -> FakePostroom:
    return FakePostroom()


def tell(fake: FakePostroom, sequence: int, event: Told) -> None:
    envelope = meta(f"{event}-{sequence}", "any", sequence)
    with handling(f"0193b7a0-0000-7000-8000-{abs(hash((event, sequence))) % 10**12:012d}"):
        if isinstance(event, ContactChanged):
            handlers.remember_contact(event, envelope, postroom=fake.postroom)
        else:
            handlers.remember_merge(event, envelope, postroom=fake.postroom)


def welcome(fake: FakePostroom, member_id: str) -> None:
    event = MemberAdmitted(member_id, "member", "doctor", date(2026, 11, 4))
    event_id = f"0193b7a0-7777-7b21-9c0e-00000000000{member_id[-1]}"
    with handling(event_id):
        handlers.welcome(event, meta(event_id, "member.admitted"), postroom=fake.postroom)


def addresses(fake: FakePostroom) -> list[str]:
    return [email.to_address for email in fake.mailer.accepted]


@given(st.sampled_from(sorted(REACHED)), st.data())
def test_a_message_goes_to_who_stands_for_the_member(told: int, data: st.DataObject) -> None:
    """Through chains and after they were taken apart, in any order and however often told."""
    story = STORY[:told]
    repeats = data.draw(st.lists(st.sampled_from(story), max_size=5))
    fake = FakePostroom()
    for sequence, event in data.draw(st.permutations(story + repeats)):
        tell(fake, sequence, event)
    for number in "123":
        welcome(fake, f"m-{number}")
    assert addresses(fake) == [f"m-{number}@example.org" for number in REACHED[told]]


def test_names_are_those_of_who_is_written_to(fake: FakePostroom) -> None:
    """Nobody reads another person's name above their own letter."""
    for sequence, event in STORY[:4]:
        tell(fake, sequence, event)
    welcome(fake, "m-1")
    (email,) = fake.mailer.accepted
    assert email.to_name == "Una Probert"
    assert "Una" in email.text and "Nia" not in email.text


def test_a_message_waits_until_who_stands_for_the_member_is_known(fake: FakePostroom) -> None:
    """It does not go to an address that was given up meanwhile."""
    tell(fake, *STORY[0])
    tell(fake, 2, MemberMerged("m-1", "m-2"))
    welcome(fake, "m-1")
    assert addresses(fake) == []
    tell(fake, *STORY[1])
    fake.clock.advance(minutes=5)
    assert handlers.sweep(postroom=fake.postroom) == 1
    assert addresses(fake) == ["m-2@example.org"]


def test_a_message_waits_while_merges_go_in_a_circle(fake: FakePostroom) -> None:
    """The end of one of them is on its way."""
    for sequence, event in STORY[:4]:
        tell(fake, sequence, event)
    tell(fake, 4, MemberMerged("m-2", "m-1"))
    welcome(fake, "m-1")
    assert addresses(fake) == []
    tell(fake, 3, MemberUnmerged("m-1"))
    fake.clock.advance(minutes=5)
    handlers.sweep(postroom=fake.postroom)
    assert addresses(fake) == ["m-1@example.org"]


def test_nothing_is_sent_twice_when_a_merge_comes_between(fake: FakePostroom) -> None:
    """Neither what was sent before nor a message that is tried again elsewhere."""
    for sequence, event in STORY[:3]:
        tell(fake, sequence, event)
    welcome(fake, "m-1")
    fake.mailer.errors = [MailDeferred(450)]
    welcome(fake, "m-2")
    tell(fake, 2, MemberMerged("m-1", "m-3"))
    tell(fake, 2, MemberMerged("m-2", "m-3"))
    for _ in range(3):
        welcome(fake, "m-1")
        welcome(fake, "m-2")
        fake.clock.advance(hours=1)
        handlers.sweep(postroom=fake.postroom)
    assert addresses(fake) == ["m-1@example.org", "m-3@example.org"]
    states = [message.state for message in fake.postroom.messages.scan({})]
    assert states == [State.SENT, State.SENT]


def test_a_member_who_was_forgotten_gets_nothing_elsewhere(fake: FakePostroom) -> None:
    """Their messages do not go to whom they were merged into."""
    for sequence, event in STORY[:4]:
        tell(fake, sequence, event)
    with handling("0193b7a0-1111-7b21-9c0e-2f6f0c9d1a11"):
        erased = MemberErased("r-1", "m-1", date(2026, 11, 5))
        handlers.forget_member(erased, postroom=fake.postroom)
    welcome(fake, "m-1")
    assert addresses(fake) == []
