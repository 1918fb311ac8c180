"""The policies that the service comes with, and which version is in force."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.membership import reference
from services.membership.commands.policies import ProposePolicyVersion
from services.membership.domain.policies.book import KINDS, PolicyBook, body_of, policy_of
from services.membership.domain.policies.professions import Profession
from services.membership.domain.policies.versions import PolicyState, Version, Versions
from services.membership.domain.terms import CareerStage, Nation
from services.membership.repository import PolicyVersions
from services.membership.schemas.policies import PolicyView
from shared.errors import Invalid, NotFound
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.world import World

SEEDS = {seed.id: seed for seed in reference.load_policies()}
FILES = sorted(Path(reference.__file__).parent.glob("data/policies/*.json"))
RETENTION: dict[str, Any] = {
    "member_months": 60,
    "applicant_months": 6,
    "export_days": 14,
    "source": "Board",
}


def propose(world: World, version: str = "2027.1", **changes: Any) -> Any:
    arguments: dict[str, Any] = {
        "effective_from": date(2027, 1, 1),
        "reason": "Decided by the board.",
        "retention": RETENTION,
        **changes,
    }
    given = {name: value for name, value in arguments.items() if value is not None}
    return world.call("propose_policy_version", version=version, **given)


def activate(world: World, version: str = "2027.1", **changes: Any) -> Any:
    arguments = {"kind": "retention", "reason": "In force.", **changes}
    return world.call("activate_policy_version", version=version, **arguments)


def months(world: World, on: date) -> int:
    view = world.call("get_policy", kind="retention", on=on)
    return int(view.retention.member_months)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_seed_is_named_dated_sourced_and_sound(path: Path) -> None:
    """The file's name is its kind and version, and its policy survives the store."""
    seed = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem == f"{seed['kind']}-{seed['version']}"
    stored = SEEDS[f"{seed['kind']}:{seed['version']}"]
    assert stored.state is PolicyState.ACTIVE
    assert stored.effective_from.isoformat() == seed["effective_from"]
    assert stored.source == seed["source"] != ""
    policy = policy_of(seed["kind"], stored.body)
    assert body_of(policy) == stored.body
    assert policy_of(seed["kind"], json.loads(json.dumps(stored.body))) == policy


def test_every_kind_of_policy_is_seeded_and_can_be_proposed_and_shown() -> None:
    """A new kind that is missing somewhere is found here."""
    assert {seed.kind for seed in SEEDS.values()} == set(KINDS)
    assert set(KINDS) == set(PolicyBook.__dataclass_fields__)
    for cls in (ProposePolicyVersion, PolicyView):
        assert set(KINDS) <= set(cls.__dataclass_fields__)


def test_the_seeded_policies_fit_one_another() -> None:
    """Every grade has a fee and a term, every profession at every stage in every nation a grade."""
    grades, prices = BOOK.grades.on(TODAY).policy, BOOK.prices.on(TODAY).policy
    for grade in grades.codes:
        assert prices.fee(grade, fellow=False)
        assert BOOK.terms.on(TODAY).policy.of(grade).last_day(TODAY) != TODAY
    for profession in BOOK.professions.on(TODAY).policy.codes:
        for stage in CareerStage:
            for nation in Nation:
                assert grades.grade(profession, stage, nation) is not None


def test_seeds_are_put_in_once_and_never_over_what_is_there() -> None:
    """However many instances start, and after a version was changed by hand."""
    world = World()
    stored = world.document("policies", "retention:2026.1")
    world.another()
    for repository in world.app.repositories:
        repository.prepare()
    assert world.document("policies", "retention:2026.1") == stored
    assert world.database["policies"].count_documents({}) == len(SEEDS)


def test_instances_that_start_at_once_seed_once() -> None:
    """The quicker one wins, and the other goes on."""
    world = World()
    versions = PolicyVersions(world.database, world.outbox, reference.load_policies())
    looked, look = set[str](), versions.documents.find_one

    def look_too_early(criteria: Any) -> Any:
        wanted = criteria.get("_id")
        id = wanted.get("$eq") if isinstance(wanted, dict) else wanted
        if id in SEEDS.keys() - looked:
            looked.add(id)
            return None
        return look(criteria)

    versions.documents.find_one = look_too_early
    stored = list(versions.documents.find({}))
    versions.prepare()
    assert looked == set(SEEDS)
    assert list(versions.documents.find({})) == stored


def test_the_version_in_force_is_the_latest_that_has_come() -> None:
    """From its first day on, never about earlier days; before the first, the first."""
    dated = [
        Version(name, date(year, 1, 1), name)
        for name, year in (("b", 2027), ("a", 2026), ("c", 2028))
    ]
    versions = Versions.of("grades", iter(dated))
    for day, version in (
        (date(2020, 1, 1), "a"),
        (date(2026, 1, 1), "a"),
        (date(2026, 12, 31), "a"),
        (date(2027, 1, 1), "b"),
        (date(2030, 1, 1), "c"),
    ):
        assert versions.on(day).version == version
    with pytest.raises(NotFound):
        Versions.of("grades", iter(())).on(TODAY)


def test_the_book_has_what_is_active_of_every_kind() -> None:
    """A proposed version decides nothing; a kind nobody knows any more is passed over."""
    world = World()
    propose(world, effective_from=TODAY)
    assert months(world, TODAY) == 72
    activate(world)
    assert months(world, TODAY) == 60
    assert world.book.names(TODAY, "retention", "grades") == {
        "retention": "2027.1",
        "grades": "2026.1",
    }
    stored = world.document("policies", "retention:2026.1")
    assert stored is not None
    world.database["policies"].insert_one(
        {**stored, "_id": "x:1", "id": "x:1", "kind": "x", "active_key": "x from 2026-01-01"}
    )
    assert months(world, TODAY) == 60


def test_versions_are_read_by_name_by_day_and_as_a_list() -> None:
    """The summary says since when and why; the others of the view are empty."""
    world = World()
    propose(world)
    view = world.call("get_policy", kind="retention", version="2027.1")
    assert (view.summary.state, view.summary.source) == ("proposed", "Decided by the board.")
    assert (view.summary.proposed_on, view.summary.activated_on) == (TODAY, None)
    assert view.retention.applicant_months == 6
    assert [name for name in KINDS if getattr(view, name) is not None] == ["retention"]
    now = world.call("get_policy", kind="retention")
    assert (now.summary.version, now.summary.effective_from) == ("2026.1", date(2026, 1, 1))
    propose(world, "2027.2")
    listed = world.pages("find_policy_versions", kind="retention", limit=2)
    assert [each.version for each in listed] == ["2026.1", "2027.1", "2027.2"]


def test_an_unknown_kind_or_version_is_named() -> None:
    """To read and to activate."""
    world = World()
    for ask in (
        lambda: world.call("get_policy", kind="x"),
        lambda: world.call("find_policy_versions", kind="x"),
        lambda: activate(world, kind="x"),
    ):
        with pytest.raises(Invalid) as refused:
            ask()
        assert list(refused.value.fields) == ["kind"]
    for ask in (
        lambda: world.call("get_policy", kind="retention", version="x"),
        lambda: activate(world, "x"),
    ):
        with pytest.raises(NotFound):
            ask()


def profession(code: str = "a", admission: str = "admitted", **changes: Any) -> Profession:
    return Profession(code=code, title="A", admission=admission, source="test", **changes)
