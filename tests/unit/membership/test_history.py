"""Who changed what of a member, when and why: every write, with the values before and after."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from shared.errors import ChangedMeanwhile, Invalid, NotFound
from tests.unit.membership.builders import TODAY
from tests.unit.membership.world import World

ONE_DAY = timedelta(days=1)


def history(world: World, member_id: str, limit: int = 50) -> list[Any]:
    """Newest first, over all pages."""
    return world.pages("get_history", member_id=member_id, limit=limit)


def changed(entry: Any) -> dict[str, tuple[Any, Any]]:
    """Each field's value before and after."""

    def value(text: str | None) -> Any:
        return None if text is None else json.loads(text)

    return {each.field: (value(each.before), value(each.after)) for each in entry.changes}


def test_every_write_is_told_with_who_when_why_and_what() -> None:
    """Newest first, from the application on."""
    world = World()
    member_id = world.apply(family_name="Rees")
    world.clock.advance(hours=1)
    world.verify(member_id)
    world.clock.advance(days=1)
    world.call("admit", by="ann", member_id=member_id)
    at = world.clock.now
    world.clock.advance(days=1)
    world.call(
        "change_grade", by="bob", member_id=member_id, grade="associate", reason="Asked for it."
    )
    world.call("change_contact", by=member_id, member_id=member_id, family_name="Powell")
    contact, grade, admission, verification, application = history(world, member_id)
    assert [entry.action for entry in (contact, grade, admission, verification, application)] == [
        "change_contact",
        "change_grade",
        "admit",
        "verify_registration",
        "apply",
    ]
    assert (contact.by, contact.reason, changed(contact)["family_name"]) == (
        member_id,
        "",
        ("Rees", "Powell"),
    )
    assert (grade.by, grade.reason) == ("bob", "Asked for it.")
    assert changed(grade)["grade"] == ("member", "associate")
    assert (admission.by, admission.at, changed(admission)["admitted_on"]) == (
        "ann",
        at,
        (None, (TODAY + ONE_DAY).isoformat()),
    )
    assert changed(admission)["application"] == ("received", "admitted")
    assert changed(application) == {}  # all of it was new
    assert all(
        (e.record, e.record_id, e.erased) == ("member", member_id, False)
        for e in history(world, member_id)
    )


def test_of_what_grew_only_the_addition_is_told() -> None:
    """A payment does not repeat the account."""
    world = World()
    member_id = world.member()
    world.pay(member_id, 100)
    [change] = [c for c in history(world, member_id)[0].changes if c.field == "account"]
    assert (change.before, change.added) == (None, True)
    [posting] = json.loads(change.after or "")
    assert posting["pence"] == 100


def test_versions_and_times_follow_one_another() -> None:
    """Each write has the version that it made; the last is the member's own."""
    world = World()
    member_id = world.member()
    for n in range(5):
        world.clock.advance(minutes=n)
        world.call("change_contact", member_id=member_id, given_name=f"Mair {'x' * n}")
    entries = history(world, member_id)
    versions = [entry.version for entry in entries]
    assert versions == sorted(versions, reverse=True)
    assert len(set(versions)) == len(versions)
    assert versions[0] == world.call("get_member", member_id=member_id).version
    assert [entry.at for entry in entries] == sorted((e.at for e in entries), reverse=True)


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 200])
def test_pages_of_history_lose_and_repeat_nothing(limit: int) -> None:
    """Though all of it happened at one instant, and more is added meanwhile."""
    world = World()
    member_id = world.member()
    for n in range(5):
        world.call("change_contact", member_id=member_id, given_name=f"Mair {'x' * n}")
    whole = history(world, member_id)
    assert history(world, member_id, limit) == whole
    first = world.call("get_history", member_id=member_id, limit=2)
    world.call("change_contact", member_id=member_id, given_name="Later")
    rest, cursor = [], first.next_cursor
    while cursor is not None:
        page = world.call("get_history", member_id=member_id, limit=2, cursor=cursor)
        rest += page.items
        cursor = page.next_cursor
    assert [*first.items, *rest] == whole


def test_times_within_a_second_are_in_order() -> None:
    """With and without fractions."""
    world = World()
    member_id = world.member()
    for milliseconds in (500, 500, 1, 999):
        world.clock.advance(milliseconds=milliseconds)
        world.call("change_contact", member_id=member_id, given_name=f"M{'a' * milliseconds}"[:90])
        world.call("change_contact", member_id=member_id, family_name=f"M{milliseconds}")
    entries = history(world, member_id)
    assert entries == sorted(entries, key=lambda e: (e.at, e.version), reverse=True)


