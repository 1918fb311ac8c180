"""CSV files from spreadsheets: checked columns, true line numbers, and cells no spreadsheet runs.

table = read_table(path, ("given_name", "family_name"))
table.rows[0].line, table.rows[0].values["given_name"], table.refusals
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared import errors

CELL_LIMIT = 10_000
# A file that is no table at all may have names of any length and number.
_NAME_LIMIT, _NAMED_COLUMNS = 40, 20
# A spreadsheet runs a cell that begins so: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Refusal:
    """Why a line is not imported; ``field`` is the file's column, empty for the line as a whole."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One record; ``line`` is the line of the file on which it begins."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A file's good rows and its refused ones."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    refusals: tuple[Refusal, ...]


def read_table(path: Path, columns: Sequence[str], *, ignore_others: bool = False) -> Table:
    """The file as rows of exactly these columns; raises ``Invalid`` when it has others."""
    content = path.read_bytes()
    records = _records(content, path)
    _, header = next(records, (1, []))
    names = [name.strip() for name in header]
    _check_columns(names, columns, ignore_others)
    rows, refusals = [], []
    for line, cells in records:
        faults = list(_faults(line, names, cells, columns))
        refusals += faults
        if not faults:
            values = dict(zip(names, cells, strict=True))
            rows.append(Row(line, {name: values[name].strip() for name in columns}))
    return Table(tuple(columns), tuple(rows), tuple(refusals))


def header_of(path: Path) -> list[str]:
    """The names in the first line."""
    _, header = next(_records(path.read_bytes(), path), (1, []))
    return [name.strip() for name in header]


def repeated(rows: Iterable[Row], field: str, key: Callable[[Row], object]) -> Iterator[Refusal]:
    """A refusal for every row that has the same key as an earlier one."""
    seen: dict[object, int] = {}
    for row in rows:
        first = seen.setdefault(key(row), row.line)
        if first != row.line:
            yield Refusal(row.line, field, f"The same as on line {first}.")


def _records(content: bytes, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every record that is not blank, or has blank cells only."""
    # The reader's own limit would refuse the whole file; ours refuses the cell.
    csv.field_size_limit(sys.maxsize)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise errors.Invalid(f"{path.name}: line {line} is not UTF-8 text.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise errors.Invalid(f"{path.name}: line {line}: {error}.") from None


def _check_columns(names: list[str], columns: Sequence[str], ignore_others: bool) -> None:
    counts = Counter(names)
    unknown = [] if ignore_others else [name for name in counts if name not in columns]
    fields = {
        **{name: ["This column is missing."] for name in columns if not counts[name]},
        **{_short(name): ["Unknown column."] for name in unknown[:_NAMED_COLUMNS]},
        **{name: ["This column is there twice."] for name in columns if counts[name] > 1},
    }
    if fields:
        listed = " ".join(f"{name or '(no name)'}: {why}" for name, (why,) in fields.items())
        raise errors.Invalid(
            f"The columns must be {', '.join(columns)}. {listed}",
            fields=fields,
        )


def _short(name: str) -> str:
    return name if len(name) <= _NAME_LIMIT else f"{name[:_NAME_LIMIT]}..."


def _faults(
    line: int, names: list[str], cells: list[str], columns: Sequence[str]
) -> Iterator[Refusal]:
    if len(cells) != len(names):
        yield Refusal(line, "", f"Cells: {len(cells)}, where the header has {len(names)}.")
        return
    for name, cell in zip(names, cells, strict=True):
        if name not in columns:
            continue
        if len(cell) > CELL_LIMIT:
            yield Refusal(line, name, f"Must be at most {CELL_LIMIT:,} characters.")
        elif cell.lstrip(" ").startswith(FORMULA_STARTS):
            reason = "Must not begin with =, +, -, @, a tab or a carriage return."
            yield Refusal(line, name, reason)
