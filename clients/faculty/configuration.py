"""Where the broker is and who is calling: the environment, or a running stack's ``.run/env``."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from shared import errors
from shared.names import nearest

STACK_ENVIRONMENT = Path(".run/env")
_TOKEN = "TOKEN_"


def environment(stack_file: Path = STACK_ENVIRONMENT) -> Mapping[str, str]:
    """The process's environment over the file that a running stack has left."""
    return {**read_environment(stack_file), **os.environ}


def read_environment(path: Path) -> dict[str, str]:
    """``KEY=VALUE`` lines as a shell reads them; a file that is not there is empty."""
    if not path.is_file():
        return {}
    words = shlex.split(path.read_text(encoding="utf-8"), comments=True)
    pairs = (word.partition("=") for word in words if word != "export")
    return {name: value for name, _, value in pairs}


def amqp_uri(values: Mapping[str, str]) -> str:
    """The broker's address."""
    uri = _required(values, "AMQP_URI", "start the stack with `make up`.")
    if not _is_address(uri):
        raise errors.Invalid("AMQP_URI must be like amqp://user:password@host:5672/ or amqps://...")
    return uri


def _is_address(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        return parts.scheme in ("amqp", "amqps") and parts.port != 0
    except ValueError:  # its port is no number, or its host no address
        return False


def token(values: Mapping[str, str], role: str | None, explicit: str | None) -> str | None:
    """The token to call with: the one given, or the role's, or none."""
    if explicit is not None or role is None:
        return explicit
    roles = [name.removeprefix(_TOKEN).lower() for name in values if name.startswith(_TOKEN)]
    meant = nearest(role, roles)
    hint = f" Did you mean {' or '.join(meant)}?" if meant else ""
    missing = f"without it nothing can be done as {role}.{hint}"
    return _required(values, f"{_TOKEN}{role.upper()}", missing)


def _required(values: Mapping[str, str], name: str, hint: str) -> str:
    if not values.get(name):
        raise errors.Invalid(
            f"{name} is neither in the environment nor in {STACK_ENVIRONMENT}; {hint}"
        )
    return values[name]
