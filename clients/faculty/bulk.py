"""Many calls of one kind: repeated while that is safe and useful, given up where it is not."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from clients.faculty.client import Call, Faculty
from clients.faculty.tables import Refusal
from shared import errors

MAX_TRIES = 4
# These say nothing about the row that was sent, so the next row would fare no better.
_HOPELESS = (errors.Unauthenticated, errors.Forbidden, errors.NotFound, errors.Internal)


def answers(
    faculty: Faculty, calls: Sequence[Call], advance: Callable[[], None]
) -> list[dict[str, Any] | errors.FacultyError]:
    """What the service said to each call, in their order; refusals of a row are values.

    Calls that have a key are repeated when they fail for a passing reason, before others are begun.
    What does not concern the row, such as a missing permission, or outlasts the repetitions, is
    raised.
    """
    results: dict[int, Any] = {}
    tries: Counter[int] = Counter()
    waiting = deque(range(len(calls)))

    def begin(begun: list[int]) -> Iterator[Call]:
        while waiting:
            begun.append(waiting.popleft())
            yield calls[begun[-1]]

    while waiting:
        begun: list[int] = []
        for position, answer in faculty.call_many(begin(begun)):
            index = begun[position]
            tries[index] += 1
            if _passing(answer) and calls[index].key is not None and tries[index] < MAX_TRIES:
                waiting.appendleft(index)
                continue
            if _passing(answer) or isinstance(answer, _HOPELESS):
                raise answer
            results[index] = answer
            advance()
    return [results[index] for index in range(len(calls))]


def _passing(answer: object) -> bool:
    return isinstance(answer, errors.FacultyError) and answer.retryable


def refusals(line: int, error: errors.FacultyError) -> Iterator[Refusal]:
    """A service's refusal of one row, by field where it names any."""
    if isinstance(error, errors.Invalid) and error.fields:
        for field, reasons in error.fields.items():
            yield from (Refusal(line, field, reason) for reason in reasons)
    else:
        yield Refusal(line, str(error.details.get("field", "")), error.message)
