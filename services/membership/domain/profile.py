"""What is known of an organisation, seats apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.people import name_faults, tidy_name
from services.membership.domain.terms import Nation, OrganisationKind
from services.membership.events import OrganisationChanged, OrganisationRegistered
from shared.errors import Invalid
from shared.events import Aggregate

_ODS_CODE = re.compile(r"[A-Z0-9]{3,10}")


def normal_ods_code(code: str) -> str:
    """In capitals and without spaces; raises Invalid naming ``ods_code``.

    The pattern is permissive: of the Organisation Data Service's codes neither all lengths nor all
    forms were found in a public source.
    """
    normal = "".join(code.split()).upper()
    if not _ODS_CODE.fullmatch(normal):
        reason = "Must be 3 to 10 letters and digits."
        raise Invalid("The code is not valid.", fields={"ods_code": [reason]})
    return normal


@dataclass
class OrganisationProfile(Aggregate):
    """Who an organisation is. Its name is no secret, and no person's."""

    id: str
    name: str
    kind: OrganisationKind
    nation: Nation
    registered_on: date
    ods_code: str | None = None

    @classmethod
    def register(
        cls,
        id: str,
        name: str,
        kind: OrganisationKind,
        nation: Nation,
        ods_code: str | None,
        today: date,
    ) -> Self:
        """Enter an organisation; raises Invalid naming the fields at fault."""
        code = normal_ods_code(ods_code) if ods_code else None
        organisation = cls(id, _sound_name(name), kind, nation, today, code)
        organisation.record(
            OrganisationRegistered(
                organisation_id=id, name=organisation.name, kind=kind, nation=nation, ods_code=code
            )
        )
        return organisation

    def change(
        self,
        name: str | None,
        kind: OrganisationKind | None,
        nation: Nation | None,
        ods_code: str | None,
    ) -> None:
        """Take over what is given; an empty code takes the code away."""
        before = (self.name, self.kind, self.nation, self.ods_code)
        self.name = self.name if name is None else _sound_name(name)
        self.kind, self.nation = kind or self.kind, nation or self.nation
        if ods_code is not None:
            self.ods_code = normal_ods_code(ods_code) if ods_code else None
        if (self.name, self.kind, self.nation, self.ods_code) != before:
            self.record(
                OrganisationChanged(
                    organisation_id=self.id,
                    name=self.name,
                    kind=self.kind,
                    nation=self.nation,
                    ods_code=self.ods_code,
                )
            )


def _sound_name(name: str) -> str:
    faults = name_faults(name)
    if faults:
        raise Invalid("The name is not valid.", fields={"name": faults})
    return tidy_name(name)
