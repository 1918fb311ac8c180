"""What may be called, by whom, and what of it stays out of the logs."""

from collections.abc import Callable
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest

from services.membership import entrypoints
from services.membership.commands.members import ChangeContact
from services.membership.entrypoints import MembershipService
from shared.auth import ROLES, Claims
from shared.errors import Forbidden
from shared.events import load
from shared.rpc import Contract
from tests.unit.membership.builders import ARGUMENTS

MIXINS = (
    entrypoints.Applications,
    entrypoints.Members,
    entrypoints.Registrations,
    entrypoints.LifeCycle,
    entrypoints.Policies,
)
CONTRACTS: dict[str, Contract] = {
    name: method.contract
    for mixin in MIXINS
    for name, method in vars(mixin).items()
    if hasattr(method, "contract")
}
WRITE, READ = "membership:write", "membership:read"


def test_the_methods_are_those_of_the_contract() -> None:
    """Reads and writes are declared as such, each under a scope of membership."""
    core = {
        "apply": (WRITE, None, True),
        "admit": (WRITE, None, True),
        "decline": (WRITE, None, True),
        "get_equality_pseudonym": ("membership:link", "member_id", False),
        "get_member": (READ, "member_id", False),
        "find_members": (READ, None, False),
        "change_contact": (WRITE, "member_id", True),
        "change_career_stage": (WRITE, "member_id", True),
        "change_grade": (WRITE, None, True),
        "get_history": (READ, None, False),
        "import_register": (WRITE, None, True),
        "verify_registration": (WRITE, None, True),
        "add_registration": (WRITE, "member_id", True),
        "declare_sanction": (WRITE, "member_id", True),
        "record_review_decision": (WRITE, None, True),
        "find_reviews": (READ, None, False),
        "renew": (WRITE, None, True),
        "record_payment": (WRITE, None, True),
        "get_account": (READ, "member_id", False),
        "quote": (READ, "member_id", False),
        "withdraw": (WRITE, "member_id", True),
        "record_death": (WRITE, None, True),
        "reinstate": (WRITE, None, True),
        "explain_status": (READ, "member_id", False),
        "tick": ("membership:operate", None, True),
        "get_policy": (READ, None, False),
        "find_policy_versions": (READ, None, False),
        "propose_policy_version": (WRITE, None, True),
        "activate_policy_version": (WRITE, None, True),
    }
    declared = {name: (c.scope, c.own, c.writes) for name, c in CONTRACTS.items()}
    assert {name: declared.get(name) for name in core} == core


def test_a_members_own_methods_name_the_member() -> None:
    """The argument that is compared with the token is one that the request has."""
    for name, contract in CONTRACTS.items():
        names = {field.name for field in fields(contract.request)}
        assert contract.own is None or contract.own in names, name
        assert set(contract.sensitive) <= names, name


@pytest.mark.parametrize(
    ("method", "sensitive"),
    [
        ("apply", set(ARGUMENTS) - {"profession", "nation", "career_stage", "regulator"}),
        ("import_register", {"rows"}),
        ("find_members", {"filters"}),
        ("change_contact", {"given_name", "family_name", "email"}),
        ("declare_sanction", {"registration_number", "detail"}),
        ("record_review_decision", {"reason"}),
        ("decline", {"reason"}),
        ("add_registration", {"registration_number"}),
        ("verify_registration", {"registration_number"}),
    ],
)
def test_what_identifies_a_person_is_sensitive(method: str, sensitive: set[str]) -> None:
    """Names, addresses, birth dates, numbers and free text about people are redacted in logs."""
    assert set(CONTRACTS[method].sensitive) >= sensitive


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_the_member_is_told_the_pseudonym(role: str) -> None:
    """A member's token reaches the link of that member alone; no other role's does at all."""
    scope = CONTRACTS["get_equality_pseudonym"].scope
    caller = Claims("m-1", role, frozenset(ROLES[role]), expires_at=0.0)
    with pytest.raises(Forbidden):
        caller.authorise(scope, own="m-2")
    if role == "member":
        caller.authorise(scope, own="m-1")
    else:
        with pytest.raises(Forbidden):
            caller.authorise(scope, own="m-1")


@pytest.mark.parametrize(
    "method", [name for name, contract in CONTRACTS.items() if contract.own and contract.writes]
)
def test_a_member_changes_only_what_is_their_own(method: str) -> None:
    """With their own token, and nobody else's record."""
    caller = Claims("m-1", "member", frozenset(ROLES["member"]), expires_at=0.0)
    scope = CONTRACTS[method].scope
    caller.authorise(scope, own="m-1")
    for other in ("m-2", None):
        with pytest.raises(Forbidden):
            caller.authorise(scope, own=other)


def called(method: Callable[..., Any], request: Any) -> tuple[str, Any]:
    """Which handler a method calls, and with what."""
    calls: list[tuple[str, Any]] = []

    class Handlers:
        def __getattr__(self, name: str) -> Callable[[Any], None]:
            return lambda given: calls.append((name, given))

    method(SimpleNamespace(app=Handlers()), request)
    [call] = calls
    return call


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_method_calls_the_handler_of_its_name(name: str) -> None:
    """Once, with its request as it is."""
    request = object()
    assert called(getattr(MembershipService, name).__wrapped__, request) == (name, request)


def test_what_is_not_given_stays_as_it_is() -> None:
    """A change of contact names only what changes."""
    command = load(ChangeContact, {"member_id": "m-1", "email": "a@b.org"})
    assert (command.given_name, command.family_name, command.version) == (None, None, None)
