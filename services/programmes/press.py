"""Certificates on paper: one page of A4 across, as PDF, with its code as text and as a QR code.

The same sheet gives the same bytes. A name is drawn whole or not at all: what the font lacks, and
writing from right to left, which would need shaping, is refused with the characters it is about.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from services.programmes.domain.certificate import Certificate, shown_code
from services.programmes.errors import NotPrintable
from shared.settings import Misconfigured

BUNDLED_FONT = Path(__file__).parent / "data" / "fonts" / "DejaVuSans.ttf"
_FACE = "certificate"
_WIDTH, _HEIGHT = landscape(A4)
_MARGIN = 54.0
_QR = 110.0
_FOOT = _MARGIN + _QR + 10
_LEADING = 1.4
_WIDEST_GAP = 14.0
# By how much capitals are taller than small letters, as a part of their height.
_TALLER = 0.25
# Latin, Greek and Cyrillic letters are completed by these; other marks need shaping.
_ACCENTS = range(0x0300, 0x0370)
_ABOVE = 230
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


@dataclass(frozen=True)
class Sheet:
    """What is printed; ``code`` is in groups, ``address`` is where it can be verified."""

    title: str
    holder: str
    programme: str
    domains: tuple[str, ...]
    issued_on: date
    code: str
    address: str
    issuer: str

    @property
    def lines(self) -> tuple[tuple[str, float], ...]:
        """Texts from the top down, each with its size in points."""
        day = f"{self.issued_on.day} {self.issued_on:%B %Y}"
        shown = [
            (self.issuer, 14.0),
            (self.title, 28.0),
            ("This is to certify that", 12.0),
            (self.holder, 32.0),
            ("has been awarded this certificate of the programme", 12.0),
            (self.programme, 18.0),
            (", ".join(domain.replace("_", " ").capitalize() for domain in self.domains), 12.0),
            (f"Issued on {day} by {self.issuer}", 12.0),
        ]
        return tuple((unicodedata.normalize("NFC", text), size) for text, size in shown if text)


class Press:
    """Draws sheets with one font; ``verify_url`` has ``{code}`` where the code goes."""

    def __init__(self, font: Path, verify_url: str, issuer: str) -> None:
        try:
            self._font = TTFont(_FACE, str(font))
        except TTFError:
            raise Misconfigured("CERTIFICATE_FONT is the path of no TrueType font.") from None
        self._verify_url, self._issuer = verify_url, issuer
        pdfmetrics.registerFont(self._font)

    def sheet(self, certificate: Certificate, programme: str, holder: str) -> Sheet:
        """What is to be printed; raises NotPrintable."""
        sheet = Sheet(
            title=certificate.title,
            holder=holder,
            programme=programme,
            domains=certificate.domains,
            issued_on=certificate.issued_on,
            code=shown_code(certificate.code),
            address=self._verify_url.replace("{code}", certificate.code),
            issuer=self._issuer,
        )
        missing = {c for text, _ in sheet.lines for c in text if not self._can_draw(c)}
        if missing:
            raise NotPrintable(characters=sorted(f"U+{ord(c):04X}" for c in missing))
        return sheet

    def _can_draw(self, character: str) -> bool:
        if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
            return False
        kind = unicodedata.category(character)
        if kind[0] == "C" or (kind[0] == "M" and ord(character) not in _ACCENTS):
            return False
        return ord(character) in self._font.face.charToGlyph

    def draw(self, sheet: Sheet) -> bytes:
        """The document; pure, so that it can be done beside other work."""
        written = io.BytesIO()
        canvas = Canvas(written, pagesize=(_WIDTH, _HEIGHT), invariant=True, lang="en-GB")
        canvas.setTitle(sheet.title)
        canvas.setAuthor(sheet.issuer)
        canvas.rect(_MARGIN / 2, _MARGIN / 2, _WIDTH - _MARGIN, _HEIGHT - _MARGIN)
        self._draw_body(canvas, sheet)
        self._draw_foot(canvas, sheet)
        canvas.showPage()
        canvas.save()
        return written.getvalue()

    def _draw_body(self, canvas: Canvas, sheet: Sheet) -> None:
        room, scale = _HEIGHT - _MARGIN - _FOOT, 1.0
        while (needed := sum(size * _LEADING for _, size in self._set(sheet, scale))) > room:
            scale *= 0.95
        lines = list(self._set(sheet, scale))
        gap = min((room - needed) / len(lines), _WIDEST_GAP)
        y = _HEIGHT - _MARGIN - (room - needed - gap * len(lines)) / 2
        for line, size in lines:
            y -= size * _LEADING + gap
            width = pdfmetrics.stringWidth(line, _FACE, size)
            self._write(canvas, line, size, (_WIDTH - width) / 2, y)

    def _set(self, sheet: Sheet, scale: float) -> Iterator[tuple[str, float]]:
        """Every line with its size; what has no place to break is set smaller until it fits."""
        width = _WIDTH - 2 * _MARGIN
        for text, size in sheet.lines:
            size *= scale
            broken = simpleSplit(text, _FACE, size, width)
            while any(pdfmetrics.stringWidth(line, _FACE, size) > width for line in broken):
                size *= 0.95
                broken = simpleSplit(text, _FACE, size, width)
            for line in broken:
                yield line, size

    def _write(self, canvas: Canvas, line: str, size: float, x: float, y: float) -> None:
        """A line; accents that no letter of the font has built in sit higher on a tall letter."""
        text = canvas.beginText(x, y)
        text.setFont(_FACE, size)
        lift, tall = _TALLER * self._font.face.capHeight / 1_000 * size, False
        for character in line:
            if unicodedata.combining(character) == _ABOVE:
                text.setRise(lift if tall else 0)
                text.textOut(character)
                text.setRise(0)
            elif not unicodedata.combining(character):
                tall = character.isupper()
                text.textOut(character)
            else:
                text.textOut(character)
        canvas.drawText(text)

    def _draw_foot(self, canvas: Canvas, sheet: Sheet) -> None:
        drawing = Drawing(_QR, _QR)
        widget = QrCodeWidget(sheet.address, barWidth=_QR, barHeight=_QR, barLevel="M")
        drawing.add(widget)
        renderPDF.draw(drawing, canvas, _MARGIN, _MARGIN)
        x = _MARGIN + _QR + 14
        for row, line in enumerate((f"Code {sheet.code}", "Verify this certificate at")):
            self._write(canvas, line, 12, x, _MARGIN + 70 - row * 20)
        shown = simpleSplit(sheet.address, _FACE, 9, _WIDTH - x - _MARGIN)
        for row, line in enumerate(shown):
            self._write(canvas, line, 9, x, _MARGIN + 34 - row * 12)


__all__ = ["BUNDLED_FONT", "Press", "Sheet"]
