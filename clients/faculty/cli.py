"""The ``faculty`` command.

    faculty call membership.get_member --json '{"member_id": "0198..."}' --as staff
    faculty methods programmes
    faculty events tail --json --pattern 'member.*'
    faculty import members applicants.csv --as staff --admit
    faculty import register GMC gmc.csv --as staff

Results go to stdout. Errors go to stderr as JSON, with exit status 1.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console

from clients.faculty import (
    catalogue,
    configuration,
    exports,
    members,
    registers,
    reports,
    saving,
    takeovers,
)
from clients.faculty.client import DEFAULT_TIMEOUT_SECONDS, Call, Faculty
from clients.faculty.events import events as public_events
from shared import errors

_Command = Callable[..., None]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_METHOD = re.compile(r"\w+\.\w+", re.ASCII)


def _writable(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Refuses a report that could not be written before anything is imported."""
    if path is not None and not os.access(path.parent, os.W_OK | os.X_OK):
        raise click.BadParameter(f"The folder {path.parent} cannot be written to.")
    return path


def _targets(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> tuple[saving.Target, ...]:
    """Refuses files that could not be written before anything is called."""
    try:
        return tuple(map(saving.target, texts))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


_report = click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_writable,
    help="Write refused rows (CSV or .json).",
)


@contextmanager
def _errors_as_json() -> Iterator[None]:
    try:
        yield
    except errors.FacultyError as error:
        click.echo(json.dumps(errors.to_wire(error), ensure_ascii=False), err=True)
        sys.exit(1)


def _caller(command: _Command) -> _Command:
    """Adds the options that say who is calling and for how long; gives the command a client."""

    @click.option("--as", "role", metavar="ROLE", help="Call with the token TOKEN_<ROLE>.")
    @click.option("--token", metavar="TOKEN", help="Call with this token.")
    @click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=DEFAULT_TIMEOUT_SECONDS,
        show_default=True,
        help="Seconds to wait for each answer.",
    )
    @wraps(command)
    def with_client(role: str | None, token: str | None, timeout: float, **options: Any) -> None:
        with _errors_as_json():
            values = configuration.environment()
            uri = configuration.amqp_uri(values)
            with Faculty(uri, configuration.token(values, role, token), timeout) as faculty:
                command(faculty, **options)

    return with_client


@click.group()
def main() -> None:
    """Use the Faculty's services through the broker.

    The broker is AMQP_URI of the environment, or else of the running stack (.run/env).
    """


@main.command("call")
@click.argument("method", metavar="SERVICE.METHOD")
@click.option("--json", "arguments", default="{}", metavar="OBJECT", help="Arguments; - is stdin.")
@click.option("--key", metavar="KEY", help="Idempotency key: the same key does nothing twice.")
@click.option(
    "--save",
    "targets",
    metavar="FIELD=FILE",
    multiple=True,
    callback=_targets,
    help="Write a file that the answer holds in FIELD, in base64; may be repeated.",
)
@_caller
def call_method(
    faculty: Faculty,
    *,
    method: str,
    arguments: str,
    key: str | None,
    targets: tuple[saving.Target, ...],
) -> None:
    """Call a method and print its answer as JSON."""
    if not _METHOD.fullmatch(method):
        raise errors.Invalid("Name the method as SERVICE.METHOD, e.g. membership.get_member.")
    text = sys.stdin.read() if arguments == "-" else arguments
    ((_, answer),) = faculty.call_many([Call(method, _object(text), key)])
    if isinstance(answer, errors.FacultyError):
        raise answer
    try:
        answer = saving.save(answer, targets)
    finally:  # whatever it was called for has been done
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise errors.Invalid(f"The arguments are not JSON: {error}") from None
    if not isinstance(value, dict):
        raise errors.Invalid("The arguments must be a JSON object.")
    return value


@main.command("methods")
@click.argument("wanted", metavar="[SERVICE[.METHOD]]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print what the services say as JSON.")
@_caller
def list_methods(faculty: Faculty, *, wanted: str | None, as_json: bool) -> None:
    """List what can be called, as the running services say it; of one method, everything."""
    answers = catalogue.methods(faculty, wanted)
    listed = [answer for answer in answers if not isinstance(answer, errors.FacultyError)]
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        lines_of = catalogue.details_of if wanted and "." in wanted else catalogue.lines_of
        for service in listed:
            click.echo("\n".join(lines_of(service)))
    for answer in answers:
        if isinstance(answer, errors.FacultyError):
            raise answer


@main.group("events")
def events_group() -> None:
    """Public events."""


