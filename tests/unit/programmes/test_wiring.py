"""The service as it is put together: every handler reachable, every call declared."""

import inspect
from types import ModuleType

import pytest

from services.programmes import handlers
from services.programmes.entrypoints import ProgrammesService
from shared.operations import Operations
from shared.rpc import PUBLIC, Contract
from tests.unit.programmes.world import World

CALLS: dict[str, Contract] = {
    name: getattr(ProgrammesService, name).contract
    for name in dir(ProgrammesService)
    if hasattr(getattr(ProgrammesService, name), "contract") and not hasattr(Operations, name)
}


def public_functions(module: ModuleType) -> set[str]:
    """The functions of a module that the composition root binds."""
    return {
        name
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    }


@pytest.mark.parametrize("name", CALLS)
def test_every_call_has_its_handler(world: World, name: str) -> None:
    """Of the same name, with all its dependencies."""
    assert callable(getattr(world.app, name))


def test_every_handler_module_is_wired(world: World) -> None:
    """Nothing that looks like a use case is out of reach."""
    modules = {
        name: module
        for name, module in vars(handlers).items()
        if isinstance(module, ModuleType) and hasattr(module, "commands")
    }
    assert modules
    for module in modules.values():
        asked = {
            name
            for name in public_functions(module)
            if next(iter(inspect.signature(getattr(module, name)).parameters), "")
            in ("command", "request")
        }
        assert asked <= set(CALLS), module.__name__


@pytest.mark.parametrize("name", CALLS)
def test_calls_that_change_something_need_a_scope_to_write(name: str) -> None:
    """Commands are writes, for staff, reviewers or operators; all else reads.

    What is of members alone has a scope that no role holds, and opens to one's own record.
    """
    contract = CALLS[name]
    writes = ".commands." in contract.request.__module__
    assert contract.writes is writes
    action = contract.scope.removeprefix("programmes:")
    others = {"write"} if writes else {"read", PUBLIC}
    assert action in {"review", "operate", "self"} | others
    assert action != "self" or contract.own is not None


def test_whose_own_something_is_is_a_member() -> None:
    """No other argument opens a call to a member."""
    assert {contract.own for contract in CALLS.values()} <= {None, "member_id"}


GIVING_REASONS = [n for n, call in CALLS.items() if "reason" in call.request.__dataclass_fields__]


@pytest.mark.parametrize("name", GIVING_REASONS)
def test_reasons_never_reach_a_log(name: str) -> None:
    """They are for the trail."""
    assert "reason" in CALLS[name].sensitive
