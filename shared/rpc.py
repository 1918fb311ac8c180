"""The ``rpc`` entrypoint: Nameko's protocol, with every call authorised, validated and bounded.

    @rpc(commands.Admit, returns=schemas.MemberView, scope="membership:write", writes=True)
    def admit(self, command):
        return self.app.admit(command)

Any Nameko client can call it with keyword arguments and ``auth_token`` in its context data:

    with ClusterRpcProxy(config, context_data={"auth_token": token}) as cluster:
        cluster.membership.admit(member_id="0193...")

A method with the scope ``PUBLIC`` may be called without a token.

An error's ``value`` is ``{"code", "message", "details", "retryable"}``. A write takes an
``idempotency_key`` in the context data.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from kombu import Queue
from nameko.exceptions import ContainerBeingKilled, MethodNotFound, get_module_path
from nameko.rpc import Rpc, RpcConsumer

from shared import health, telemetry
from shared.errors import FacultyError, Internal, Invalid, NotFound, Unavailable, to_wire
from shared.messaging.consumer import Broker, Consumption
from shared.names import nearest, unknown
from shared.schema import dump, load, parse_json

log = telemetry.logger(__name__)

F = TypeVar("F", bound=Callable[..., Any])
EXCHANGE = "nameko-rpc"
MAX_BODY_BYTES = 32 * 1024 * 1024
_PREFIX = "nameko."
PUBLIC = "public"
_ANYBODY = "anybody"


@dataclass(frozen=True)
class Contract:
    """What a method declares of itself; the catalogue and the tests of the wiring read it."""

    request: type[Any]
    returns: type[Any]
    scope: str
    own: str | None
    sensitive: tuple[str, ...]
    errors: tuple[type[FacultyError], ...]
    writes: bool

    def scope_of(self, service: str) -> str:
        """The scope in full; one without a service is the service's own."""
        whole = ":" in self.scope or self.scope == PUBLIC
        return self.scope if whole else f"{service}:{self.scope}"


