"""Memberships on the real broker and store: two at once, renewal, suspension, tables in and out."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from clients.faculty import Faculty
from clients.faculty.takeovers import COLUMNS
from deploy.local import Stack
from shared.errors import ChangedMeanwhile, FacultyError, NotFound
from tests.e2e.command import Run, write
from tests.e2e.world import Applicant, World, invent, register_row, wait

TOGETHER = 6


def history(world: World, member_id: str) -> list[dict[str, Any]]:
    page = world.call("membership.get_history", token=world.staff, member_id=member_id, limit=200)
    assert page["next_cursor"] is None
    items: list[dict[str, Any]] = page["items"]
    return items


def at_once(stack: Stack, member_id: str, version: int | None) -> list[Any]:
    """What several members of staff are answered who change the same name at the same time."""

    def change(number: int) -> Any:
        token = stack.token("staff", f"registrar-{number}")
        with Faculty(stack.amqp_uri("apps"), token, 60) as faculty:
            try:
                return faculty.call(
                    "membership.change_contact",
                    member_id=member_id,
                    given_name=f"Nia{'abcdefgh'[number]}",
                    version=version,
                )
            except FacultyError as error:
                return error

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(change, range(TOGETHER)))


def renamings(world: World, member_id: str) -> list[dict[str, Any]]:
    return [entry for entry in history(world, member_id) if entry["action"] == "change_contact"]


def test_who_read_before_another_changed_is_told(stack: Stack, world: World) -> None:
    """With the version that was read, one of many at once wins and the others are told so."""
    (member_id,) = world.admit([invent()])
    read = world.call("membership.get_member", token=world.staff, member_id=member_id)
    answers = at_once(stack, member_id, read["version"])
    won = [answer for answer in answers if isinstance(answer, dict)]
    assert len(won) == 1
    assert [type(a) for a in answers if a not in won] == [ChangedMeanwhile] * (TOGETHER - 1)
    now = world.call("membership.get_member", token=world.staff, member_id=member_id)
    assert now["given_name"] == won[0]["given_name"]
    assert len(renamings(world, member_id)) == 1


def test_changes_of_many_at_once_are_all_made_and_told(stack: Stack, world: World) -> None:
    """Without a version each is done on the state before it, and the history names all of them."""
    (member_id,) = world.admit([invent()])
    answers = at_once(stack, member_id, None)
    assert [type(answer) for answer in answers] == [dict] * TOGETHER
    entries = renamings(world, member_id)
    assert {entry["by"] for entry in entries} == {f"registrar-{n}" for n in range(TOGETHER)}
    # Newest first: each found what the one before it had left.
    after = [json.loads(entry["changes"][0]["after"]) for entry in entries]
    before = [json.loads(entry["changes"][0]["before"]) for entry in entries]
    assert before[:-1] == after[1:]
    now = world.call("membership.get_member", token=world.staff, member_id=member_id)
    assert now["given_name"] == after[0]


def test_a_suspension_on_the_register_pauses_a_membership(world: World) -> None:
    """A new extract says so, programmes follows, and the next extract takes it back."""
    person = invent()
    (member_id,) = world.admit([person])
    for status, current in (("suspended", False), ("registered", True)):
        extract = world.call(
            "membership.import_register",
            token=world.staff,
            regulator="GMC",
            rows=[register_row(person, status)],
        )
        assert [d["member_id"] for d in extract["differences"]] == [member_id]

        def followed(current: bool = current) -> bool:
            answer = world.call(
                "programmes.get_member_standing", token=world.staff, member_id=member_id
            )
            return answer["current"] is current

        wait(followed, f"programmes knows of {status}")


def test_a_membership_is_renewed_from_where_it_ends(world: World) -> None:
    """What is owed is paid, and the next term begins the day after the last."""
    (member_id,) = world.admit([invent()])

    def call(method: str, **arguments: Any) -> Any:
        return world.call(
            f"membership.{method}", token=world.staff, member_id=member_id, **arguments
        )

    with pytest.raises(FacultyError) as refused:
        call("renew")
    assert refused.value.code == "membership.payment_required"
    owed = refused.value.details["owed_pence"]
    today = datetime.now(UTC).date().isoformat()
    for _ in range(2):  # the same reference counts once
        call("record_payment", pence=owed, reference=f"bank {member_id}", received_on=today)
    first, second = call("renew")["terms"]
    assert date.fromisoformat(second["starts_on"]) > date.fromisoformat(first["ends_on"])
    assert call("get_account")["balance_pence"] == 0
    assert call("explain_status")["covered_to"] == second["ends_on"]


def test_a_policy_decides_from_its_day_on(world: World) -> None:
    """Proposed and activated prices are quoted for terms that begin then, and not before."""
    (member_id,) = world.admit([invent()])
    year = datetime.now(UTC).year + 5
    prices = world.call("membership.get_policy", token=world.staff, kind="prices")["prices"]
    for fee in prices["fees"]:
        fee["annual_pence"] += 100
    world.call(
        "membership.propose_policy_version",
        token=world.staff,
        version=f"{year}.1",
        effective_from=f"{year}-01-01",
        reason="Invented.",
        prices=prices,
    )
    world.call(
        "membership.activate_policy_version",
        token=world.staff,
        kind="prices",
        version=f"{year}.1",
        reason="Invented.",
    )
    totals = [
        world.call(
            "membership.quote", token=world.staff, member_id=member_id, what="grade", **arguments
        )
        for arguments in ({"grade": "member"}, {"grade": "member", "on": f"{year}-01-02"})
    ]
    assert [quote["policies"]["prices"] for quote in totals] == ["2026.1", f"{year}.1"]


def taken_over(person: Applicant, **changes: str) -> Applicant:
    known = {
        "reference": person["registration_number"],
        "checked_on": "2026-01-02",
        "grade": "member",
        "joined_on": "2020-02-29",
        "covered_to": "2099-01-01",
    }
    row = {**person, **known, **changes}
    return {name: row[name] for name in COLUMNS}


def test_members_of_another_system_are_taken_over_once(
    run: Run, world: World, tmp_path: Path
) -> None:
    """They are current at once and known to programmes; a second run finds them known."""
    people = [invent() for _ in range(3)]
    path = write(tmp_path / "known.csv", [taken_over(person) for person in people])
    for imported in (3, 0):
        result = run("import", "existing-members", str(path), "--as", "staff", "--json")
        assert (result.status, result.err) == (0, "")
        assert (result.answer["imported"], result.answer["already_there"]) == (
            imported,
            3 - imported,
        )
    found = world.known(people)
    assert {member["status"] for member in found} == {"current"}

    def known() -> bool:
        method, token = "programmes.get_member_standing", world.staff
        return all(
            world.call(method, token=token, member_id=m["member_id"])["current"] for m in found
        )

    wait(known, "programmes knows them")
    messages = world.call(
        "notifications.find_messages",
        token=world.staff,
        filters={"member_id": found[0]["member_id"]},
    )
    assert messages["items"] == []


def test_a_bad_row_takes_nobody_over(run: Run, world: World, tmp_path: Path) -> None:
    """It is named by line and field."""
    people = [invent(), invent()]
    rows = [taken_over(people[0]), taken_over(people[1], joined_on="29.2.2020")]
    path = write(tmp_path / "known.csv", rows)
    result = run("import", "existing-members", str(path), "--as", "staff", "--json")
    assert (result.status, result.answer["imported"]) == (1, 0)
    assert [(each["line"], each["field"]) for each in result.answer["refused"]] == [
        (3, "joined_on")
    ]
    assert world.known(people) == []


def test_members_are_exported_as_a_table(run: Run, world: World) -> None:
    """Those who fit, with the columns asked for."""
    people = [invent(nation="scotland") for _ in range(3)]
    ids = world.apply(people)
    result = run(
        *("export", "members", "-", "--as", "staff"),
        *("--filter", "nation=scotland", "--column", "member_id", "--column", "email"),
    )
    assert result.status == 0
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert {(id, p["email"]) for id, p in zip(ids, people, strict=True)} <= {
        (row["member_id"], row["email"]) for row in rows
    }


def test_a_member_may_do_what_concerns_themself_and_no_more(world: World) -> None:
    """Their own record and nobody else's."""
    mine, other = world.admit([invent(), invent()])
    token = world.member(mine)
    changed = world.call(
        "membership.change_contact", token=token, member_id=mine, given_name="Nia-Mair"
    )
    assert changed["given_name"] == "Nia-Mair"
    for method, arguments in (
        ("change_contact", {"member_id": other, "given_name": "X"}),
        ("get_account", {"member_id": other}),
        ("withdraw", {"member_id": other}),
        ("change_grade", {"member_id": mine, "grade": "member", "reason": "Mine."}),
        ("get_history", {"member_id": mine}),
    ):
        with pytest.raises(FacultyError) as refused:
            world.call(f"membership.{method}", token=token, **arguments)
        assert refused.value.code == "forbidden", method


