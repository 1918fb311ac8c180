"""How members came to sessions, told without saying who."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.travel import Leg, TravelMode, metres_of, together
from services.programmes.errors import NotAttended
from services.programmes.events import TravelDeclared, TravelWithdrawn
from services.programmes.subscriptions import MemberErased, MemberMerged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.school import School
from tests.unit.programmes.world import cut_at_every_write

LEGS = [
    {"mode": "national_rail", "km": 120},
    {"mode": "national_rail", "km": 120},
    {"mode": "average_car", "km": 10, "passengers": 3},
]
METRES = {"national_rail": 240_000, "average_car": 3_333}
LEG = st.builds(
    Leg,
    mode=st.sampled_from(TravelMode),
    km=st.integers(1, 40_000),
    passengers=st.integers(1, 9),
)


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def declare(school: School, session_id: str, member_id: str, **changes: Any) -> Any:
    arguments = {"session_id": session_id, "member_id": member_id, "legs": LEGS, **changes}
    return school.call("declare_travel", by=member_id, **arguments)


def test_what_is_told_does_not_say_who_came(school: School) -> None:
    """Neither in the event nor in its subject, and nothing of what is kept beside it is told."""
    session_id, member_id = school.session(), school.member()
    school.attend(session_id, member_id)
    view = declare(school, session_id, member_id, nights=2, london=True)
    assert (view.metres, view.nights, view.london) == (METRES, 2, True)
    [document] = school.database["travel"].find({})
    assert member_id not in json.dumps(document["outbox"], default=str)
    assert member_id not in document["_id"]
    assert session_id not in document["_id"]
    [told] = school.events(TravelDeclared)
    assert (told.declaration_id, told.session_id) == (document["_id"], session_id)
    assert (told.metres, told.nights, told.london) == (METRES, 2, True)


def test_a_later_declaration_takes_the_place_of_the_earlier(school: School) -> None:
    """Under the same id, with a higher sequence; the same again is not told again."""
    session_id, member_id = school.session(), school.member()
    school.attend(session_id, member_id)
    declare(school, session_id, member_id)
    coach = [{"mode": "coach", "km": 5}]
    for _ in range(2):
        declare(school, session_id, member_id, legs=coach)
    arguments = {"session_id": session_id, "member_id": member_id}
    for _ in range(2):
        assert school.call("withdraw_travel", **arguments).withdrawn
    declare(school, session_id, member_id, legs=[])
    events = [e for e in school.events() if isinstance(e, TravelDeclared | TravelWithdrawn)]
    assert [getattr(event, "metres", None) for event in events] == [
        METRES,
        {"coach": 5_000},
        None,
        {},
    ]
    assert len({event.declaration_id for event in events}) == 1
    [document] = school.database["travel"].find({})
    assert [each["sequence"] for each in document["outbox"]] == [1, 2, 3, 4]
    assert not school.call("get_travel", **arguments).withdrawn


def test_who_was_there_in_person_declares(school: School) -> None:
    """Not who took part online, and not who is not on record."""
    session_id, online, absent = school.session(), school.member(), school.member()
    school.attend(session_id, online, way="online")
    for member_id in (online, absent):
        with pytest.raises(NotAttended):
            declare(school, session_id, member_id)
        with pytest.raises(NotFound):
            school.call("get_travel", session_id=session_id, member_id=member_id)
        with pytest.raises(NotFound):
            school.call("withdraw_travel", session_id=session_id, member_id=member_id)
    with pytest.raises(NotFound):
        declare(school, "nowhere", absent)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"legs": [{"mode": "bicycle", "km": 5}]}, "legs.0.mode"),
        ({"legs": [{"mode": "coach", "km": 0}]}, "legs.0.km"),
        ({"legs": [{"mode": "coach", "km": 40_001}]}, "legs.0.km"),
        ({"legs": [{"mode": "coach", "km": 5, "passengers": 2}]}, "legs.0.passengers"),
        ({"london": True}, "london"),
        ({"nights": 32}, "nights"),
    ],
)
def test_travel_that_cannot_be_is_refused_by_field(
    school: School, changes: dict[str, Any], field: str
) -> None:
    """Nothing is kept or told."""
    session_id, member_id = school.session(), school.member()
    school.attend(session_id, member_id)
    with pytest.raises(Invalid) as refused:
        declare(school, session_id, member_id, **changes)
    assert list(refused.value.fields) == [field]
    assert not list(school.database["travel"].find({}))


def test_a_session_s_travel_is_summed_up(school: School) -> None:
    """With how many declared of how many came, and the minutes of those at home."""
    session_id = school.session()
    first, second, third, online = (school.member() for _ in range(4))
    school.attend(session_id, first, second, third)
    school.attend(session_id, online, way="online")
    declare(school, session_id, first, nights=1)
    declare(school, session_id, second, nights=2, london=True)
    declare(school, session_id, third)
    school.call("withdraw_travel", session_id=session_id, member_id=third)
    view = school.call("get_session_travel", session_id=session_id)
    assert view.metres == {"national_rail": 480_000, "average_car": 6_666}
    assert (view.nights, view.nights_in_london) == (3, 2)
    assert (view.declared, view.in_person) == (2, 3)
    assert (view.online, view.online_minutes) == (1, 210)


def test_a_merged_member_s_declaration_is_the_other_s_too(school: School) -> None:
    """It is found, changed and withdrawn by who stands for them now."""
    session_id, member_id, kept = school.session(), school.member(), school.member()
    school.attend(session_id, member_id)
    declare(school, session_id, member_id)
    school.tell(MemberMerged(member_id, kept))
    declare(school, session_id, kept, legs=[])
    assert school.call("get_travel", session_id=session_id, member_id=kept).metres == {}
    assert len(list(school.database["travel"].find({}))) == 1


def test_of_who_is_forgotten_only_the_distances_stay(school: School) -> None:
    """They count on, and nothing leads to the person any more."""
    session_id, member_id = school.session(), school.member()
    school.attend(session_id, member_id)
    declare(school, session_id, member_id)
    school.tell(MemberErased("r-1", member_id))
    [document] = school.database["travel"].find({}, {"inbox": 0})
    assert member_id not in json.dumps(document, default=str)
    assert school.call("get_session_travel", session_id=session_id).metres == METRES


def test_a_declaration_that_breaks_off_is_completed_by_the_same_call() -> None:
    """It is made and told of once."""

    def prepare() -> School:
        school = School()
        school.there = school.session()  # type: ignore[attr-defined]
        school.attend(school.there, school.member("m1"))  # type: ignore[attr-defined]
        return school

    def act(school: School) -> None:
        declare(school, school.there, "m1", message="m")  # type: ignore[attr-defined]

    for school in cut_at_every_write(act, prepare):
        assert len(school.events(TravelDeclared)) == 1


@given(st.lists(LEG))
def test_shares_add_up_to_the_nearest_metre(legs: list[Leg]) -> None:
    """Each means of travel is rounded once, and declarations are summed exactly."""
    metres = metres_of(legs)
    for mode in TravelMode:
        exact = sum(leg.km * 1_000 / leg.passengers for leg in legs if leg.mode is mode)
        assert metres.get(mode.value, 0) == pytest.approx(exact, abs=0.51)
    assert together([metres, metres]) == {mode: 2 * far for mode, far in metres.items()}