class Requests(RpcConsumer):  # type: ignore[misc]
    """The queue ``rpc-<service>`` and the way back to the callers."""

    queue_consumer = Consumption()
    broker = Broker()
    queue: Any

    @property
    def sharing_key(self) -> type[RpcConsumer]:
        return Requests

    def setup(self) -> None:
        if self.queue is None:
            self.queue = Queue(f"rpc-{self.container.service_name}", no_declare=True)
            self.queue_consumer.register_provider(self)
            self._registered = True

    def declare(self, channel: Any) -> None:
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(self.queue.name, durable=True, auto_delete=False)
        key = f"{self.container.service_name}.*"
        channel.queue_bind(self.queue.name, EXCHANGE, routing_key=key)

    def take(self, message: Any) -> None:
        """Give a call to a worker; what is no call is answered with an error."""
        try:
            provider = self.get_provider_for_method(message.delivery_info["routing_key"])
            arguments = _arguments(message)
            data = _context_data(message)
        except Exception as error:
            # Whatever a caller may have sent, reading it must not end the consumer.
            if not isinstance(error, FacultyError | MethodNotFound):
                log.exception("call could not be read")
            self._answer(message, None, error)
            return
        try:
            self.container.spawn_worker(
                provider, (), arguments, data, partial(self._finish, message)
            )
        except ContainerBeingKilled:
            self.queue_consumer.requeue(message)

    def _finish(self, message: Any, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._answer(message, result, exc_info[1] if exc_info else None)
        return result, exc_info

    def _answer(self, message: Any, result: Any, error: BaseException | None) -> None:
        reply_to = message.properties.get("reply_to")
        if reply_to:
            failure = None if error is None else _payload(error, self._methods())
            payload = {"result": result, "error": failure}
            body = json.dumps(payload, separators=(",", ":")).encode()
            correlation_id = message.properties.get("correlation_id") or ""
            try:
                self.broker.publisher.reply(EXCHANGE, reply_to, body, correlation_id)
            except Unavailable:
                log.warning("answer waits for the broker")
                time.sleep(1)
                self.queue_consumer.requeue(message)
                return
        self.queue_consumer.acknowledge(message)

    def _methods(self) -> list[str]:
        return [provider.method_name for provider in self._providers]


class Method(Rpc):  # type: ignore[misc]
    """One callable method."""

    rpc_consumer = Requests()


def _arguments(message: Any) -> dict[str, Any]:
    body = message.body
    if len(body) > MAX_BODY_BYTES:
        raise Invalid("The request is too large.", fields={"": [f"Over {MAX_BODY_BYTES} bytes."]})
    if message.content_type != "application/json":
        raise Invalid("The request must be JSON.", fields={"": ["Not application/json."]})
    call = parse_json(body)
    if not isinstance(call, dict) or not isinstance(call.get("kwargs"), dict):
        raise Invalid("This is no call.", fields={"": ["Expected args and kwargs."]})
    if call.get("args"):
        raise Invalid("Arguments go by keyword.", fields={"args": ["Must be empty."]})
    arguments: dict[str, Any] = call["kwargs"]
    return {"arguments": arguments}


def _context_data(message: Any) -> dict[str, Any]:
    headers = message.headers or {}
    # A name that is no UTF-8 comes as bytes.
    named = {k: v for k, v in headers.items() if isinstance(k, str) and k.startswith(_PREFIX)}
    data = {k.removeprefix(_PREFIX): v for k, v in named.items()}
    if not isinstance(data.get("call_id_stack"), list):
        data.pop("call_id_stack", None)
    for name in ("traceparent", "tracestate"):
        data.setdefault(name, headers.get(name, ""))
    data["amqp_correlation_id"] = message.properties.get("correlation_id") or ""
    return data


def _payload(error: BaseException, methods: Collection[str] = ()) -> dict[str, Any]:
    """The error as Nameko's clients read it; ``value`` is ours. ``methods`` are those there are."""
    if isinstance(error, MethodNotFound):
        name = str(error)
        missing = NotFound(
            unknown("method", name, methods), method=name, nearest=nearest(name, methods)
        )
        value, arguments = to_wire(missing), list(error.args)
    else:
        error = error if isinstance(error, FacultyError) else Internal()
        value, arguments = to_wire(error), [error.message]
    kind = type(error)
    return {
        "exc_type": kind.__name__,
        "exc_path": get_module_path(kind),
        "exc_args": arguments,
        "value": value,
    }


def rpc(
    request: type[Any],
    *,
    returns: type[Any],
    scope: str,
    writes: bool = False,
    own: str | None = None,
    sensitive: tuple[str, ...] = (),
    errors: tuple[type[FacultyError], ...] = (),
) -> Callable[[F], F]:
    """Publish a method whose one argument is a ``request`` and whose result is a ``returns``.

    ``scope`` must be in the caller's token, unless it is ``PUBLIC``; one without a colon is the
    service's own, as in ``membership:operate``. With ``own``, a token for one's own record also
    passes when that argument is the token's subject. ``sensitive`` arguments never reach a log.
    """
    contract = Contract(request, returns, scope, own, sensitive, errors, writes)

    def decorate(method: F) -> F:
        name = method.__name__

        @functools.wraps(method)
        def answer(service: Any, arguments: dict[str, Any]) -> Any:
            started = time.perf_counter()
            code = "internal"
            with telemetry.activate(_context_of(service.worker_ctx.data)) as context:
                try:
                    result = _run(contract, name, method, service, arguments, context)
                    code = "ok"
                    return result
                except FacultyError as error:
                    code = error.code
                    log.info("call refused", method=name, code=code)
                    raise
                finally:
                    health.CALLS.labels(name, code).inc()
                    health.CALL_SECONDS.labels(name).observe(time.perf_counter() - started)

        decorated: F = Method.decorator(
            sensitive_arguments=("arguments",), expected_exceptions=FacultyError
        )(answer)
        decorated.contract = contract  # type: ignore[attr-defined]
        return decorated

    return decorate


def _context_of(data: dict[str, Any]) -> telemetry.Context:
    """The caller's trace goes on; ids that are no short texts are taken for none."""
    return telemetry.Context.start(
        correlation_id=_text(data.get("correlation_id")) or data["amqp_correlation_id"],
        traceparent=_text(data.get("traceparent")),
        tracestate=_text(data.get("tracestate")),
    )


def _run(
    contract: Contract,
    name: str,
    method: Callable[..., Any],
    service: Any,
    arguments: dict[str, Any],
    context: telemetry.Context,
) -> Any:
    context.actor, role = _caller(contract, service, arguments)
    request = load(contract.request, arguments)
    context.action, context.reason = name, _reason_of(request)
    shown = {k: "[redacted]" if k in contract.sensitive else v for k, v in arguments.items()}
    log.debug("call", method=name, role=role, arguments=shown)
    if not contract.writes:
        return dump(method(service, request))
    return _write(context, name, partial(method, service, request), service, arguments)


def _caller(contract: Contract, service: Any, arguments: dict[str, Any]) -> tuple[str, str]:
    """Who calls, in which role; a token is looked at only where one is needed."""
    if contract.scope == PUBLIC:
        return _ANYBODY, _ANYBODY
    claims = service.runtime.verifier.verify(service.worker_ctx.data.get("auth_token"))
    own = arguments.get(contract.own) if contract.own else None
    record = own if isinstance(own, str) else None
    claims.authorise(contract.scope_of(service.name), own=record, by=contract.own)
    return claims.subject, claims.role


def _write(
    context: telemetry.Context,
    name: str,
    action: Callable[[], Any],
    service: Any,
    arguments: dict[str, Any],
) -> Any:
    data, calls = service.worker_ctx.data, service.runtime.calls
    key = _text(data.get("idempotency_key"))
    identity = (
        f"key:{key}" if key else f"call:{data['amqp_correlation_id'] or telemetry.fresh_id()}"
    )
    known = calls.begin(context.actor, name, identity, arguments)
    if known.answer is not None:
        return known.replay()
    context.message_id, context.seed = f"call:{known.id}", known.seed
    try:
        result = dump(action())
    except FacultyError as error:
        if key:
            calls.refused(known, error)
        raise
    if key:
        calls.answered(known, result)
    return result


def _reason_of(request: Any) -> str:
    """The field ``reason`` of those requests that have one as text."""
    reason = getattr(request, "reason", "")
    return reason if isinstance(reason, str) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 256 else ""
