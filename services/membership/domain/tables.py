"""Tables that people open in a spreadsheet: no cell of them is ever computed.

>>> rows_of(["name"], [["=1+1"]], header=False)
"'=1+1\\r\\n"
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from services.membership.domain.people import begins_a_formula


def safe(cell: object) -> str:
    """A cell's text; what a spreadsheet would compute is preceded by an apostrophe.

    See https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if begins_a_formula(text) else text


def rows_of(columns: Sequence[str], rows: Iterable[Sequence[object]], *, header: bool) -> str:
    """CSV after RFC 4180, with the names of the columns first where a header is wanted."""
    out = io.StringIO()
    writer = csv.writer(out)
    if header:
        writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()
