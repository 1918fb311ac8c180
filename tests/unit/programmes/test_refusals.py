"""What refusals say: where something is, what comes first, and every detail that they promise.

All places where the service refuses are found in its code, so that no test forgets one.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import services.programmes
from services.programmes import errors
from services.programmes.entrypoints import ProgrammesService
from services.programmes.errors.states import NotThere
from shared.errors import FacultyError, NotFound, Refused
from shared.repository import Repository
from shared.rpc import Contract
from shared.testing import error_of
from tests.unit.programmes.world import World

ROOT = Path(services.programmes.__file__).parent
REFUSALS: dict[str, type[Refused]] = {name: getattr(errors, name) for name in errors.__all__}
METHODS = {
    name
    for name, method in inspect.getmembers(ProgrammesService, callable)
    if isinstance(getattr(method, "contract", None), Contract)
}
# Names that look like those of methods and are settings, arguments, or words for states.
NO_METHODS = {"first_come", "not_before_start", "by_start"}


@dataclass(frozen=True)
class Site:
    """A place where a refusal is made; ``passed`` are its details, ``open`` if there are more."""

    name: str
    where: str
    passed: frozenset[str]
    open: bool

    def __str__(self) -> str:
        return f"{self.name} in {self.where}"


def sites() -> Iterator[Site]:
    """Every place where a refusal of this service is made."""
    for path in sorted(ROOT.rglob("*.py")):
        if "errors" in path.parts:
            continue
        where = path.relative_to(ROOT)
        for node in ast.walk(ast.parse(path.read_text())):
            yield from _site(node, where)


def _site(node: ast.AST, where: Path) -> Iterator[Site]:
    if isinstance(node, ast.Raise) and _named(node.exc) is not None:
        yield Site(str(_named(node.exc)), f"{where}:{node.lineno}", frozenset(), False)
    if isinstance(node, ast.Call) and (name := _named(node.func)) is not None:
        passed = frozenset(each.arg for each in node.keywords if each.arg is not None)
        rest = any(each.arg is None for each in node.keywords)
        yield Site(name, f"{where}:{node.lineno}", passed, rest)


def _named(node: ast.AST | None) -> str | None:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return name if name in REFUSALS else None


SITES = [each for each in sites() if each.name != "RoundReversed" or "events" not in each.where]


def promised(refusal: type[Refused]) -> set[str]:
    """The details that the docstring of a refusal names."""
    return set(re.findall(r"``(\w+)``", refusal.__doc__ or "")) - {"null", "TRIAL_CLOCK"}


def test_every_refusal_is_made_somewhere() -> None:
    """Those that nobody makes any more are taken away, and the search finds the others."""
    assert {each.name for each in SITES} == REFUSALS.keys()


@pytest.mark.parametrize("site", SITES, ids=str)
def test_a_refusal_has_the_details_that_it_names(site: Site) -> None:
    """Whoever reads the message looks for them."""
    missing = promised(REFUSALS[site.name]) - site.passed
    assert not missing or site.open


def documented() -> list[tuple[str, str]]:
    """The refusals with a detail that a page of this service names beside them."""
    pages = (
        path.read_text() for path in sorted((ROOT.parents[1] / "docs/programmes").glob("*.md"))
    )
    return [pair for page in pages for pair in re.findall(r"`(\w+)` \(`(\w+)`\)", page)]


@pytest.mark.parametrize(("code", "detail"), documented())
def test_a_refusal_has_the_details_that_its_page_names(code: str, detail: str) -> None:
    """Wherever that is what it is about."""
    names = {name for name, each in REFUSALS.items() if each.code == f"programmes.{code}"}
    assert any(detail in site.passed for site in SITES if site.name in names)


@pytest.mark.parametrize("site", SITES, ids=str)
def test_whoever_is_in_the_wrong_state_learns_which_and_what_is_needed(site: Site) -> None:
    """A list of several says it of each."""
    refusal = REFUSALS[site.name]
    if issubclass(refusal, NotThere):
        assert "needed" in site.passed
        assert {refusal.where, "statuses"} & site.passed
    if refusal in (errors.NotPublished, errors.NotToBeMatched, errors.WrongWay):
        assert "needed" in site.passed


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_refusal_is_a_sentence_that_names_methods_there_are(name: str) -> None:
    """What it says comes first can be called."""
    message = REFUSALS[name]().message
    assert message[0].isupper()
    assert message.endswith(".")
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", message))
    assert named - promised(REFUSALS[name]) - NO_METHODS <= METHODS


def test_the_message_says_where_it_is_and_where_it_would_have_to_be() -> None:
    """In words, from the details."""
    error = errors.WrongRoundState(round_id="r", state="prepared", needed=["approved", "released"])
    assert error.message == "The round is prepared; this needs it to be approved or released."
    assert errors.WrongRoundState("Because.", state="x", needed=["y"]).message == "Because."
    assert "workflow" in errors.WrongStage(status="placed", needed=[]).message


def absences() -> list[type[Repository[Any]]]:
    return [type(each) for each in World().app.repositories if getattr(each, "absence", "")]


@pytest.mark.parametrize("repository", absences(), ids=lambda each: each.__name__)
def test_what_is_not_there_yet_names_what_makes_it(repository: type[Repository[Any]]) -> None:
    """By a method that there is."""
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", repository.absence))
    assert named <= METHODS
    assert named or "shortlist" in repository.absence


def test_a_round_of_reviews_begins_with_its_reviewers(world: World) -> None:
    """Until they are appointed nothing can be allocated, and the refusal says so."""
    world.programme(kind="national_scheme")
    cohort_id = world.cohort()
    error = error_of(lambda: world.call("allocate_reviews", cohort_id=cohort_id))
    assert isinstance(error, NotFound)
    assert error.message == "The cohort has no reviewers; appoint_reviewers comes first."


def test_a_member_cannot_tell_what_is_somebody_elses_from_what_is_not(world: World) -> None:
    """But for the id that they gave, both refusals are the same."""
    theirs, me = world.submitted(world.cohort()), world.member()

    def refusal(application_id: str) -> FacultyError:
        return error_of(
            lambda: world.call("get_application", application_id=application_id, member_id=me)
        )

    there, nowhere = refusal(theirs), refusal("nowhere")
    assert (there.code, there.message) == (nowhere.code, nowhere.message)
    assert (there.details, nowhere.details) == ({"id": theirs}, {"id": "nowhere"})
