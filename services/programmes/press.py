"""Certificates on paper: one page of A4 across, as PDF, with its code as text and as a QR code.

The same sheet gives the same bytes. A name is drawn whole or not at all: what the font lacks, and
writing from right to left, which would need shaping, is refused with the characters it is about.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from services.programmes.domain.certificate import Certificate
from services.programmes.errors import NotPrintable
from services.programmes.paper import Ink, Line, Sheet
from services.programmes.settings import Settings
from shared import telemetry
from shared.settings import Misconfigured

log = telemetry.logger(__name__)

BUNDLED_FONT = Path(__file__).parent / "data" / "fonts" / "DejaVuSans.ttf"
_FACE = "certificate"
_WIDTH, _HEIGHT = landscape(A4)
_FRAME, _HAIRLINE = 24.0, 30.0
_MARGIN, _TOP = 72.0, 54.0
_QR = 84.0
_FOOT = _TOP + _QR + 12
_SIGNED = 230.0
_LEADING, _RULED = 1.35, 0.2
_WIDEST_GAP = 15.0
_SMALLEST = 16.0
_INKS = {Ink.TEXT: HexColor(0x1F2933), Ink.QUIET: HexColor(0x52606D), Ink.HOUSE: HexColor(0x12355B)}
_RULE = HexColor(0xA9822F)
# By how much capitals are taller than small letters, as a part of their height.
_TALLER = 0.25
# Latin, Greek and Cyrillic letters are completed by these; other marks need shaping.
_ACCENTS = range(0x0300, 0x0370)
_ABOVE = 230
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


class Press:
    """Draws sheets with one font; ``verify_url``, if there is one, has ``{code}`` for the code."""

    def __init__(
        self, font: Path, issuer: str, verify_url: str | None = None, signatory: str | None = None
    ) -> None:
        try:
            self._font = TTFont(_FACE, str(font))
        except TTFError:
            raise Misconfigured("CERTIFICATE_FONT is the path of no TrueType font.") from None
        self._issuer, self._verify_url, self._signatory = issuer, verify_url, signatory
        pdfmetrics.registerFont(self._font)

    def sheet(
        self, certificate: Certificate, programme: str, holder: str, *, specimen: bool = False
    ) -> Sheet:
        """What is to be printed; raises NotPrintable."""
        sheet = Sheet(
            kind=certificate.kind,
            title=certificate.title,
            holder=holder,
            programme=programme,
            domains=certificate.domains,
            completed_on=certificate.completed_on,
            issued_on=certificate.issued_on,
            code=certificate.code,
            issuer=self._issuer,
            signatory=self._signatory,
            verify_url=self._verify_url,
            specimen=specimen,
        )
        missing = {c for text in sheet.texts for c in text if not self._can_draw(c)}
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
        canvas.setTitle(sheet.heading)
        canvas.setAuthor(sheet.issuer)
        _draw_frame(canvas)
        if sheet.specimen:
            self._draw_specimen(canvas)
        self._draw_body(canvas, sheet)
        self._draw_proof(canvas, sheet)
        self._draw_signature(canvas, sheet)
        canvas.showPage()
        canvas.save()
        return written.getvalue()

    def _draw_specimen(self, canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(_WIDTH / 2, _HEIGHT / 2)
        canvas.rotate(28)
        self._write(canvas, Line("SPECIMEN", 120), HexColor(0xE4E7EB), 0, -40, centred=True)
        canvas.restoreState()

    def _draw_body(self, canvas: Canvas, sheet: Sheet) -> None:
        room, scale = _HEIGHT - _TOP - _FOOT, 1.0
        while (needed := sum(_height(line) for line in self._set(sheet, scale))) > room:
            scale *= 0.95
        lines = list(self._set(sheet, scale))
        gap = min((room - needed) / len(lines), _WIDEST_GAP)
        y = _HEIGHT - _TOP - (room - needed - gap * len(lines)) / 2
        for line in lines:
            base = y - line.size
            self._write(canvas, line, _INKS[line.ink], _WIDTH / 2, base, centred=True)
            y -= _height(line) + gap
            if line.ruled:
                _rule(canvas, _WIDTH / 2 - 150, _WIDTH / 2 + 150, base - line.size * 0.4)

    def _set(self, sheet: Sheet, scale: float) -> Iterator[Line]:
        """Every line with its size, on two lines at most as long as it can be read then."""
        for line in sheet.lines:
            size, width = line.size * scale, _WIDTH - 2 * _MARGIN
            *before, last = self._broken(line, size, width, most=2)
            for each in before:
                yield each._replace(ruled=False)
            yield last

    def _broken(self, line: Line, size: float, width: float, most: int = 9) -> list[Line]:
        """Set smaller until it fits: what has no place to break, and what takes too many lines."""
        broken = simpleSplit(line.text, _FACE, size, width)
        while (len(broken) > most and size > _SMALLEST) or any(
            _width(text, size) > width for text in broken
        ):
            size *= 0.95
            broken = simpleSplit(line.text, _FACE, size, width)
        return [line._replace(text=text, size=size) for text in broken]

    def _write(
        self,
        canvas: Canvas,
        line: Line,
        colour: Color,
        x: float,
        y: float,
        *,
        centred: bool = False,
    ) -> None:
        """A line; accents that no letter of the font has built in sit higher on a tall letter."""
        text = canvas.beginText(x - _width(line.text, line.size) / 2 if centred else x, y)
        text.setFont(_FACE, line.size)
        text.setFillColor(colour)
        lift, tall = _TALLER * self._font.face.capHeight / 1_000 * line.size, False
        for character in line.text:
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

    def _draw_proof(self, canvas: Canvas, sheet: Sheet) -> None:
        """By what whoever is shown it can find out whether it is real."""
        drawing = Drawing(_QR, _QR)
        drawing.add(QrCodeWidget(sheet.scanned, barWidth=_QR, barHeight=_QR, barLevel="M"))
        renderPDF.draw(drawing, canvas, _MARGIN - 10, _TOP - 8)
        x, y = _MARGIN + _QR, _TOP + _QR - 28
        self._write(canvas, Line(sheet.code_line, 11), _INKS[Ink.TEXT], x, y)
        width = _WIDTH - _MARGIN - _SIGNED - 16 - x
        for text in sheet.verification:
            for line in self._broken(Line(text, 8), 8, width):
                y -= 12
                self._write(canvas, line, _INKS[Ink.QUIET], x, y)

    def _draw_signature(self, canvas: Canvas, sheet: Sheet) -> None:
        right = _WIDTH - _MARGIN
        y = _TOP + 36
        _rule(canvas, right - _SIGNED, right, y)
        for text in sheet.signed:
            for line in self._broken(Line(text, 9), 9, _SIGNED):
                y -= 13
                middle = right - _SIGNED / 2
                self._write(canvas, line, _INKS[Ink.QUIET], middle, y, centred=True)


def _height(line: Line) -> float:
    return line.size * (_LEADING + (_RULED if line.ruled else 0))


def _width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, _FACE, size))


def _rule(canvas: Canvas, left: float, right: float, y: float) -> None:
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.75)
    canvas.line(left, y, right, y)


def _draw_frame(canvas: Canvas) -> None:
    for inset, colour, width in ((_FRAME, _INKS[Ink.HOUSE], 2.5), (_HAIRLINE, _RULE, 0.75)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, _WIDTH - 2 * inset, _HEIGHT - 2 * inset)


def press_of(settings: Settings) -> Press:
    """The press of a service; what its certificates would leave open is said once, at the start."""
    if settings.verify_url is None:
        log.warning("certificates name no page that verifies them", setting="VERIFY_URL")
    return Press(
        Path(settings.certificate_font or BUNDLED_FONT),
        settings.certificate_issuer,
        settings.verify_url,
        settings.certificate_signatory,
    )


__all__ = ["BUNDLED_FONT", "Press", "press_of"]
