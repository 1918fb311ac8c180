"""Organisations: registered, described otherwise, found, and the seats they buy and give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from services.membership.commands import organisations as commands
from services.membership.domain.organisation import Organisation
from services.membership.domain.people import search_name
from services.membership.domain.profile import normal_ods_code
from services.membership.domain.search import LAST
from services.membership.domain.terms import Nation, OrganisationKind
from services.membership.handlers.desk import Desk
from services.membership.schemas import organisations as schemas
from shared.errors import Duplicate, Invalid
from shared.events import new_id

if TYPE_CHECKING:
    from services.membership.repository import Organisations


def register_organisation(
    command: commands.RegisterOrganisation, *, desk: Desk, organisations: Organisations
) -> schemas.OrganisationView:
    """Enter an organisation."""
    organisation = Organisation.register(
        new_id(), command.name, command.kind, command.nation, command.ods_code, desk.today()
    )
    try:
        return schemas.OrganisationView.of(organisations.add(organisation), desk.today())
    except Duplicate as error:
        raise _code_taken() from error


def change_organisation(
    command: commands.ChangeOrganisation, *, desk: Desk, organisations: Organisations
) -> schemas.OrganisationView:
    """Describe an organisation otherwise."""
    try:
        organisation = organisations.change(
            command.organisation_id,
            lambda found: found.change(
                command.name, command.kind, command.nation, command.ods_code
            ),
            expected=command.version,
        )
    except Duplicate as error:
        raise _code_taken() from error
    return schemas.OrganisationView.of(organisation, desk.today())


def _code_taken() -> Duplicate:
    reason = "Already used by another organisation."
    return Duplicate(
        "There is already an organisation with this code.",
        field="ods_code",
        fields={"ods_code": [reason]},
    )


def buy_seats(
    command: commands.BuySeats, *, desk: Desk, organisations: Organisations
) -> schemas.OrganisationView:
    """Enter seats that were bought."""
    today = desk.today()
    organisation = organisations.change(
        command.organisation_id,
        lambda found: found.buy(
            command.seats, command.from_on, command.until_on, command.reference, today
        ),
    )
    return schemas.OrganisationView.of(organisation, today)


def return_seats(
    command: commands.ReturnSeats, *, desk: Desk, organisations: Organisations
) -> schemas.OrganisationView:
    """Enter seats that were given back."""
    today = desk.today()
    organisation = organisations.change(
        command.organisation_id,
        lambda found: found.give_back(
            command.seats, command.from_on, command.until_on, command.reference, today
        ),
    )
    return schemas.OrganisationView.of(organisation, today)


def get_organisation(
    request: schemas.GetOrganisation, *, desk: Desk, organisations: Organisations
) -> schemas.OrganisationView:
    """One organisation with its ledger."""
    organisation = organisations.get(request.organisation_id)
    return schemas.OrganisationView.of(organisation, desk.today())


def find_organisations(
    request: schemas.FindOrganisations, *, organisations: Organisations
) -> schemas.OrganisationPage:
    """Organisations that fit every filter, by name."""
    page = organisations.list_by_name(
        _criteria(request.filters), cursor=request.cursor, limit=request.limit
    )
    return schemas.OrganisationPage(
        tuple(map(schemas.OrganisationSummary.of, page.items)), page.next_cursor
    )


def _criteria(filters: Mapping[str, str]) -> dict[str, Any]:
    criteria: dict[str, Any] = {}
    faults: dict[str, list[str]] = {}
    for name, value in filters.items():
        try:
            criteria |= _READERS[name](value)
        except KeyError:
            faults[f"filters.{name}"] = [f"Unknown filter; known are {', '.join(_READERS)}."]
        except ValueError as error:
            faults[f"filters.{name}"] = [str(error)]
        except Invalid as error:
            faults |= {f"filters.{field}": reasons for field, reasons in error.fields.items()}
    if faults:
        raise Invalid("The filters are not valid.", fields=faults)
    return criteria


def _named(value: str) -> dict[str, Any]:
    begins = search_name(value)
    if not begins:
        raise ValueError("Must contain a letter.")
    return {"name_key": {"$gte": begins, "$lt": begins + LAST}}


def _one_of(value: str, terms: type[StrEnum]) -> dict[str, str]:
    known = [term.value for term in terms]
    if value not in known:
        raise ValueError(f"Must be one of: {', '.join(known)}.")
    return {"$eq": value}


_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "kind": lambda value: {"kind": _one_of(value, OrganisationKind)},
    "nation": lambda value: {"nation": _one_of(value, Nation)},
    "ods_code": lambda value: {"ods_code": {"$eq": normal_ods_code(value)}},
    "name": _named,
}
