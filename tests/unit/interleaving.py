"""Calls that run at once on one store, in an order that a test chooses.

    database = SwitchingDatabase()
    world = World(database=database)
    outcomes = at_once([lambda: world.apply(...), lambda: world.apply(...)], chooser([1, 0, 0, 1]))

Each call runs until it is about to ask the store for something; then it is decided which one goes
on. So every order in which a store can see the calls of several processes is possible, and one that
fails can be had again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, repeat
from typing import Any

import pytest
from greenlet import getcurrent, greenlet

from shared.errors import FacultyError
from shared.testing.fakes import FakeCollection, FakeDatabase


class SwitchingCollection(FakeCollection):
    """Lets others go first before each of its operations."""

    def find(self, *args: Any, **options: Any) -> Any:
        _let_others_go()
        return super().find(*args, **options)

    def insert_one(self, document: Any) -> Any:
        _let_others_go()
        return super().insert_one(document)

    def replace_one(self, *args: Any, **options: Any) -> Any:
        _let_others_go()
        return _whole(super().replace_one, *args, **options)

    def update_one(self, *args: Any, **options: Any) -> Any:
        _let_others_go()
        return _whole(super().update_one, *args, **options)

    def delete_one(self, *args: Any, **options: Any) -> Any:
        _let_others_go()
        return _whole(super().delete_one, *args, **options)


class SwitchingDatabase(FakeDatabase):
    """A database between whose operations calls can change over."""

    def __missing__(self, name: str) -> FakeCollection:
        self[name] = SwitchingCollection(name)
        return self[name]


class _Call(greenlet):
    whole = False


def _let_others_go() -> None:
    running = getcurrent()
    if isinstance(running, _Call) and not running.whole:
        running.parent.switch()


def _whole(operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """One operation, though it may look for what it changes."""
    running = getcurrent()
    if not isinstance(running, _Call):
        return operation(*args, **options)
    before, running.whole = running.whole, True
    try:
        return operation(*args, **options)
    finally:
        running.whole = before


def chooser(choices: Iterable[int]) -> Callable[[int], int]:
    """Chooses as listed, then always the first."""
    listed = chain(choices, repeat(0))
    return lambda among: next(listed) % among


def at_once(calls: list[Callable[[], Any]], choose: Callable[[int], int]) -> list[Any]:
    """What each call gave, or the error of ours that it raised."""
    outcomes: list[Any] = [None] * len(calls)

    def run(index: int) -> None:
        try:
            outcomes[index] = calls[index]()
        except FacultyError as error:
            outcomes[index] = error

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("shared.repository.time.sleep", lambda _seconds: _let_others_go())
        running = [_Call(run) for _ in calls]
        for index, call in enumerate(running):
            call.switch(index)
        while running := [call for call in running if not call.dead]:
            running[choose(len(running))].switch()
    return outcomes
