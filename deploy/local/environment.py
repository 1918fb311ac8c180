"""What a client of a running stack needs to know, as ``KEY=VALUE`` lines for a shell."""

from __future__ import annotations

import shlex

from deploy.local.ports import write_private
from deploy.local.stack import Stack

ROLES = ("staff", "ops", "reviewer", "member", "integrator")
# Long enough for a day of trying things out; services take whatever expiry is signed.
TOKEN_SECONDS = 12 * 60 * 60


def client_environment(stack: Stack) -> dict[str, str]:
    """Addresses, one token for each role and the files of the keys."""
    return {
        "AMQP_URI": stack.amqp_uri("apps"),
        "AMQP_URI_INTEGRATOR": stack.amqp_uri("integrator"),
        "AMQP_URI_OPS": stack.amqp_uri("ops"),
        "MONGODB_URI": stack.mongodb_uri,
        "SMTP_HOST": stack.mail.host,
        "SMTP_PORT": str(stack.mail.port),
        "MAIL_DIR": str(stack.mail.folder),
        "AUTH_PRIVATE_KEY_FILE": str(stack.keys.private_file),
        "AUTH_PUBLIC_KEY_FILE": str(stack.keys.public_file),
        **{f"TOKEN_{role.upper()}": stack.token(role, ttl_seconds=TOKEN_SECONDS) for role in ROLES},
        **{f"{each.name.upper()}_HTTP_PORT": str(each.http_port) for each in stack.services},
    }


def write(stack: Stack) -> None:
    """Write ``env`` into the stack's folder, readable by its owner only."""
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in client_environment(stack).items()]
    write_private(stack.root / "env", "".join(lines))
