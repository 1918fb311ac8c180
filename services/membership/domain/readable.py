"""An export put together: one JSON document, and the same as Markdown for people to read.

>>> list(_lines({"given_name": "Nia", "stages": [{"since": "2026-11-24"}]}, 0))
['- given name: Nia', '- stages:', '  - (1)', '    - since: 2026-11-24']
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.membership.domain.exports import SERVICES, ExportRequest
from shared.export import as_json

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def put_together(request: ExportRequest, texts: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """The document: what each service contributed, under its name."""
    return {
        "request_id": request.id,
        "member_id": request.member_id,
        "received_on": request.received_on.isoformat(),
        "ready_on": request.ready_on.isoformat() if request.ready_on else None,
        "services": {name: _joined(texts[name]) for name in SERVICES if name in texts},
    }


def _joined(texts: Iterable[str]) -> dict[str, Any]:
    """The records of all, and each note once."""
    read = [json.loads(text) for text in texts]
    notes = dict.fromkeys(note for each in read for note in each["notes"])
    return {"records": [one for each in read for one in each["records"]], "notes": list(notes)}


def machine_readable(document: Mapping[str, Any]) -> str:
    """The document as JSON in ASCII."""
    return as_json(document)


def readable(document: Mapping[str, Any]) -> str:
    """The document as Markdown; line breaks inside a text become spaces."""
    lines = [
        "# What we keep about you",
        "",
        f"Request {document['request_id']}, received on {document['received_on']},"
        f" ready on {document['ready_on']}.",
    ]
    for service, contributed in document["services"].items():
        lines += ["", f"## {service.capitalize()}"]
        for note in contributed["notes"]:
            lines += ["", _said(note)]
        if not contributed["records"]:
            lines += ["", "No records."]
        for record in contributed["records"]:
            lines += ["", *_record(record)]
    return "\n".join(lines) + "\n"


def _record(record: Mapping[str, Any]) -> Iterator[str]:
    title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", record["record"]).capitalize()
    yield f"### {title} {_said(record['id'])}"
    yield ""
    yield from _lines(record["data"], 0)
    if record.get("history"):
        yield ""
        yield "#### Changes"
        yield ""
        yield from _lines(record["history"], 0)


def _lines(value: Any, depth: int) -> Iterator[str]:
    """A mapping or a list as a nested list; what is empty is left out."""
    indent = "  " * depth
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _entry(f"{indent}- {_said(str(name).replace('_', ' '))}:", item, depth)
        return
    for position, item in enumerate(value, 1):
        if isinstance(item, Mapping | list):
            yield from _entry(f"{indent}- ({position})", item, depth)
        else:
            yield f"{indent}- {_said(item)}"


def _entry(label: str, value: Any, depth: int) -> Iterator[str]:
    if value in (None, "", [], {}):
        return
    if isinstance(value, Mapping | list):
        yield label
        yield from _lines(value, depth + 1)
    else:
        yield f"{label} {_said(value)}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _MARKUP.sub(r"\\\1", " ".join(str(value).split()))
