"""What is not known is named, with what was probably meant."""

from hypothesis import given
from hypothesis import strategies as st

from shared.names import nearest, readable, unknown

METHODS = ("find_members", "find_parked", "get_member", "tick")


def test_names_that_are_spelt_alike_come_first() -> None:
    """Also when the name is but a part of the known one."""
    assert nearest("find_membrs", METHODS)[0] == "find_members"
    assert nearest("member.admitted", ["faculty.membership.member.admitted", "x"]) == [
        "faculty.membership.member.admitted"
    ]
    assert nearest("parked", METHODS) == ["find_parked"]
    assert nearest("quite_other", METHODS) == []


def test_the_sentence_lists_all_where_none_is_alike() -> None:
    """So that whoever reads it can go on; where there is none it says so."""
    assert unknown("role", "stafff", ["ops", "staff"]) == (
        "There is no role stafff. Did you mean staff?"
    )
    refusal = unknown("role", "zzz", ["staff", "ops"])
    assert refusal == "There is no role zzz. There are: ops, staff."
    assert unknown("queue", "zzz", []) == "There is no queue zzz."


@given(st.text(max_size=5_000), st.lists(st.text(max_size=50), max_size=20))
def test_any_name_is_answered_shortly(name: str, known: list[str]) -> None:
    """However long it is; only known names are proposed."""
    meant = nearest(name, known)
    assert set(meant) <= set(known)
    assert len(meant) <= 3
    assert len(unknown("thing", name, known)) < 1_500


def test_a_class_is_called_by_its_words() -> None:
    """However many it is made of."""
    names = {"Cohort": "cohort", "OfferRound": "offer round", "HostRankingV2": "host ranking v2"}
    assert {name: readable(name) for name in names} == names
