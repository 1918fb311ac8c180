"""A rehearsal does not end, and does not begin, by leaving out a word."""

from pathlib import Path

import pytest

from deploy.local import Stack, StackError
from deploy.local.members import Service
from deploy.local.rehearsal import choose


def trials(stack: Stack) -> dict[str, dict[str, str]]:
    """The settings of trials that services would start with."""
    return {service.name: service.settings for service in stack.services if service.settings}


def test_a_rehearsal_goes_on_only_when_it_is_said(tmp_path: Path) -> None:
    """Another start without a word is refused with what can be done; with it all is as before."""
    first = Stack(tmp_path)
    choose(first, trial=True)
    assert set(trials(first)) == {"membership", "programmes"}
    again = Stack(tmp_path)
    with pytest.raises(StackError, match="make up TRIAL=1"):
        choose(again, trial=None)
    assert trials(again) == {}
    choose(again, trial=True)
    assert trials(again) == trials(first)


def test_a_rehearsal_ends_when_it_is_said(tmp_path: Path) -> None:
    """From then on real time needs no word."""
    choose(Stack(tmp_path), trial=True)
    for trial in (False, None):
        stack = Stack(tmp_path)
        choose(stack, trial)
        assert trials(stack) == {}


def test_real_time_needs_no_word(tmp_path: Path) -> None:
    """It is what there is without one."""
    stack = Stack(tmp_path)
    choose(stack, trial=None)
    assert trials(stack) == {}


@pytest.mark.parametrize("was", [True, None])
def test_services_that_run_are_not_changed_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: bool | None
) -> None:
    """Some would be of the one kind and some of the other."""
    choose(Stack(tmp_path), trial=was)
    monkeypatch.setattr(Service, "running", True)
    with pytest.raises(StackError, match="First: make down"):
        choose(Stack(tmp_path), trial=not was)
    choose(Stack(tmp_path), trial=was)
