"""Members found by whatever is known of them, a page at a time, each once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.people import name_faults, search_name
from services.membership.domain.search import Search
from services.membership.repository.members import search_keys
from shared.errors import Invalid
from shared.repository import decode_cursor, encode_cursor
from tests.unit.membership.builders import BOOK, REGULATORS, TODAY, applicant
from tests.unit.membership.world import World

LETTERS = st.text("aáÁbßeéÉØøœ\u0131Ł'- ʼ李𠀀", min_size=1, max_size=6).filter(
    lambda name: not name_faults(name)
)


def read(filters: dict[str, str]) -> Search:
    return Search.read(filters, REGULATORS, BOOK, TODAY)


def found(world: World, limit: int = 50, **filters: str) -> list[str]:
    """Ids over all pages, each of which holds no more than the limit."""
    ids: list[str] = []
    cursor = None
    while True:
        page = world.call("find_members", filters=filters, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        ids += [member.member_id for member in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return ids


# Filters


def test_filters_become_stored_fields() -> None:
    """Each filter is compared in the form in which its field is stored."""
    search = read(
        {
            "email": " Sian@Example.ORG",
            "registration_number": "a 1234567",
            "regulator": "gmc",
            "status": "grace",
            "profession": "doctor",
            "nation": "wales",
            "career_stage": "senior",
            "grade": "member",
            "name": " Ó  Néill",
            "due_from": "2026-12-01",
            "due_to": "2026-12-31",
        }
    )
    assert search == Search(
        {
            "email_key": "sian@example.org",
            "regulator": "GMC",
            "status": "grace",
            "profession": "doctor",
            "nation": "wales",
            "career_stage": "senior",
            "grade": "member",
        },
        name="o neill",
        due={"$gte": "20261201", "$lt": "20261231|\U0010ffff"},
        registration_number="A1234567",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pseudonym", "5b0c1a39"),
        ("$where", "1"),
        ("status", "dormant"),
        ("nation", "france"),
        ("career_stage", ""),
        ("profession", "astrologer"),
        ("regulator", "GXC"),
        ("grade", "emperor"),
        ("name", " "),
        ("due_from", "yesterday"),
        ("due_to", "2026-02-30"),
    ],
)
def test_an_unknown_filter_or_value_is_named(name: str, value: str) -> None:
    """What cannot be searched by, or for, is refused by its name, with all others."""
    with pytest.raises(Invalid) as refused:
        read({"email": "a@b.org", name: value})
    assert list(refused.value.fields) == [f"filters.{name}"]
    with pytest.raises(Invalid) as both:
        read({"x": "1", name: value})
    assert list(both.value.fields) == ["filters.x", f"filters.{name}"]


def test_each_filter_finds_whom_it_fits() -> None:
    """And all together only whom they all fit."""
    world = World()
    wanted = world.member(
        given_name="Nia",
        family_name="Rees",
        email="Nia.Rees@example.org",
        profession="pharmacist",
        nation="scotland",
        career_stage="senior",
        regulator="GPhC",
        registration_number="2012345",
    )
    others = [world.member(), world.apply(), world.member(career_stage="trainee")]
    filters = {
        "name": "rees",
        "email": "nia.rees@EXAMPLE.org",
        "registration_number": "20 12345",
        "regulator": "gphc",
        "profession": "pharmacist",
        "nation": "scotland",
        "career_stage": "senior",
    }
    for name, value in filters.items():
        assert found(world, **{name: value}) == [wanted]
    assert found(world, **filters, status="current", grade="member") == [wanted]
    assert found(world, **{**filters, "nation": "wales"}) == []
    assert found(world, status="awaiting_verification") == [others[1]]
    assert sorted(found(world, status="current")) == sorted([wanted, others[0], others[2]])
    assert found(world, grade="trainee") == [others[2]]
    assert sorted(found(world)) == sorted([wanted, *others])


def test_any_registration_finds_its_holder() -> None:
    """Not only the first, with whichever regulator; nobody's finds nobody."""
    world = World()
    number = {"registration_number": "01234"}
    osteopath = world.member(regulator="GOsC", profession="osteopath", **number)
    chiropractor = world.member(regulator="GCC", profession="chiropractor", **number)
    world.call(
        "add_registration", member_id=osteopath, regulator="NMC", registration_number="09I1234E"
    )
    assert sorted(found(world, **number)) == sorted([osteopath, chiropractor])
    assert found(world, **number, regulator="GCC") == [chiropractor]
    assert found(world, registration_number="09i1234e") == [osteopath]
    assert found(world, registration_number="9999999") == []