def test_when_two_changed_the_same_member_both_are_told() -> None:
    """One after the other with what each found, however close they were."""
    world = World()
    member_id = world.member(family_name="Rees")
    other = world.another()
    documents = world.database["members"]
    replace_one = documents.replace_one

    def overtaken(*arguments: Any, **options: Any) -> Any:
        documents.replace_one = replace_one
        other.call("change_contact", by="bob", member_id=member_id, email="new@example.org")
        return replace_one(*arguments, **options)

    documents.replace_one = overtaken
    view = world.call("change_contact", by="ann", member_id=member_id, family_name="Powell")
    assert (view.family_name, view.email) == ("Powell", "new@example.org")
    ann, bob = history(world, member_id)[:2]
    assert (ann.by, changed(ann)) == ("ann", {"family_name": ("Rees", "Powell")})
    assert (bob.by, set(changed(bob))) == ("bob", {"email"})
    assert ann.version > bob.version


def test_of_two_who_read_the_same_version_one_is_told_to_read_again() -> None:
    """And only the other's change is in the history."""
    world = World()
    member_id = world.member(family_name="Rees")
    read = world.call("get_member", member_id=member_id).version
    world.call("change_contact", by="bob", member_id=member_id, family_name="Bob's", version=read)
    with pytest.raises(ChangedMeanwhile):
        world.call(
            "change_contact", by="ann", member_id=member_id, family_name="Ann's", version=read
        )
    by = [entry.by for entry in history(world, member_id) if entry.action == "change_contact"]
    assert by == ["bob"]


def test_what_is_refused_leaves_no_trace() -> None:
    """Nothing was written, so there is nothing to tell."""
    world = World()
    member_id = world.member()
    before = history(world, member_id)
    for method, arguments in (
        ("change_contact", {"given_name": "=1"}),
        ("change_grade", {"grade": "emperor", "reason": "x"}),
        ("withdraw", {"on": date(2020, 1, 1)}),
    ):
        with pytest.raises(Invalid):
            world.call(method, member_id=member_id, **arguments)
    assert history(world, member_id) == before


def test_a_call_repeated_is_told_once() -> None:
    """Its second run wrote nothing."""
    world = World()
    member_id = world.member()
    for _ in range(3):
        world.call("change_contact", member_id=member_id, given_name="Mair", message="m")
    assert [e.action for e in history(world, member_id)].count("change_contact") == 1


def test_the_history_says_nothing_of_what_only_follows() -> None:
    """Keys for searching and the standing that was told repeat what else is there."""
    world = World()
    member_id = world.member()
    world.go_to(date(2028, 6, 1))
    world.let_the_clock("tick_by_the_clock")
    fields = {change.field.split(".")[0] for e in history(world, member_id) for change in e.changes}
    derived = {"settled", "status", "regulator", "review_key", "tick_key", "due_key"}
    derived |= {"name_key", "given_key", "email_key", "version", "outbox", "inbox", "trail"}
    assert fields & derived == set()
    assert (history(world, member_id)[0].by, history(world, member_id)[0].action) == (
        "clock",
        "tick_by_the_clock",
    )


def test_an_import_signs_what_it_found_of_a_member() -> None:
    """As the one who imported the extract."""
    world = World()
    member_id = world.member()
    number = world.members.get(member_id).registrations[0].number
    row = {
        "registration_number": number,
        "given_name": "Siân",
        "family_name": "Planted-Surname",
        "status": "suspended",
    }
    world.call("import_register", by="ann", regulator="GMC", rows=[row])
    newest = history(world, member_id)[0]
    assert (newest.by, newest.action) == ("ann", "import_register")
    assert "registrations" in changed(newest)


@pytest.mark.parametrize("cursor", ["?", "x y", "é"])
def test_a_cursor_that_is_none_is_named(cursor: str) -> None:
    """And somebody unknown is not found."""
    world = World()
    with pytest.raises(Invalid) as refused:
        world.call("get_history", member_id=world.member(), cursor=cursor)
    assert list(refused.value.fields) == ["cursor"]
    with pytest.raises(NotFound):
        world.call("get_history", member_id="nobody")
