"""Structured JSON logs that carry correlation and trace ids and no personal data.

Every call and every event is handled inside a ``Context``; whatever is logged or published
meanwhile carries its ids, so one person's journey can be followed over all services.

    configure("membership", "INFO")
    with activate(Context.start(message_id="call:1")):
        log.info("member admitted", member_id=...)
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import sys
import uuid
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
import uuid_utils

# https://www.w3.org/TR/trace-context/#traceparent-header
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_SENSITIVE = (
    "token|password|secret|authori[sz]ation|e_?mail|given_name|family_name|date_of_birth"
    "|registration_number|answers|pseudonym"
)
_SENSITIVE_KEYS = re.compile(f"{_SENSITIVE}|^body$|^data$|^kwargs$|^args$", re.IGNORECASE)
# In what only looks like JSON: a name and what follows it; of a list or mapping, all the rest.
_SENSITIVE_VALUES = re.compile(
    rf"""(\w{{0,40}}(?:{_SENSITIVE})\w{{0,40}}["']?\s{{0,9}}[:=]\s{{0,9}})([{{\[].*|"[^"]*"?|[^\s,}}\]]+)""",
    re.IGNORECASE | re.DOTALL,
)
# What a person is to be given of their data is JSON inside JSON, whose own quotes end nothing.
_SENSITIVE_DATA = re.compile(r"""(["']data["']\s{0,9}:\s{0,9}["']).*""", re.DOTALL)
# Each begins where a word does, so that a long one is looked at once and not from every letter.
_EMAIL = re.compile(r"(?<![^\s@<>\"',;:])[^\s@<>\"',;:]+@[^\s@<>\"',;:]+")
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]+")
_URI_PASSWORD = re.compile(r"(?<=://)[^/\s@]+@")
REDACTED = "[redacted]"
_DEEPEST = 40


@dataclass
class Context:
    """What is being handled: the ids to pass on, and the seed of the ids made meanwhile."""

    correlation_id: str
    traceparent: str
    tracestate: str = ""
    message_id: str = ""
    """Identity of the call or event in hand; the same on redelivery. Empty for reads and timers."""
    seed: str = ""
    actor: str = ""
    action: str = ""
    reason: str = ""
    """Who does what, and why: what an audit trail says of the writes made meanwhile."""
    _made: int = field(default=0, repr=False)

    @classmethod
    def start(
        cls,
        *,
        correlation_id: str = "",
        traceparent: str = "",
        tracestate: str = "",
        message_id: str = "",
        seed: str = "",
        actor: str = "",
        action: str = "",
        reason: str = "",
    ) -> Context:
        """Continue the caller's trace, or start one where there is none or it is malformed."""
        match = _TRACEPARENT.fullmatch(traceparent)
        trace_id, flags = (match[1], match[3]) if match else (secrets.token_hex(16), "01")
        return cls(
            correlation_id=correlation_id or fresh_id(),
            traceparent=f"00-{trace_id}-{secrets.token_hex(8)}-{flags}",
            tracestate=tracestate if match else "",
            message_id=message_id,
            seed=seed,
            actor=actor,
            action=action,
            reason=reason,
        )

    def next_id(self) -> str:
        """A UUIDv7; with a seed, the n-th asked for is the same whenever the message is handled."""
        if not self.seed:
            return fresh_id()
        self._made += 1
        if self._made == 1 and not self.message_id.startswith("event:"):
            return self.seed
        timestamp = uuid.UUID(self.seed).int >> 80
        return derived_id(timestamp, f"{self.message_id}|{self.seed}|{self._made}")


def derived_id(milliseconds: int, text: str) -> str:
    """A UUIDv7 of this time since 1970 that is always the same for the same text."""
    random_bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:10], "big")
    value = milliseconds << 80 | random_bits
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


_current: ContextVar[Context | None] = ContextVar("faculty_context", default=None)


def fresh_id() -> str:
    """A UUIDv7 that depends on nothing."""
    return str(uuid_utils.uuid7())


def current() -> Context:
    """The context in hand; a fresh one outside any call, event or tick."""
    return _current.get() or Context.start()


@contextmanager
def activate(context: Context) -> Iterator[Context]:
    """Make ``context`` the current one for this green thread."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@contextmanager
def apart() -> Iterator[None]:
    """The context in hand without the message's identity, for changes that follow from it.

    A repository passes over what a message did before. Taken for the message's, a second change of
    one document would be passed over too; what is done so must bear repetition by itself.
    """
    with activate(replace(current(), message_id="", seed="")):
        yield


def redact(value: Any, _depth: int = 0) -> Any:
    """The value without e-mail addresses, tokens or passwords, and without sensitive keys.

    What lies deeper than anything of ours would is left out whole.
    """
    if isinstance(value, str):
        value = _URI_PASSWORD.sub(f"{REDACTED}@", value)
        return _JWT.sub(REDACTED, _EMAIL.sub(REDACTED, value))
    if not isinstance(value, dict | list | tuple | set | frozenset):
        return value
    if _depth >= _DEEPEST:
        return REDACTED
    if isinstance(value, dict):
        return {
            key: REDACTED if _SENSITIVE_KEYS.search(str(key)) else redact(item, _depth + 1)
            for key, item in value.items()
        }
    return [redact(item, _depth + 1) for item in value]


def redact_text(text: str) -> str:
    """A text that may be a part of something larger, without what ``redact`` would leave out."""
    text = _SENSITIVE_DATA.sub(rf"\1{REDACTED}", text)
    return str(redact(_SENSITIVE_VALUES.sub(rf"\1{REDACTED}", text)))


def _add_context(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = _current.get()
    if context is not None:
        entry["correlation_id"] = context.correlation_id
        entry["trace_id"] = context.traceparent.split("-")[1]
    return entry


def _redact_entry(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    cleaned: dict[str, Any] = redact(dict(entry))
    return cleaned


def configure(service: str, level: str = "INFO") -> None:
    """Send everything logged, by us and by libraries, to standard output as one JSON line each."""

    def add_service(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        entry["service"] = service
        return entry

    common: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_service,
        _add_context,
    ]
    structlog.configure(
        processors=[*common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redact_entry,
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Their lines at INFO and below repeat arguments and addresses, or say nothing new.
    for noisy in ("nameko", "kombu", "amqp", "pymongo"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It would log a traceback for every call that is refused as it should be.
    logging.getLogger("nameko.containers").setLevel(logging.ERROR)


def logger(name: str) -> Any:
    """A structured logger: ``log.info("what happened", key=value)``."""
    return structlog.stdlib.get_logger(name)
