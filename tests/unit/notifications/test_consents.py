"""What notifications knows of consent: the newest word for each purpose and channel."""

from itertools import permutations

import pytest

from services.notifications import handlers
from services.notifications.subscriptions import ConsentChanged
from tests.unit.notifications.fakes import MEMBER, FakePostroom, handling, meta

TOLD = (
    (3, ConsentChanged(MEMBER, "newsletter", "email", True)),
    (4, ConsentChanged(MEMBER, "newsletter", "post", True)),
    (5, ConsentChanged(MEMBER, "newsletter", "email", False)),
    (6, ConsentChanged(MEMBER, "events", "email", True)),
)


@pytest.fixture
def fake() -> FakePostroom:
    return FakePostroom()


def tell(fake: FakePostroom, sequence: int, event: ConsentChanged) -> None:
    with handling(f"consent-{sequence}"):
        envelope = meta(f"consent-{sequence}", "consent.changed", sequence)
        handlers.remember_consent(event, envelope, postroom=fake.postroom)


@pytest.mark.parametrize("order", list(permutations(TOLD)))
def test_the_newest_counts_in_whatever_order_it_comes(
    fake: FakePostroom, order: tuple[tuple[int, ConsentChanged], ...]
) -> None:
    """Each purpose and channel on its own, and a repetition changes nothing."""
    for sequence, event in (*order, *order):
        tell(fake, sequence, event)
    given = fake.postroom.consents.given
    assert not given(MEMBER, "newsletter", "email")
    assert given(MEMBER, "newsletter", "post")
    assert given(MEMBER, "events", "email")


def test_where_nothing_is_known_there_is_no_consent(fake: FakePostroom) -> None:
    """Neither for another member, nor for another purpose or channel."""
    tell(fake, *TOLD[0])
    given = fake.postroom.consents.given
    assert given(MEMBER, "newsletter", "email")
    assert not given("another", "newsletter", "email")
    assert not given(MEMBER, "events", "email")
    assert not given(MEMBER, "newsletter", "sms")
