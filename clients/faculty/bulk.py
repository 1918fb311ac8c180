"""Many calls of one kind: repeated while that is safe and useful, given up where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from clients.faculty.client import Call, Faculty
from clients.faculty.tables import Refusal
from shared import errors

ROUNDS = 4
# These say nothing about the row that was sent, so the next row would fare no better.
_HOPELESS = (errors.Unauthenticated, errors.Forbidden, errors.NotFound, errors.Internal)


def answers(
    faculty: Faculty, calls: Sequence[Call], advance: Callable[[], None]
) -> list[dict[str, Any] | errors.FacultyError]:
    """What the service said to each call, in their order; refusals of a row are values.

    Calls that have a key are repeated when they fail for a passing reason. What does not concern
    the row, such as a missing permission, or outlasts the repetitions, is raised.
    """
    results: dict[int, Any] = {}
    waiting = list(range(len(calls)))
    for round_ in range(ROUNDS):
        again = []
        for position, answer in faculty.call_many([calls[index] for index in waiting]):
            index = waiting[position]
            if isinstance(answer, errors.FacultyError):
                if isinstance(answer, _HOPELESS):
                    raise answer
                if answer.retryable:
                    if calls[index].key is None or round_ == ROUNDS - 1:
                        raise answer
                    again.append(index)
                    continue
            results[index] = answer
            advance()
        waiting = again
        if not waiting:
            break
    return [results[index] for index in range(len(calls))]


def refusals(line: int, error: errors.FacultyError) -> Iterator[Refusal]:
    """A service's refusal of one row, by field where it names any."""
    if isinstance(error, errors.Invalid) and error.fields:
        for field, reasons in error.fields.items():
            yield from (Refusal(line, field, reason) for reason in reasons)
    else:
        yield Refusal(line, str(error.details.get("field", "")), error.message)
