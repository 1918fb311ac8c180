"""Nameko's RPC protocol and the CloudEvents headers, as pure functions.

A call is a JSON body ``{"args": [], "kwargs": {...}}`` sent to the topic exchange ``nameko-rpc``
with the routing key ``<service>.<method>``; what surrounds it (token, idempotency key, ids) travels
in headers that begin with ``nameko.``. The answer is ``{"result": ..., "error": null or {...}}``.

    >>> encode_arguments({"member_id": "0198"})
    '{"args": [], "kwargs": {"member_id": "0198"}}'
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from shared import errors
from shared.names import nearest, unknown

CALL_EXCHANGE = "nameko-rpc"
SERVICES = ("membership", "programmes", "notifications", "research")
EVENT_EXCHANGES = tuple(f"{service}.events" for service in SERVICES)
_CLOUD_EVENTS_PREFIX = "ce-"
_TRACE_HEADERS = ("traceparent", "tracestate")


def encode_arguments(arguments: Mapping[str, Any]) -> str:
    """The body of a call; dates and times become ISO 8601 text."""
    try:
        return json.dumps(
            {"args": [], "kwargs": dict(arguments)}, ensure_ascii=False, default=_iso_text
        )
    except (TypeError, ValueError) as error:
        raise errors.Invalid(f"The arguments cannot be written as JSON: {error}") from None


def _iso_text(value: object) -> str:
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not a JSON type")


def headers_of_call(
    method: str, correlation_id: str, *, token: str | None, idempotency_key: str | None
) -> dict[str, Any]:
    """The ``nameko.`` headers; absent values are left out, for a header cannot be null."""
    headers: dict[str, Any] = {
        "nameko.call_id_stack": [f"apps.{method}.{correlation_id}"],
        "nameko.correlation_id": correlation_id,
    }
    if token is not None:
        headers["nameko.auth_token"] = token
    if idempotency_key is not None:
        headers["nameko.idempotency_key"] = idempotency_key
    return headers


def is_nobodys(method: str) -> bool:
    """Whether there is no such service, whoever may be running."""
    return method.partition(".")[0] not in SERVICES


def no_service(method: str) -> errors.NotFound:
    """Why nobody takes a call."""
    service = method.partition(".")[0]
    if is_nobodys(method):
        meant = nearest(service, SERVICES)
        sentence = unknown("service", service, SERVICES)
        return errors.NotFound(sentence, service=service, nearest=meant)
    return errors.NotFound(f"The service {service} has never run on this broker.", service=service)


def decode_reply(body: bytes | str | memoryview) -> Any:
    """The result of a reply; raises the ``FacultyError`` that the service answered with."""
    try:
        reply = json.loads(body if isinstance(body, str) else bytes(body))
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        raise errors.Internal("The service's answer cannot be read.")
    if reply.get("error") is not None:
        raise _error_of(reply["error"])
    return reply.get("result")


def _error_of(error: Any) -> errors.FacultyError:
    """The wire table's error; Nameko's own failures arrive outside it and are mapped here."""
    kind, value = (
        (error.get("exc_type"), error.get("value")) if isinstance(error, dict) else ("", error)
    )
    if isinstance(value, dict) and "code" in value and "message" in value:
        return errors.from_wire(value)
    if kind == "MethodNotFound":
        return errors.NotFound(f"The service has no method {value}.")
    if kind in ("IncorrectSignature", "MalformedRequest"):
        return errors.Invalid(str(value))
    return errors.Internal("The service failed.", remote=str(kind))


def decode_event(
    headers: Mapping[str, Any], content_type: str | None, body: bytes | str | memoryview
) -> dict[str, Any]:
    """A message in CloudEvents binary mode as one mapping: the attributes, and ``data``.

    Data which is not JSON is given as text, so that a stray message never ends a subscription.
    """
    event = {
        name[len(_CLOUD_EVENTS_PREFIX) :].lower(): str(value)
        for name, value in headers.items()
        if name.lower().startswith(_CLOUD_EVENTS_PREFIX)
    }
    event |= {name: str(headers[name]) for name in _TRACE_HEADERS if name in headers}
    if content_type:
        event["datacontenttype"] = content_type
    text = body if isinstance(body, str) else bytes(body).decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except ValueError:
        data = text
    return {**event, "data": data}