def test_nobody_is_not_found(world: World) -> None:
    """Every question about one member says so."""
    for method in ("get_member", "get_history", "get_account", "explain_status"):
        with pytest.raises(NotFound):
            world.call(f"membership.{method}", token=world.staff, member_id="nobody")


def test_who_is_on_the_register_no_more_is_no_longer_current(
    run: Run, world: World, tmp_path: Path
) -> None:
    """Closing the import of a register checks those again whom no extract since a day has had."""
    osteopath = {"regulator": "GOsC", "profession": "osteopath", "nation": "scotland"}
    people = [invent(**osteopath, registration_number=number) for number in ("71", "72")]
    extract = write(tmp_path / "extract.csv", [register_row(person) for person in people])
    options = ("--as", "staff", "--complete", "--json")
    result = run("import", "register", "GOsC", str(extract), *options)
    assert (result.status, result.answer["differences"]) == (0, [])
    ids = [answer["member_id"] for answer in world.as_staff("membership.apply", people)]
    for method in ("verify_registration", "admit"):
        world.as_staff(f"membership.{method}", ({"member_id": id} for id in ids))
    closed = world.call(
        "membership.close_register_import",
        token=world.staff,
        regulator="GOsC",
        since="2099-01-01",
    )
    status = {each["member_id"]: (each["now"], each["status"]) for each in closed["differences"]}
    assert [status[id] for id in ids] == [(None, "registration_refused")] * 2
