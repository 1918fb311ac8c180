"""The local stack from a shell.

python -m deploy.local up|down|status|logs|token|definitions [--root .run]
"""

from __future__ import annotations

import argparse
import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import SERVICES, Stack, StackError, compose, environment, rehearsal
from deploy.local.members import REPOSITORY
from deploy.local.status import look
from shared.auth import ROLES
from shared.names import unknown

DEFAULT_ROOT = Path(".run")


def up(stack: Stack, *, trial: bool | None) -> None:
    """Start what does not run, write the environment file and show the stack."""
    with alone(stack):
        rehearsal.choose(stack, trial)
        say("Starting the broker, the store, the mail sink and the services ...")
        stack.start()
        environment.write(stack)
    status(stack)
    say(f"\nAddresses and tokens: {stack.root / 'env'}")


def down(stack: Stack) -> None:
    """Stop this stack; its data stays."""
    with alone(stack):
        stack.stop()
    say("Stopped. The data stays in " + str(stack.root / "data"))


def status(stack: Stack) -> bool:
    """Print a line for each member; whether all of them run and answer."""
    rows = look(stack)
    for row in rows:
        say(str(row))
    return all(row.well for row in rows)


def logs(stack: Stack, *, follow: bool) -> None:
    """Print the ends of all logs; go on with them when asked to."""
    files = sorted(str(path) for path in (stack.root / "logs").glob("*.log"))
    if not files:
        say("No logs yet.")
        return
    options = ["--follow=name", "--retry"] if follow else []
    subprocess.run(["tail", "--lines=40", *options, *files], check=False)


@contextmanager
def alone(stack: Stack) -> Iterator[None]:
    """Let one command at a time start or stop members."""
    with (stack.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is what the command is for


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    whole.add_argument("command", choices=["up", "down", "status", "logs", "token", "definitions"])
    whole.add_argument("role", nargs="?", default="staff", help="token: the role, e.g. staff")
    whole.add_argument("--root", type=Path, default=DEFAULT_ROOT, help="the stack's folder")
    whole.add_argument("--subject", help="token: whose it is, e.g. a member's id")
    whole.add_argument("--seconds", type=int, default=900, help="token: how long it is good for")
    whole.add_argument(
        "--trial",
        action=argparse.BooleanOptionalAction,
        help="up: let clocks be put forward; once chosen, it has to be said each time",
    )
    whole.add_argument("--follow", action="store_true", help="logs: go on as they grow")
    return whole


def run(arguments: argparse.Namespace) -> int:
    """Carry out one command; the exit status."""
    if arguments.command == "definitions":
        folder = arguments.root / "compose"
        compose.write(folder, REPOSITORY / ".env")
        say(f"Written: {folder} and {REPOSITORY / '.env'}")
        return 0
    stack = Stack(arguments.root, services=SERVICES)
    match arguments.command:
        case "up":
            up(stack, trial=arguments.trial)
        case "down":
            down(stack)
        case "status":
            return 0 if status(stack) else 1
        case "logs":
            logs(stack, follow=arguments.follow)
        case "token":
            say(token(stack, arguments.role, arguments.subject, arguments.seconds))
    return 0


def token(stack: Stack, role: str, subject: str | None, seconds: int) -> str:
    """A caller's token; raises ``StackError`` where nothing could be done with it."""
    if role not in ROLES:
        raise StackError(unknown("role", role, ROLES))
    if role == "member" and subject is None:
        raise StackError("A member's token is for one record: give the member's id as --subject.")
    if seconds <= 0:
        raise StackError("Give as --seconds how long the token is to be good for, at least 1.")
    return stack.token(role, subject, ttl_seconds=seconds)


def main() -> int:
    try:
        return run(parser().parse_args())
    except StackError as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is what the command is for
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
