"""Every method that can be called says who may call it, with what, what comes back and what fails.

The methods are found in the service classes, so a new one is held to this from the day it is
written.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import fields, validate

from deploy.local import SERVICES
from shared.auth import ROLES
from shared.errors import FacultyError, from_wire, to_wire
from shared.schema import json_schema, schema_of
from tests.e2e.methods import METHODS, Method, service_class

# Scopes that no role holds because tokens with them are issued one by one, with who issues them.
ISSUED_SPECIALLY: dict[str, str] = {}

READING = re.compile(r"(get|find|list|search|count|export|preview)_")
KNOWN = (
    fields.String,
    fields.Integer,
    fields.Boolean,
    fields.Date,
    fields.DateTime,
    fields.Enum,
    fields.Nested,
    fields.Mapping,
)
PERSONAL = re.compile(
    r"(^|_)(e_?mail|phone|address|given_name|family_name|date_of_birth|registration_number"
    r"|answers|pseudonym|token|password|secret)(_|$)"
)


def scope_of(method: Method) -> str:
    """The scope in full; one without a service is the method's own service's."""
    scope = method.contract.scope
    return scope if ":" in scope else f"{method.service}:{scope}"


def action_of(method: Method) -> str:
    return scope_of(method).partition(":")[2]


def roles_of(method: Method) -> set[str]:
    """The roles whose tokens open the method, if only for one's own record."""
    service, action = scope_of(method).split(":")
    wanted = {f"{service}:{action}", f"*:{action}"}
    if method.contract.own:
        wanted |= {f"{service}:own", "*:own"}
    return {role for role, scopes in ROLES.items() if wanted & set(scopes)}


def parts_of(field: Any, path: str) -> Iterator[tuple[str, Any]]:
    """A schema's field and all that is inside it, by dotted path."""
    yield path, field
    if isinstance(field, fields.Nested):
        for name, inner in field.schema.fields.items():
            yield from parts_of(inner, f"{path}.{name}")
    elif isinstance(field, fields.Mapping):
        yield from parts_of(field.key_field, f"{path}.key")
        yield from parts_of(field.value_field, f"{path}.value")
    elif _is_list(field):
        yield from parts_of(field.inner, f"{path}[]")


def parts_of_request(method: Method) -> list[tuple[str, Any]]:
    schema = schema_of(method.contract.request)
    return [part for name, field in schema.fields.items() for part in parts_of(field, name)]


def errors_of_the_project() -> list[type[FacultyError]]:
    """Every error class that the services and the shared library declare."""
    for service in SERVICES:
        importlib.import_module(f"services.{service}.bootstrap")
    found, waiting = [], [FacultyError]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.split(".")[0] in ("shared", "services"):
            found.append(cls)
    return found


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_a_method_belongs_to_its_service(method: Method) -> None:
    """Its scope is one of the service's own, as ``<service>:<action>``, or it is public."""
    assert method.public or re.fullmatch(rf"{method.service}:[a-z]+", scope_of(method))


@pytest.mark.parametrize("method", [m for m in METHODS if not m.public], ids=str)
def test_a_method_can_be_called_by_some_role(method: Method) -> None:
    """Every scope is granted to a role, or it is written down who issues it."""
    assert bool(roles_of(method)) != (scope_of(method) in ISSUED_SPECIALLY)


@pytest.mark.parametrize("method", [m for m in METHODS if m.public], ids=str)
def test_what_anybody_may_call_changes_nothing(method: Method) -> None:
    """A public method reads, and nothing that is somebody's own."""
    assert not method.contract.writes
    assert method.contract.own is None


