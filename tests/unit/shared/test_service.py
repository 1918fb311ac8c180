"""Handlers are wired by the names of what they need, or the service does not start."""

import functools
from types import ModuleType
from typing import Any

import pytest

from shared.service import wire

SOURCE = """
import functools
import json
from json import dumps
from functools import partial

LIMIT = 3


class Command:
    pass


def add(number, *, numbers, clock):
    numbers.append((number, clock()))
    return len(numbers)


def total(*, numbers):
    return sum(number for number, _ in numbers)


def label(number, text="none", *, clock):
    return f"{number} {text} {clock()}"


def plain(number):
    return number + 1


def _helper(*, secret):
    return secret


lowered = str.lower
counted = functools.partial(plain, 1)
"""


def module(source: str = SOURCE, name: str = "handlers_under_test") -> ModuleType:
    made = ModuleType(name)
    exec(source, made.__dict__)
    return made


def wired(**dependencies: Any) -> Any:
    return wire(module(), repositories=(), **{"numbers": [], "clock": lambda: 9, **dependencies})


def test_needs_are_bound_by_name() -> None:
    """What is keyword-only is given to each function; the same thing to all that ask for it."""
    app = wired()
    assert app.add(5) == 1
    assert app.add(7) == 2
    assert app.total() == 12
    assert app.label(1) == "1 none 9"
    assert app.label(1, text="x") == "1 x 9"


def test_a_function_without_needs_is_there_too() -> None:
    """As it is."""
    assert wired().plain(1) == 2


def test_only_the_module_s_own_public_functions_are_wired() -> None:
    """Neither private nor imported ones, nor classes and constants."""
    assert set(vars(wired())) == {"repositories", "add", "total", "label", "plain"}


def test_what_nobody_asks_for_may_be_given() -> None:
    """A handler sees only what it names."""
    assert wired(unused=1).plain(1) == 2


@pytest.mark.parametrize("missing", ["numbers", "clock"])
def test_a_missing_dependency_stops_the_start(missing: str) -> None:
    """It is named, and before the first call."""
    dependencies = {"numbers": [], "clock": lambda: 9}
    del dependencies[missing]
    with pytest.raises(KeyError, match=missing):
        wire(module(), repositories=(), **dependencies)


def test_a_default_does_not_hide_a_missing_dependency() -> None:
    """A need with a default is still a need: forgetting it in bootstrap would go unnoticed."""
    source = "def handle(*, clock=None): return clock"
    with pytest.raises(KeyError, match="clock"):
        wire(module(source), repositories=())


def test_a_private_function_s_needs_are_not_asked_for() -> None:
    """Its caller gives them."""
    assert wire(module("def _help(*, secret): return secret"), repositories=())


def test_modules_are_wired_together() -> None:
    """One for each feature; what one of them needs is given to it alone."""
    first = module("def open_box(*, boxes): return boxes", "boxes_handlers")
    second = module("def light(number, *, lamps): return lamps + number", "lamps_handlers")
    app = wire(first, second, repositories=(), boxes="b", lamps=2)
    assert set(vars(app)) == {"repositories", "open_box", "light"}
    assert (app.open_box(), app.light(3)) == ("b", 5)
    assert app.light.keywords == {"lamps": 2}


def test_a_handler_that_another_module_borrows_is_wired_once() -> None:
    """By the module that it is of; whoever imports it does not publish it again."""
    owner = module("def light(): return 1", "lamps_handlers")
    borrower = module("def dim(): return light() - 1", "dimming_handlers")
    borrower.__dict__["light"] = owner.__dict__["light"]
    app = wire(owner, borrower, repositories=())
    assert (app.light(), app.dim()) == (1, 0)


@pytest.mark.parametrize("name", ["light", "repositories"])
def test_two_handlers_of_one_name_stop_the_start(name: str) -> None:
    """One would hide the other; nor may a handler hide the repositories."""
    source = f"def {name}(): return 1"
    with pytest.raises(AssertionError, match=name):
        wire(module(source, "one"), module(source, "other"), repositories=())


def test_repositories_are_kept_for_the_start() -> None:
    """Their indexes are created and their outboxes swept."""
    app = wire(module("def handle(*, first): return first"), repositories=("a", "b"), first="a")
    assert app.repositories == ("a", "b")
    assert app.handle() == "a"


def test_each_wiring_is_its_own() -> None:
    """Two in one process share nothing but the functions."""
    one, other = wired(), wired()
    one.add(1)
    assert (one.total(), other.total()) == (1, 0)


def test_wired_handlers_say_what_they_are() -> None:
    """The function and what it was given can be looked at."""
    clock = object()
    add = wired(clock=clock).add
    assert isinstance(add, functools.partial)
    assert add.func.__name__ == "add"
    assert add.keywords == {"numbers": [], "clock": clock}