@events_group.command("tail")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.option(
    "--pattern",
    "patterns",
    multiple=True,
    default=("#",),
    show_default=True,
    help="Names of events, such as 'offer.*'; may be repeated.",
)
def tail(as_json: bool, patterns: tuple[str, ...]) -> None:
    """Print events as they come, until interrupted (Ctrl-C)."""
    with _errors_as_json():
        uri = configuration.amqp_uri(configuration.environment())

        def ready() -> None:
            click.echo("Listening.", err=True)
            _warn_of(patterns, uri)

        try:
            for event in public_events(uri, patterns, ready=ready):
                _print_event(event, as_json)
        except KeyboardInterrupt:
            return


def _warn_of(patterns: tuple[str, ...], uri: str) -> None:
    """Say which patterns nothing will ever come for; the services know which events there are."""
    if all("#" in pattern.split(".") for pattern in patterns):
        return
    with Faculty(uri) as faculty:
        for sentence in catalogue.doubtful(faculty, patterns):
            click.echo(f"Warning: {sentence}", err=True)


def _print_event(event: dict[str, Any], as_json: bool) -> None:
    if as_json:
        line = json.dumps(event, ensure_ascii=False)
    else:
        data = json.dumps(event["data"], ensure_ascii=False)
        line = f"{event.get('time', '')}  {event.get('type', '')}  {data}"
    click.echo(line)  # which flushes


@main.group("import")
def import_group() -> None:
    """Files of people, all of whose rows are imported or none."""


@import_group.command("members")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Check every row and import nothing.")
@click.option(
    "--accept-valid", is_flag=True, help="Import the good rows though others are refused."
)
@click.option("--admit", is_flag=True, help="Afterwards check each registration and admit.")
@_report
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@_caller
def import_members(
    faculty: Faculty,
    *,
    file: Path,
    dry_run: bool,
    accept_valid: bool,
    admit: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Import applicants from FILE, a CSV file with the arguments of membership.apply as columns."""
    with reports.progress_bars(Console(stderr=True)) as progress:
        outcome = members.import_members(
            faculty, file, progress, dry_run=dry_run, accept_valid=accept_valid, admit=admit
        )
    if report is not None:
        reports.write_refusals(outcome.refused, report)
    summary = reports.members_summary(file, outcome, dry_run=dry_run)
    _finish(summary, as_json, failed=bool(outcome.refused))


@import_group.command("register")
@click.argument("regulator")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Check every row and import nothing.")
@click.option("--complete", is_flag=True, help="The file is the whole register: others are off it.")
@_report
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@_caller
def import_register(
    faculty: Faculty,
    *,
    regulator: str,
    file: Path,
    dry_run: bool,
    complete: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Import FILE, an extract of REGULATOR's register."""
    with reports.progress_bars(Console(stderr=True)) as progress:
        outcome = registers.import_register(
            faculty, regulator, file, progress, dry_run=dry_run, complete=complete
        )
    if report is not None:
        reports.write_refusals(outcome.refused, report)
    summary = reports.register_summary(file, outcome, dry_run=dry_run)
    _finish(summary, as_json, failed=bool(outcome.refused))


@import_group.command("existing-members")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Check every row and take over nobody.")
@click.option(
    "--accept-valid", is_flag=True, help="Take over the good rows though others are refused."
)
@_report
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@_caller
def import_existing_members(
    faculty: Faculty,
    *,
    file: Path,
    dry_run: bool,
    accept_valid: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Take over members from FILE, a CSV file of those that another system knew."""
    with reports.progress_bars(Console(stderr=True)) as progress:
        outcome = takeovers.take_over(
            faculty, file, progress, dry_run=dry_run, accept_valid=accept_valid
        )
    if report is not None:
        reports.write_refusals(outcome.refused, report)
    summary = reports.takeover_summary(file, outcome, dry_run=dry_run)
    _finish(summary, as_json, failed=bool(outcome.refused))


@main.group("export")
def export_group() -> None:
    """Files for spreadsheets."""


@export_group.command("members")
@click.argument("file", type=click.File("w", encoding="utf-8"))
@click.option("--filter", "filters", multiple=True, metavar="NAME=VALUE", help="As find_members.")
@click.option("--column", "columns", multiple=True, help="May be repeated; by default all.")
@_caller
def export_members(
    faculty: Faculty, *, file: TextIO, filters: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    """Write members to FILE as CSV; - is standard output. No cell is run by a spreadsheet."""
    written = exports.export_members(faculty, file, _pairs(filters), columns, lambda _rows: None)
    click.echo(f"Members written: {written:,}", err=True)


def _pairs(filters: tuple[str, ...]) -> dict[str, str]:
    split = [each.partition("=") for each in filters]
    if any(not separator for _, separator, _ in split):
        raise errors.Invalid("Give a filter as NAME=VALUE, e.g. --filter nation=wales.")
    return {name: value for name, _, value in split}


def _finish(summary: dict[str, Any], as_json: bool, *, failed: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        reports.print_summary(Console(), summary)
    if failed:
        sys.exit(1)