@pytest.mark.parametrize("scope", sorted({scope for scopes in ROLES.values() for scope in scopes}))
def test_every_scope_of_a_role_is_well_formed(scope: str) -> None:
    """A role holds ``<service>:<action>``, or ``*:<action>`` for every service."""
    service, _, action = scope.partition(":")
    assert service in (*SERVICES, "*")
    assert re.fullmatch("[a-z]+", action)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_a_method_says_what_it_does(method: Method) -> None:
    """The method, its request and its response each have a sentence for the catalogue."""
    answer = getattr(service_class(method.service), method.name)
    for described in (answer, method.contract.request, method.contract.returns):
        assert re.fullmatch(r"[A-Z].*\.", (inspect.getdoc(described) or "").splitlines()[0])


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_a_method_declares_request_and_response(method: Method) -> None:
    """Both are immutable messages of which schema and JSON Schema can be made."""
    for message in (method.contract.request, method.contract.returns):
        assert dataclasses.is_dataclass(message)
        assert message.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert set(schema_of(message).fields) == {each.name for each in dataclasses.fields(message)}
        assert json_schema(message)["type"] == "object"


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_a_method_takes_keyword_arguments_only(method: Method) -> None:
    """A request cannot be made by position, in code or on the wire."""
    parameters = inspect.signature(method.contract.request).parameters.values()
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_a_method_declares_errors_that_have_codes(method: Method) -> None:
    """Each has a code of its own, from which a client makes the same class again."""
    assert len(method.contract.errors) == len(set(method.contract.errors))
    for error in method.contract.errors:
        assert type(from_wire(to_wire(error()))) is error


def test_no_two_errors_share_a_code() -> None:
    """One code means one thing; a service's own begins with the service's name."""
    coded = [error for error in errors_of_the_project() if "code" in vars(error)]
    codes = [error.code for error in coded if error is not FacultyError]
    assert sorted({c for c in codes if codes.count(c) > 1}) == []
    for error in coded:
        room, service = error.__module__.split(".")[:2]
        prefix = rf"{service}\." if room == "services" else ""
        assert re.fullmatch(prefix + "[a-z]+(_[a-z]+)*", error.code)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_sensitive_arguments_are_arguments(method: Method) -> None:
    """What is kept out of the logs exists under that name."""
    assert set(method.contract.sensitive) <= set(schema_of(method.contract.request).fields)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_arguments_that_carry_personal_data_are_sensitive(method: Method) -> None:
    """Also when it is inside a list or another message."""
    personal = {
        re.split(r"[.\[]", path)[0]
        for path, _ in parts_of_request(method)
        if PERSONAL.search(re.split(r"[.\[]", path)[-1])
    }
    assert personal <= set(method.contract.sensitive)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_the_own_record_is_named_by_a_text_argument(method: Method) -> None:
    """A member's token is compared with an argument that there is."""
    if method.contract.own is not None:
        field = schema_of(method.contract.request).fields[method.contract.own]
        assert isinstance(field, fields.String)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_reads_are_not_writes(method: Method) -> None:
    """Commands write and need more than the right to read; questions write nothing."""
    writes = method.contract.writes
    assert not (writes and action_of(method) == "read")
    assert writes or action_of(method) != "write"
    assert not (writes and READING.match(method.name))
    owner, *_, last = parts = method.contract.request.__module__.split(".")
    room = parts[2] if owner == "services" else last
    assert writes or room != "commands"
    assert not writes or room != "schemas"
    assert writes or "dry_run" not in schema_of(method.contract.request).fields


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_every_string_of_a_request_is_bounded(method: Method) -> None:
    """No text, list or number may be as long or as large as a caller likes."""
    for path, field in parts_of_request(method):
        assert isinstance(field, KNOWN) or _is_list(field), path
        rules = list(field.validators)
        if isinstance(field, fields.String):
            assert _greatest(rules, validate.Length) or _choices(rules), path
        elif isinstance(field, fields.Integer):
            assert _greatest(rules, validate.Range), path
        elif isinstance(field, fields.Mapping) or _is_list(field):
            assert _greatest(rules, validate.Length), path


def _is_list(field: Any) -> bool:
    return isinstance(getattr(field, "inner", None), fields.Field)


def _greatest(rules: list[Any], kind: type[Any]) -> bool:
    return any(isinstance(rule, kind) and rule.max is not None for rule in rules)


def _choices(rules: list[Any]) -> bool:
    return any(isinstance(rule, validate.OneOf) for rule in rules)
