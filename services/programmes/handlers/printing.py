"""Certificates on paper, in the name that their holder bears now."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.programmes.domain.certificate import Certificate
from services.programmes.errors import NameNotKnown
from services.programmes.handlers.desk import Desk
from services.programmes.schemas.certificates import Document

if TYPE_CHECKING:
    from services.programmes.press import Press
    from services.programmes.repository import People

_PDF = "application/pdf"


@dataclass(frozen=True)
class Printing:
    """The press, with all it needs to be told."""

    desk: Desk
    people: People
    press: Press
    offload: Callable[..., bytes]

    def paper(self, certificate: Certificate, *, specimen: bool = False) -> Document:
        """A certificate, or what one would look like; raises NameNotKnown and NotPrintable."""
        holder_id = self.desk.standings.followed(certificate.member_id)
        holder = self.people.name_of(holder_id)
        if holder is None:
            raise NameNotKnown(member_id=holder_id)
        programme = self.desk.programmes.get(certificate.programme_id)
        sheet = self.press.sheet(certificate, programme.name, holder, specimen=specimen)
        content = self.offload(self.press.draw, sheet)
        name = "specimen" if specimen else f"certificate-{certificate.id}"
        return Document(
            content=base64.b64encode(content).decode(), media_type=_PDF, filename=f"{name}.pdf"
        )
