"""The desk from which a year of schemes is run: calls as whoever is to make them, and the clock.

Several people work there, for some acts need two: ``office.one("programmes.release_round",
by=OTHER, ...)``. Calls of one kind go out together, with a bar that shows how far they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clients.faculty import Call, Faculty, bulk, members
from shared import errors

FIRST, OTHER, THIRD = "first.clerk@faculty", "other.clerk@faculty", "third.clerk@faculty"
Answer = dict[str, Any]
Token = Callable[[str, str], str]


@dataclass
class Office:
    """``token`` makes one for a role and a subject; ``progress`` shows how far many calls are."""

    faculty: Faculty
    token: Token
    progress: members.Progress
    wait: Callable[[Callable[[], bool], str], None]
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def one(self, method: str, /, *, by: str = FIRST, role: str = "staff", **arguments: Any) -> Any:
        """The answer to one call; a refusal is raised."""
        ((_, answer),) = self.faculty.call_many([self.call(method, by=by, role=role, **arguments)])
        if isinstance(answer, errors.FacultyError):
            raise answer
        return answer

    def refusal(self, method: str, /, **arguments: Any) -> str:
        """The code with which one call is refused, or nothing where it is not."""
        try:
            self.one(method, **arguments)
        except errors.FacultyError as error:
            return error.code
        return ""

    def call(self, method: str, /, *, by: str = FIRST, role: str = "staff", **rest: Any) -> Call:
        """A call to be made with others."""
        return Call(method, rest, str(uuid.uuid4()), self._token(role, by))

    def own(self, method: str, member_id: str, /, **arguments: Any) -> Call:
        """A member's own call."""
        return self.call(method, by=member_id, role="member", member_id=member_id, **arguments)

    def many(self, title: str, calls: Iterable[Call]) -> list[Answer]:
        """The answers to many calls; the first refusal is raised."""
        answers = []
        for answer in self.try_many(title, calls):
            if isinstance(answer, errors.FacultyError):
                raise answer
            answers.append(answer)
        return answers

    def try_many(self, title: str, calls: Iterable[Call]) -> list[Answer | errors.FacultyError]:
        """The answers to many calls; refusals stand in their places."""
        wanted = list(calls)
        return bulk.answers(self.faculty, wanted, self.progress(title, len(wanted)))

    def pages(self, method: str, /, **arguments: Any) -> Iterator[Answer]:
        """The items of every page."""
        cursor: str | None = None
        while True:
            page = self.one(method, cursor=cursor, limit=200, **arguments)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def go_to(self, instant: datetime) -> None:
        """Put the clock of programmes forward, and let it do what is due by then."""
        self.one("programmes.advance_clock", role="ops", to=instant.isoformat())

    def _token(self, role: str, subject: str) -> str:
        known = self._tokens.get((role, subject))
        if known is None:
            known = self._tokens[role, subject] = self.token(role, subject)
        return known
