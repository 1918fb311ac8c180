"""Versioned templates: files that say which event they belong to and what they need of it.

``templates/<name>/v<version>/`` holds ``subject.txt``, ``body.txt``, ``body.html`` and
``meta.json`` with the ``event``, ``category`` and ``placeholders``. All are read and checked
at start: a placeholder used but not declared, declared but not used, or that neither the event nor
the member's contact can fill stops the service. A version that was ever sent is never edited; write
the next one.

    templates = Templates.load(DIRECTORY, {"member.admitted": {"member_id", "grade"}})
    template = templates.latest("welcome")
    template.render({"given_name": "Nia", "family_name": "Probert", "grade": "trainee"})
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta

from services.notifications.errors import TemplateRefused
from services.notifications.subscriptions import OCCASIONS

DIRECTORY = Path(__file__).parent / "templates"
CONTACT_FIELDS = frozenset({"given_name", "family_name"})
_PARTS = ("subject.txt", "body.txt", "body.html")
_META_KEYS = {"event", "category", "placeholders"}


class Category(StrEnum):
    """Mandatory messages are part of the service itself and exempt from marketing rules."""

    MANDATORY = "mandatory"


@dataclass(frozen=True)
class Rendered:
    """What a template says to one person; the subject is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Template:
    """One version of one message."""

    name: str
    version: int
    event: str
    category: Category
    placeholders: frozenset[str]
    parts: Mapping[str, jinja2.Template]

    def select(self, event_data: Mapping[str, Any]) -> dict[str, str]:
        """What the template needs of an event's data."""
        wanted = sorted(self.placeholders - CONTACT_FIELDS)
        self._refuse("missing", set(wanted) - set(event_data))
        return {name: str(event_data[name]) for name in wanted}

    def render(self, values: Mapping[str, str]) -> Rendered:
        """Raises ``TemplateRefused`` unless ``values`` are exactly the placeholders."""
        self._refuse("missing", self.placeholders - set(values))
        self._refuse("extra", set(values) - self.placeholders)
        try:
            subject, text, html = (self.parts[part].render(values) for part in _PARTS)
        except (jinja2.TemplateError, ValueError) as error:
            # The error's own text may quote a value, so only its kind is told.
            raise TemplateRefused(self._label(type(error).__name__)) from None
        return Rendered(" ".join(subject.split()), text, html)

    def _refuse(self, kind: str, names: Collection[str]) -> None:
        if names:
            raise TemplateRefused(self._label(f"{kind} placeholders"), **{kind: sorted(names)})

    def _label(self, reason: str) -> str:
        return f"Template {self.name} v{self.version}: {reason}"


class Templates:
    """All versions of all templates."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._templates = {(item.name, item.version): item for item in templates}

    @classmethod
    def load(cls, directory: Path, events: Mapping[str, Collection[str]]) -> Templates:
        """Read and check every template; ``events`` gives the fields of each known event."""
        found = sorted(path for path in directory.glob("*/*") if path.is_dir())
        return cls(_read(path, events) for path in found)

    def __iter__(self) -> Iterator[Template]:
        return iter(self._templates.values())

    def get(self, name: str, version: int) -> Template:
        """The version that a message was queued with."""
        try:
            return self._templates[name, version]
        except KeyError:
            raise TemplateRefused(f"There is no template {name} v{version}.") from None

    def latest(self, name: str) -> Template:
        """The version that new messages are queued with."""
        versions = [version for known, version in self._templates if known == name]
        return self.get(name, max(versions, default=0))


def shipped() -> Templates:
    """This service's templates, checked against the events it reads."""
    events = {cls.source.name: {item.name for item in fields(cls)} for cls in OCCASIONS}
    return Templates.load(DIRECTORY, events)


def _read(path: Path, events: Mapping[str, Collection[str]]) -> Template:
    label = f"{path.parent.name}/{path.name}"
    match = re.fullmatch(r"v([1-9]\d*)", path.name)
    if match is None:
        raise TemplateRefused(f"Template {label}: a version's folder is named v1, v2, ...")
    try:
        meta = _meta(label, json.loads((path / "meta.json").read_text("utf-8")), events)
        sources = {part: (path / part).read_text("utf-8") for part in _PARTS}
        parts = {part: _environment(part).from_string(source) for part, source in sources.items()}
    except (OSError, ValueError, jinja2.TemplateSyntaxError) as error:
        raise TemplateRefused(f"Template {label}: {error}") from error
    placeholders = frozenset(meta["placeholders"])
    if (used := _used(sources)) != placeholders:
        raise TemplateRefused(
            f"Template {label}: the placeholders used are not those declared.",
            undeclared=sorted(used - placeholders),
            unused=sorted(placeholders - used),
        )
    category = Category(meta["category"])
    return Template(path.parent.name, int(match[1]), meta["event"], category, placeholders, parts)


def _meta(label: str, meta: Any, events: Mapping[str, Collection[str]]) -> dict[str, Any]:
    if not isinstance(meta, dict) or set(meta) != _META_KEYS:
        raise TemplateRefused(f"Template {label}: meta.json needs {sorted(_META_KEYS)}, no more.")
    if meta["event"] not in events:
        raise TemplateRefused(f"Template {label}: no event {meta['event']} is read here.")
    if meta["category"] not in list(Category):
        raise TemplateRefused(f"Template {label}: the category is one of {list(Category)}.")
    available = CONTACT_FIELDS | set(events[meta["event"]])
    if unknown := sorted(set(meta["placeholders"]) - available):
        raise TemplateRefused(f"Template {label}: nothing fills {unknown}.", unknown=unknown)
    return meta


def _used(sources: Mapping[str, str]) -> frozenset[str]:
    used: set[str] = set()
    for part, source in sources.items():
        used |= jinja2.meta.find_undeclared_variables(_environment(part).parse(source))
    return frozenset(used)


def _environment(part: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=part.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters.update(words=words, long_date=long_date, long_instant=long_instant)
    return environment


def words(code: str) -> str:
    """A code as people write it: ``dental_nurse`` is ``Dental nurse``."""
    return code.replace("_", " ").capitalize()


def long_date(iso: str) -> str:
    """``2026-11-04`` as ``4 November 2026``."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def long_instant(iso: str) -> str:
    """``2026-11-04T09:30:00+00:00`` as ``4 November 2026 at 09:30 UTC``."""
    moment = datetime.fromisoformat(iso).astimezone(UTC)
    return f"{long_date(moment.date().isoformat())} at {moment:%H:%M} UTC"