def test_the_status_found_by_is_the_one_last_told() -> None:
    """As the day passes, the clock keeps it up to date."""
    world = World()
    member_id = world.member()
    for day, status in (
        (date(2027, 9, 24), "due"),
        (date(2027, 11, 23), "grace"),
        (date(2027, 12, 23), "lapsed"),
    ):
        world.go_to(day)
        world.app.tick_now()
        assert found(world, status=status) == [member_id]
    world.call("record_death", member_id=member_id, died_on=world.today)
    assert found(world, status="deceased") == [member_id]
    assert found(world, status="lapsed") == []


def test_those_whose_cover_ends_are_found_in_the_order_of_its_end() -> None:
    """Between two days, both included; without end or cover nobody is."""
    world = World()
    ids = []
    for n in (3, 1, 2, 1):
        world.go_to(TODAY + timedelta(days=n))
        ids.append(world.member())
    world.apply()
    last = date(2027, 11, 22)
    first, second, third = (last + timedelta(days=n) for n in (1, 2, 3))
    ordered = [ids[1], ids[3], ids[2], ids[0]]

    def due(**bounds: date) -> list[str]:
        return found(world, 1, **{name: day.isoformat() for name, day in bounds.items()})

    assert due(due_from=first, due_to=third) == ordered
    assert due(due_from=first) == due(due_to=third) == ordered
    assert due(due_from=second, due_to=second) == [ids[2]]
    assert due(due_from=second) == [ids[2], ids[0]]
    assert due(due_to=first) == [ids[1], ids[3]]
    assert due(due_from=third, due_to=first) == []
    assert due(due_to=last) == []


def test_due_days_and_a_name_go_together() -> None:
    """In the order of names."""
    world = World()
    early = world.member(family_name="Rees", given_name="Zoe")
    world.clock.advance(days=5)
    late = world.member(family_name="Rees", given_name="Ann")
    assert found(world, name="rees", due_from="2027-11-01") == [late, early]
    assert found(world, name="rees", due_to="2027-11-22") == [early]


# Names


@pytest.mark.parametrize(
    "searched",
    ["oneill", "O'NEILL", "o'n", "O'Néill-Jones Sian", "sia", "SIÂN O'NEILL", "sian  o'neill"],
)
def test_a_name_is_found_by_its_beginning(searched: str) -> None:
    """Family or given name first, without regard to case, accents and spaces."""
    world = World()
    member_id = world.member(given_name="Siân", family_name="O'Néill-Jones")
    world.member(given_name="Mair", family_name="Jones-O'Neill")
    expected = [] if searched == "oneill" else [member_id]
    assert found(world, name=searched) == expected


@pytest.mark.parametrize(
    ("given", "family", "searched"),
    [
        ("Łukasz", "Żółć", "zolc lukasz"),
        ("Bjørn", "Sæther", "SAETHER"),
        ("Jürgen", "Strauß", "strauss"),
        ("İpek", "Iş\u0131k", "isik ipek"),
        ("明", "李", "李"),
        ("明", "李𠀀", "李"),
        ("Σίσυφος", "Παπάς", "παπας"),
        ("Anna", "Nguyễn", "NGUYEN"),
    ],
)
def test_names_of_all_scripts_are_found(given: str, family: str, searched: str) -> None:
    """By the letters without their marks, as registers spell them."""
    world = World()
    member_id = world.member(given_name=given, family_name=family)
    assert found(world, name=searched) == [member_id]
    assert found(world, name=family) == [member_id]
    assert found(world, name=given) == [member_id]


def test_family_names_come_before_given_names() -> None:
    """Each in its order, and who fits both comes once, with the family names."""
    world = World()
    given = [world.member(given_name="James", family_name=name) for name in ("Young", "Abel")]
    family = [world.member(given_name=name, family_name="James") for name in ("Zoe", "Ann")]
    both = world.member(given_name="James", family_name="Jameson")
    expected = [family[1], family[0], both, given[1], given[0]]
    for limit in (1, 2, 3, 5, 50):
        assert found(world, limit, name="james") == expected


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=8),
    st.integers(0, 7),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_a_search_by_name_finds_all_it_fits_once(
    names: list[tuple[str, str]], which: int, length: int, limit: int
) -> None:
    """Compared with looking at everybody, for any beginning and any size of page."""
    world = World()
    people = {
        world.apply(given_name=given, family_name=family): (given, family)
        for given, family in names
    }
    searched = search_name(*names[which % len(names)][::-1])[:length].strip()
    if not searched:
        return
    expected = {
        id
        for id, (given, family) in people.items()
        if search_name(family, given).startswith(searched)
        or search_name(given, family).startswith(searched)
    }
    ids = found(world, limit, name=searched)
    assert len(ids) == len(set(ids))
    assert set(ids) == expected


