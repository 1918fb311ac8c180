"""Calls to the services: deadlines, several in flight, and safe repetition after a lost connection.

    with Faculty(amqp_uri, token=token) as faculty:
        faculty.call("membership.admit", member_id=member_id, idempotency_key="admit-0198")
        calls = [Call("membership.get_member", {"member_id": m}) for m in members]
        for index, answer in faculty.call_many(calls):
            ...

One ``Faculty`` belongs to one thread; threads that want to call have one each.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple

from clients.faculty import protocol
from clients.faculty.connection import LOST, MISSING, REFUSED, Link, Listener, unreachable
from shared import errors

DEFAULT_TIMEOUT_SECONDS = 30.0
_RECONNECT_SECONDS = (0.1, 2.0)  # first pause and longest pause; it doubles between
_LONGEST_WAIT_SECONDS = 1.0


class Call(NamedTuple):
    """One call of ``Faculty.call_many``. Only with a key is it repeated after a lost connection."""

    method: str
    arguments: Mapping[str, Any]
    key: str | None = None
    token: str | None = None
    """Instead of the token of the ``Faculty`` object."""


@dataclass(slots=True)
class _Pending:
    call: Call
    body: str
    headers: dict[str, Any]
    correlation_id: str
    deadline: float
    sent: bool = False
    confirmed: bool = False
    done: bool = False
    answer: Any = None

    def finish(self, answer: Any) -> None:
        if not self.done:
            self.done, self.answer = True, answer


class Faculty:
    """The services' RPC methods, called over AMQP."""

    def __init__(
        self,
        amqp_uri: str,
        token: str | None = None,
        timeout: float = DEFAULT_TIMEOUT_SECONDS,
        *,
        link: Callable[[str, uuid.UUID, Listener], Link] = Link,
    ) -> None:
        self.token = token
        self._amqp_uri = amqp_uri
        self._timeout = timeout
        self._reply_id = uuid.uuid4()
        self._open_link = link
        self._link: Link | None = None
        self._pending: dict[str, _Pending] = {}

    def call(
        self,
        method: str,
        /,
        *,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        **arguments: Any,
    ) -> Any:
        """The result of ``<service>.<method>``, within ``timeout`` seconds.

        Raises the ``FacultyError`` the service answered with, or ``DeadlineExceeded`` when it did
        not answer, ``Unavailable`` when it cannot be reached and ``NotFound`` when there is none.
        """
        pending = self._begin(Call(method, arguments, idempotency_key), timeout)
        while not pending.done:
            self._progress()
        if isinstance(pending.answer, errors.FacultyError):
            raise pending.answer
        return pending.answer

    def call_many(
        self,
        calls: Iterable[tuple[str, Mapping[str, Any], str | None] | Call],
        in_flight: int = 20,
        timeout: float | None = None,
    ) -> Iterator[tuple[int, Any]]:
        """``(index, result or FacultyError)`` in the order of completion.

        ``timeout`` is in seconds and for each call. ``calls`` is read as answers come in.
        """
        waiting = enumerate(calls)
        mine: dict[int, _Pending] = {}
        exhausted = False
        try:
            while mine or not exhausted:
                while len(mine) < in_flight and not exhausted:
                    index, call = next(waiting, (-1, None))
                    if call is None:
                        exhausted = True
                    else:
                        mine[index] = self._begin(Call(*call), timeout)
                finished = [index for index, pending in mine.items() if pending.done]
                for index in finished:
                    yield index, mine.pop(index).answer
                if mine and not finished:
                    self._progress()
        finally:
            for pending in mine.values():
                self._pending.pop(pending.correlation_id, None)

    def close(self) -> None:
        """Close the connection; a later call opens it again."""
        link, self._link = self._link, None
        self._pending.clear()
        if link is not None:
            link.close()

    def __enter__(self) -> Faculty:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self, call: Call, timeout: float | None) -> _Pending:
        correlation_id = str(uuid.uuid4())
        seconds = self._timeout if timeout is None else timeout
        pending = _Pending(
            call=call,
            body="",
            headers=protocol.headers_of_call(
                call.method,
                correlation_id,
                token=call.token or self.token,
                idempotency_key=call.key,
            ),
            correlation_id=correlation_id,
            deadline=time.monotonic() + seconds,
        )
        try:
            pending.body = protocol.encode_arguments(call.arguments)
        except errors.Invalid as error:
            pending.finish(error)
            return pending
        self._pending[correlation_id] = pending
        self._send_unsent()
        return pending

    def _progress(self) -> None:
        """Wait for one thing to happen: a reply, a lost connection or the next deadline."""
        self._expire()
        if not self._pending:
            return
        if self._link is None:
            self._send_unsent()
            return
        seconds = min(pending.deadline for pending in self._pending.values()) - time.monotonic()
        self._guarded(lambda link: link.drain(min(max(seconds, 0.001), _LONGEST_WAIT_SECONDS)))
        if self._link is None:
            self._send_unsent()

    def _send_unsent(self) -> None:
        pause, longest = _RECONNECT_SECONDS
        while unsent := [pending for pending in self._pending.values() if not pending.sent]:
            if self._link is not None or self._connect():
                for pending in unsent:
                    if self._link is not None and not pending.done:
                        self._send(pending)
            elif self._pending:
                time.sleep(pause)
                pause = min(pause * 2, longest)
                self._expire()

    def _send(self, pending: _Pending) -> None:
        seconds = pending.deadline - time.monotonic()
        if seconds <= 0:
            self._expire()
            return
        pending.sent = True
        self._guarded(
            lambda link: link.publish(
                pending.call.method,
                pending.body,
                pending.headers,
                correlation_id=pending.correlation_id,
                seconds=seconds,
            )
        )

    def _connect(self) -> bool:
        """Open the link. When the broker is away only calls that may be repeated go on waiting."""
        try:
            self._link = self._open_link(self._amqp_uri, self._reply_id, self)
        except LOST:
            self._finish_all(unreachable(self._amqp_uri), lambda pending: pending.call.key is None)
        except REFUSED:
            self._finish_all(errors.Unauthenticated("The broker refused this user."))
        except MISSING:
            self._finish_all(errors.Unavailable("The broker has no exchange for calls yet."))
        return self._link is not None

    def _guarded(self, action: Callable[[Link], None]) -> None:
        link = self._link
        if link is None:
            return
        try:
            action(link)
        except REFUSED:
            self._refused()
            self._lost(link)
        except LOST:
            self._lost(link)

    def _refused(self) -> None:
        """The broker closes the channel and does not say for which message."""
        unconfirmed = [each for each in self._pending.values() if each.sent and not each.confirmed]
        nobodys = [each for each in unconfirmed if protocol.is_nobodys(each.call.method)]
        for pending in nobodys:
            self._finish(pending.correlation_id, protocol.no_service(pending.call.method))
        for pending in unconfirmed if not nobodys else ():
            forbidden = errors.Forbidden("The broker does not let this user call that.")
            self._finish(pending.correlation_id, forbidden)

    def _lost(self, link: Link) -> None:
        self._link = None
        link.abandon()
        self._finish_all(
            errors.Unavailable("The connection was lost; whether the call was done is unknown."),
            lambda pending: pending.sent and pending.call.key is None,
        )
        for pending in self._pending.values():
            pending.sent = pending.confirmed = False

    def _expire(self) -> None:
        now = time.monotonic()
        for pending in [each for each in self._pending.values() if each.confirmed]:
            if now >= pending.deadline:
                self._finish(pending.correlation_id, _unanswered(pending.call.method))
        self._finish_all(
            errors.Unavailable("The broker did not take the call in time."),
            lambda pending: now >= pending.deadline,
        )

    def _finish_all(
        self, error: errors.FacultyError, which: Callable[[_Pending], bool] = lambda _: True
    ) -> None:
        for pending in [pending for pending in self._pending.values() if which(pending)]:
            self._finish(pending.correlation_id, error)

    def _finish(self, correlation_id: str, answer: Any) -> None:
        pending = self._pending.pop(correlation_id, None)
        if pending is not None:
            pending.finish(answer)

    def confirmed(self, correlation_id: str) -> None:
        """The broker has put the call into the service's queue."""
        if correlation_id in self._pending:
            self._pending[correlation_id].confirmed = True

    def rejected(self, correlation_id: str) -> None:
        """The broker did not accept the call."""
        self._finish(correlation_id, errors.Unavailable("The broker rejected the call."))

    def unroutable(self, correlation_id: str) -> None:
        """No service takes this call."""
        pending = self._pending.get(correlation_id)
        if pending is not None:
            self._finish(correlation_id, protocol.no_service(pending.call.method))

    def replied(self, correlation_id: str, body: bytes) -> None:
        """A service answered."""
        try:
            answer = protocol.decode_reply(body)
        except errors.FacultyError as error:
            answer = error
        self._finish(correlation_id, answer)


def _unanswered(method: str) -> errors.DeadlineExceeded:
    return errors.DeadlineExceeded(
        f"{method} was not answered in time; whether it was done is unknown."
    )
