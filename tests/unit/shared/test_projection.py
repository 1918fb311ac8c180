"""What others tell, in whatever order, and what is erased for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Conflict
from shared.testing import FakeProjection


def test_a_facet_takes_newer_values_only() -> None:
    """Older ones and the same again are passed over."""
    projection = FakeProjection()
    assert projection.put("m", "contact", 2, {"email": "b"})
    assert not projection.put("m", "contact", 1, {"email": "a"})
    assert not projection.put("m", "contact", 2, {"email": "c"})
    assert projection.put("m", "standing", 1, {"status": "current"})
    assert projection.get("m") == {"contact": {"email": "b"}, "standing": {"status": "current"}}


@pytest.mark.parametrize("known", [True, False])
def test_what_was_erased_takes_nothing_any_more(known: bool) -> None:
    """Whatever the facet and however new: also of one that was not known yet."""
    projection = FakeProjection()
    if known:
        projection.put("m", "contact", 1, {"email": "planted"})
    projection.erase("m")
    for facet, sequence in (("contact", 1), ("contact", 99), ("consent", 1)):
        assert not projection.put("m", facet, sequence, {"email": "planted"})
    assert (projection.erased("m"), projection.get("m")) == (True, {})
    assert "planted" not in str(list(projection.documents.find({})))


def test_many_are_read_together() -> None:
    """Each once, with what is known of it; who was never heard of is not there."""
    projection = FakeProjection()
    ids = [f"m-{number:04}" for number in range(1_001)]
    for id in ids:
        projection.put(id, "contact", 1, {"email": id})
    projection.erase(ids[0])
    found = projection.many([*ids, ids[1], "never"])
    assert (len(found), found[ids[0]]) == (1_001, {})
    assert all(found[id] == projection.get(id) for id in ids[1:])
    assert projection.many([]) == {}


def test_erasing_one_leaves_the_others() -> None:
    """And who was never heard of was not erased."""
    projection = FakeProjection()
    projection.put("other", "contact", 1, {"email": "b"})
    projection.erase("m")
    projection.erase("m")
    assert projection.get("other") == {"contact": {"email": "b"}}
    assert not projection.erased("other")
    assert not projection.erased("never")


@given(st.permutations([*range(1, 6), 0]))
def test_erased_at_any_point_nothing_is_known_in_the_end(order: list[int]) -> None:
    """Zero stands for the erasure among events in any order."""
    projection = FakeProjection()
    for sequence in order:
        if sequence == 0:
            projection.erase("m")
        else:
            projection.put("m", "contact", sequence, {"n": sequence})
    assert projection.get("m") == {}


def test_an_erasure_that_always_comes_second_is_a_conflict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a bounded number of tries."""
    projection = FakeProjection()
    monkeypatch.setattr(projection, "_write", lambda *_: False)
    with pytest.raises(Conflict):
        projection.erase("m")