def test_a_change_of_name_is_found_at_once() -> None:
    """By the new one, and no more by the old."""
    world = World()
    member_id = world.member(family_name="Rees")
    world.call("change_contact", member_id=member_id, family_name="Powell")
    assert found(world, name="powell") == [member_id]
    assert found(world, name="rees") == []


# Pages


@pytest.mark.parametrize(
    "filters", [{}, {"nation": "wales"}, {"name": "planted"}, {"due_to": "2030-01-01"}]
)
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_follow_one_another_without_loss_or_repetition(
    filters: dict[str, str], limit: int
) -> None:
    """In any size, in the same order."""
    world = World()
    ids = [world.member() for _ in range(7)]
    assert found(world, limit, **filters) == found(world, **filters)
    assert sorted(found(world, limit, **filters)) == sorted(ids)


@pytest.mark.parametrize("filters", [{}, {"status": "current"}, {"name": "planted"}])
def test_who_joins_or_changes_while_pages_are_read_costs_nobody_else_their_place(
    filters: dict[str, str],
) -> None:
    """Everybody who was there all the time comes once."""
    world = World()
    ids = [world.member() for _ in range(6)]
    seen: list[str] = []
    cursor = None
    while True:
        page = world.call("find_members", filters=filters, cursor=cursor, limit=2)
        seen += [member.member_id for member in page.items]
        world.member()
        world.call("change_contact", member_id=ids[0], given_name=f"Mair {'x' * len(seen)}")
        cursor = page.next_cursor
        if cursor is None or len(seen) > 40:
            break
    assert [id for id in seen if id in ids[1:]] == ids[1:]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("limit", [0, 201])
def test_a_page_has_a_size(limit: int) -> None:
    """A page is of 1 to 200 members."""
    with pytest.raises(Invalid) as refused:
        World().call("find_members", limit=limit)
    assert list(refused.value.fields) == ["limit"]


@pytest.mark.parametrize("cursor", ["?", "x", encode_cursor("0:?"), encode_cursor("²:"), "²"])
def test_a_cursor_that_is_none_is_refused_or_begins_anew(cursor: str) -> None:
    """Whatever a caller makes up, it is never an internal error."""
    world = World()
    world.member()
    try:
        page = world.call("find_members", cursor=cursor)
    except Invalid as refused:
        assert list(refused.fields) == ["cursor"]
    else:
        assert len(page.items) == 1


def test_a_cursor_tells_no_name() -> None:
    """Not in plain text; it is of use only to go on."""
    world = World()
    for _ in range(2):
        world.member()
    cursor = world.call("find_members", filters={"name": "planted"}, limit=1).next_cursor
    assert "planted" not in cursor
    assert decode_cursor(cursor).startswith("0:")


# What is kept for searching


def test_keys_that_do_not_apply_are_left_out() -> None:
    """An applicant is due at no time; without registration there is no regulator."""
    member = applicant(career_stage="student", regulator=None, registration_number=None)
    keys = search_keys(member)
    assert {"due_key", "tick_key", "regulator", "review_key"} & set(keys) == set()
    assert keys["name_key"] == "planted-surname sian|m-1"
    assert keys["given_key"] == "sian planted-surname|m-1"
    assert keys["email_key"] == "sian.planted@example.org"
    assert (keys["status"], search_keys(applicant())["regulator"]) == ("applicant", "GMC")


def test_a_merged_record_frees_its_address() -> None:
    """For the record that it was merged into."""
    assert "email_key" not in search_keys(replace(applicant(), merged_on=TODAY))


def test_keys_repeat_what_is_told() -> None:
    """When to look again, when cover ends and that a review is open."""
    world = World()
    member_id = world.member()
    stored = world.document("members", member_id)
    assert stored is not None
    assert stored["tick_key"] == f"20270924|{member_id}"
    assert stored["due_key"] == f"20271122|{member_id}"
    assert "review_key" not in stored
    world.register(member_id, "warning")
    assert world.document("members", member_id)["review_key"] == member_id  # type: ignore[index]
