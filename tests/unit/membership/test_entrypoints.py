"""What may be called, by whom, and what of it stays out of the logs."""

import pytest

from services.membership.entrypoints import MembershipService
from shared.auth import ROLES, Claims
from shared.errors import Forbidden
from shared.rpc import Contract
from tests.unit.membership.builders import ARGUMENTS

CONTRACTS: dict[str, Contract] = {
    name: method.contract
    for name, method in vars(MembershipService).items()
    if hasattr(method, "contract")
}


def test_the_methods_are_those_of_the_contract() -> None:
    """Reads and writes are declared as such, each under a scope of membership."""
    assert {name: (c.scope, c.own, c.writes) for name, c in CONTRACTS.items()} == {
        "apply": ("membership:write", None, True),
        "import_register": ("membership:write", None, True),
        "verify_registration": ("membership:write", None, True),
        "admit": ("membership:write", None, True),
        "get_member": ("membership:read", "member_id", False),
        "find_members": ("membership:read", None, False),
        "get_equality_pseudonym": ("membership:link", "member_id", False),
    }


def test_what_identifies_a_person_is_sensitive() -> None:
    """Names, addresses, birth dates and numbers are redacted in logs, in whatever argument."""
    plain = {"profession", "nation", "career_stage", "regulator"}
    assert set(CONTRACTS["apply"].sensitive) == set(ARGUMENTS) - plain
    assert CONTRACTS["import_register"].sensitive == ("rows",)
    assert CONTRACTS["find_members"].sensitive == ("filters",)


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
