"""Tokens that nobody could use are not made."""

from pathlib import Path

import jwt
import pytest

from deploy.local import StackError
from deploy.local.__main__ import parser, run


def token(root: Path, *arguments: str) -> None:
    run(parser().parse_args(["token", *arguments, "--root", str(root)]))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("stafff",), "Did you mean staff"),
        (("nurse",), "There are: integrator, member, ops, reviewer, staff"),
        (("member",), "--subject"),
        (("staff", "--seconds", "0"), "--seconds"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    """As an error of the command, not of the program."""
    with pytest.raises(StackError, match=told):
        token(tmp_path, *arguments)


@pytest.mark.parametrize(
    ("arguments", "subject", "role"),
    [
        ((), "staff@local", "staff"),
        (("ops", "--subject", "anna"), "anna", "ops"),
        (("member", "--subject", "0198"), "0198", "member"),
    ],
)
def test_a_token_is_for_a_role_and_a_subject(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    subject: str,
    role: str,
) -> None:
    """Of staff, and named after the role, where nothing else is said."""
    token(tmp_path, *arguments)
    claims = jwt.decode(capsys.readouterr().out.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["role"]) == (subject, role)
