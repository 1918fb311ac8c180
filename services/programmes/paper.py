"""What stands on a certificate on paper, line by line; how it is drawn is the press's affair."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from services.programmes.domain.certificate import CertificateKind, shown_code


class Ink(Enum):
    """How much weight a line has."""

    TEXT = auto()
    QUIET = auto()
    HOUSE = auto()


class Line(NamedTuple):
    """A text with its size in points; a ruled one has a line under it."""

    text: str
    size: float
    ink: Ink = Ink.TEXT
    ruled: bool = False


_HEADINGS = {
    CertificateKind.COMPLETION: ("Certificate of completion", "has completed the programme"),
    CertificateKind.PARTICIPATION: ("Certificate of participation", "has taken part in"),
    CertificateKind.AWARD: ("Certificate", "has been awarded this certificate for"),
}


@dataclass(frozen=True)
class Sheet:
    """What is printed; ``verify_url``, if there is such a page, has ``{code}`` for the code."""

    kind: CertificateKind
    title: str
    holder: str
    programme: str
    domains: tuple[str, ...]
    completed_on: date | None
    issued_on: date
    code: str
    issuer: str
    signatory: str | None = None
    verify_url: str | None = None
    specimen: bool = False

    @property
    def heading(self) -> str:
        return _HEADINGS[self.kind][0]

    @property
    def lines(self) -> tuple[Line, ...]:
        """What stands in the middle, from the top down."""
        return tuple(
            line._replace(text=unicodedata.normalize("NFC", line.text)) for line in self._lines()
        )

    def _lines(self) -> Iterator[Line]:
        yield Line(self.issuer, 15, Ink.HOUSE)
        yield Line(self.heading, 30, Ink.HOUSE)
        yield Line("This is to certify that", 11, Ink.QUIET)
        yield Line(self.holder, 34, Ink.TEXT, ruled=True)
        yield Line(_HEADINGS[self.kind][1], 11, Ink.QUIET)
        yield Line(self.title, 20, Ink.HOUSE)
        if self.title != self.programme:
            yield Line(f"as part of the programme {self.programme}", 12)
        if self.completed_on is not None:
            yield Line(f"on {_shown(self.completed_on)}", 12)
        if self.domains:
            names = ", ".join(each.replace("_", " ").capitalize() for each in self.domains)
            yield Line(f"Leadership and Management Standards: {names}", 11, Ink.QUIET)

    @property
    def code_line(self) -> str:
        return "Specimen, not valid" if self.specimen else f"Code {shown_code(self.code)}"

    @property
    def scanned(self) -> str:
        """What the QR code says: where to verify it, or the code alone where there is no page."""
        if self.specimen:
            return "Specimen"
        return self.address or shown_code(self.code)

    @property
    def address(self) -> str | None:
        """Where it is verified."""
        return self.verify_url.replace("{code}", self.code) if self.verify_url else None

    @property
    def verification(self) -> tuple[str, ...]:
        """How whoever is shown it learns whether it is real."""
        if self.specimen:
            return ()
        if self.address is None:
            return (f"{self.issuer} verifies it for whoever tells this code.",)
        return ("Verify this certificate at", self.address)

    @property
    def signed(self) -> tuple[str, ...]:
        """What stands under the line for a signature."""
        signed_by = self.signatory or f"For {self.issuer}"
        return (signed_by, f"Issued on {_shown(self.issued_on)}")

    @property
    def texts(self) -> Iterator[str]:
        """All that the font has to have."""
        yield from (line.text for line in self.lines)
        yield from (unicodedata.normalize("NFC", text) for text in self.signed)


def _shown(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
