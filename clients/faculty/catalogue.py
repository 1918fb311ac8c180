"""What running services say of themselves: which methods can be called, which events there are.

listed = methods(faculty, "programmes.run_match")
warnings = doubtful(faculty, ("offers.*",))      # There is no event offers.*. Did you mean offer.*?
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clients.faculty import protocol
from clients.faculty.client import Call, Faculty
from shared import errors
from shared.names import unknown

_LOOK_SECONDS = 2.0


def methods(faculty: Faculty, wanted: str | None) -> list[dict[str, Any] | errors.FacultyError]:
    """Of all services, of one, or of one method: what each service answers.

    Raises ``NotFound`` naming a service or method that there is not.
    """
    if wanted is None:
        calls = [Call(f"{service}.list_methods", {}) for service in protocol.SERVICES]
        return [answer for _, answer in sorted(faculty.call_many(calls), key=lambda each: each[0])]
    service, _, name = wanted.partition(".")
    if protocol.is_nobodys(service):
        raise protocol.no_service(service)
    return [faculty.call(f"{service}.list_methods", name=name or None)]


def lines_of(listed: Mapping[str, Any]) -> Iterator[str]:
    """Two lines for each method of a service: what it takes and needs, and what it does."""
    for method in listed["items"]:
        schema = method["arguments"]
        required = set(schema.get("required", ()))
        optional = [f"[{name}]" for name in schema["properties"] if name not in required]
        taken = [name for name in schema["properties"] if name in required]
        whole = " ".join([f"{listed['service']}.{method['name']}", *taken, *optional])
        yield f"{whole}  ({_scope(method)})"
        yield f"    {method['summary']}"


def details_of(listed: Mapping[str, Any]) -> Iterator[str]:
    """Everything that a service says of one method."""
    (method,) = listed["items"]
    yield f"{listed['service']}.{method['name']}"
    yield f"    {method['summary']}"
    yield f"scope: {_scope(method)}"
    yield f"errors of its own: {', '.join(method['errors']) or 'none'}"
    yield f"arguments: {json.dumps(method['arguments'], ensure_ascii=False, indent=2)}"


def _scope(method: Mapping[str, Any]) -> str:
    own = f", or {method['own']} is the caller's own" if method["own"] else ""
    return f"{method['scope']}{own}"


def doubtful(faculty: Faculty, patterns: Sequence[str]) -> list[str]:
    """A sentence for each pattern that fits no public event; none where a service is silent."""
    calls = [Call(f"{service}.list_events", {}) for service in protocol.SERVICES]
    answers = [answer for _, answer in faculty.call_many(calls, timeout=_LOOK_SECONDS)]
    if any(isinstance(answer, errors.FacultyError) for answer in answers):
        return []
    names = {event["name"] for answer in answers for event in answer["items"]}
    known = names | {f"{name.partition('.')[0]}.*" for name in names}
    return [
        unknown("event", pattern, known)
        for pattern in patterns
        if not any(fits(pattern, name) for name in names)
    ]


def fits(pattern: str, name: str) -> bool:
    """Whether a topic exchange takes the routing key for the pattern.

    ``*`` is one word and ``#`` any number: https://www.rabbitmq.com/tutorials/tutorial-five-python
    """
    return _fits(pattern.split("."), name.split("."))


def _fits(pattern: Sequence[str], words: Sequence[str]) -> bool:
    if not pattern:
        return not words
    head, *rest = pattern
    if head == "#":
        return any(_fits(rest, words[taken:]) for taken in range(len(words) + 1))
    return bool(words) and head in ("*", words[0]) and _fits(rest, words[1:])
