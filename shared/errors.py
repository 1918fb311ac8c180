"""One tree of errors, and the one table that puts them on the wire.

An error travels as ``{"code", "message", "details", "retryable"}``. ``code`` is stable and for
programs, ``message`` is for people, ``details`` says where, and ``retryable`` says whether the very
same request may succeed later.

    >>> to_wire(Invalid("Not valid.", fields={"email": ["Not an e-mail address."]}))["code"]
    'invalid'
"""

from __future__ import annotations

from typing import Any, ClassVar


def _sentence(documentation: str) -> str:
    """The first paragraph of a docstring as people read it: on one line, without markup."""
    paragraph = documentation.strip().partition("\n\n")[0]
    return " ".join(paragraph.replace("``", "").split())


class FacultyError(Exception):
    """Root of every error this system raises on purpose."""

    code: str = "internal"
    retryable: bool = False
    _by_code: ClassVar[dict[str, type[FacultyError]]] = {}

    def __init__(self, message: str = "", /, **details: Any) -> None:
        super().__init__(message)
        self.message = message or _sentence(type(self).__doc__ or "")
        self.details = details

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in cls.__dict__:
            FacultyError._by_code.setdefault(cls.code, cls)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Invalid(FacultyError):
    """The request is not valid."""

    code = "invalid"

    @property
    def fields(self) -> dict[str, list[str]]:
        """Reasons by dotted field path, e.g. ``{"rows.3.status": ["Must be one of: ..."]}``."""
        fields: dict[str, list[str]] = self.details.get("fields", {})
        return fields


class Unauthenticated(FacultyError):
    """No valid token came with the call."""

    code = "unauthenticated"


class Forbidden(FacultyError):
    """The token does not permit this call."""

    code = "forbidden"


class NotFound(FacultyError):
    """There is no such thing."""

    code = "not_found"


class Duplicate(FacultyError):
    """Something with the same unique value exists already."""

    code = "duplicate"


class Refused(FacultyError):
    """A rule of the domain says no."""

    code = "refused"


class Conflict(FacultyError):
    """Somebody else changed the same thing at the same time."""

    code = "conflict"
    retryable = True


class ChangedMeanwhile(FacultyError):
    """It was changed since you read it; read it again and decide anew."""

    code = "changed_meanwhile"


class IdempotencyMismatch(FacultyError):
    """The idempotency key was used before with other arguments."""

    code = "idempotency_mismatch"


class Unavailable(FacultyError):
    """The store, the broker or another server cannot be reached."""

    code = "unavailable"
    retryable = True


class DeadlineExceeded(FacultyError):
    """The answer did not come in time."""

    code = "deadline_exceeded"
    retryable = True


class Internal(FacultyError):
    """Something failed that should not have; the log has the details."""

    code = "internal"


def to_wire(error: BaseException) -> dict[str, Any]:
    """The JSON-able form of any error; what is not ours says no more than "internal"."""
    if not isinstance(error, FacultyError):
        error = Internal()
    return {
        "code": error.code,
        "message": error.message,
        "details": error.details,
        "retryable": error.retryable,
    }


def from_wire(wire: dict[str, Any]) -> FacultyError:
    """The error that ``to_wire`` described; an unknown code gives the root with that code."""
    error = FacultyError._by_code.get(wire["code"], FacultyError)(wire["message"])
    error.code = wire["code"]
    error.details = dict(wire.get("details") or {})
    error.retryable = bool(wire.get("retryable"))
    return error
