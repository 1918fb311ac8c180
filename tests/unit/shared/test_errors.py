"""The tree of errors and its one wire table."""

import pytest

from shared import errors


@pytest.mark.parametrize(
    ("cls", "code", "retryable"),
    [
        (errors.Invalid, "invalid", False),
        (errors.Unauthenticated, "unauthenticated", False),
        (errors.Forbidden, "forbidden", False),
        (errors.NotFound, "not_found", False),
        (errors.Duplicate, "duplicate", False),
        (errors.Refused, "refused", False),
        (errors.Conflict, "conflict", True),
        (errors.IdempotencyMismatch, "idempotency_mismatch", False),
        (errors.Unavailable, "unavailable", True),
        (errors.DeadlineExceeded, "deadline_exceeded", True),
        (errors.Internal, "internal", False),
    ],
)
def test_every_error_survives_the_wire(
    cls: type[errors.FacultyError], code: str, retryable: bool
) -> None:
    """What arrives has the class, code, message, details and retryability of what left."""
    wire = errors.to_wire(cls("Because.", where="here"))
    assert wire == {
        "code": code,
        "message": "Because.",
        "details": {"where": "here"},
        "retryable": retryable,
    }
    again = errors.from_wire(wire)
    assert type(again) is cls
    assert errors.to_wire(again) == wire


def test_a_foreign_exception_says_only_internal() -> None:
    """Text of an unforeseen exception, which may hold personal data, never leaves."""
    wire = errors.to_wire(ValueError("ada@example.org is broken"))
    assert wire["code"] == "internal"
    assert "ada" not in str(wire)


def test_a_code_of_another_service_keeps_its_code() -> None:
    """A caller that does not know a service's own error still reads its code and details."""
    wire = {"code": "x.unheard_of", "message": "No.", "details": {"a": 1}, "retryable": True}
    error = errors.from_wire(wire)
    assert errors.to_wire(error) == wire


def test_a_message_that_is_not_given_is_a_sentence_for_people() -> None:
    """The first paragraph of the docstring, on one line and without markup."""

    class Overdue(errors.Refused):
        """The book is ``late``, which
        is a pity.

        How late is in the details.
        """

        code = "library.overdue"

    assert Overdue().message == "The book is late, which is a pity."
    assert Overdue("Late.").message == "Late."
