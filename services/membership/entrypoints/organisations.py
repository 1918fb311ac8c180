"""Organisations and their seats."""

from typing import Any

from services.membership.commands import organisations as commands
from services.membership.errors import Merged, NoSeatFree, SeatHeld, SeatNotPossible, SeatsInUse
from services.membership.schemas import organisations as schemas
from shared.errors import ChangedMeanwhile, Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Organisations:
    """Organisations and their seats."""

    app: Any

    @rpc(
        commands.RegisterOrganisation,
        returns=schemas.OrganisationView,
        scope="membership:write",
        errors=(Invalid, Duplicate),
        writes=True,
    )
    def register_organisation(
        self, command: commands.RegisterOrganisation
    ) -> schemas.OrganisationView:
        """Enter an organisation."""
        return self.app.register_organisation(command)

    @rpc(
        commands.ChangeOrganisation,
        returns=schemas.OrganisationView,
        scope="membership:write",
        errors=(Invalid, NotFound, Duplicate, ChangedMeanwhile),
        writes=True,
    )
    def change_organisation(self, command: commands.ChangeOrganisation) -> schemas.OrganisationView:
        """Describe an organisation otherwise."""
        return self.app.change_organisation(command)

    @rpc(
        commands.BuySeats,
        returns=schemas.OrganisationView,
        scope="membership:write",
        errors=(Invalid, NotFound, Duplicate),
        writes=True,
    )
    def buy_seats(self, command: commands.BuySeats) -> schemas.OrganisationView:
        """Enter seats that an organisation bought."""
        return self.app.buy_seats(command)

    @rpc(
        commands.ReturnSeats,
        returns=schemas.OrganisationView,
        scope="membership:write",
        errors=(Invalid, NotFound, Duplicate, SeatsInUse),
        writes=True,
    )
    def return_seats(self, command: commands.ReturnSeats) -> schemas.OrganisationView:
        """Enter seats that an organisation gives back."""
        return self.app.return_seats(command)

    @rpc(
        commands.AllocateSeat,
        returns=schemas.SeatView,
        scope="membership:write",
        errors=(Invalid, NotFound, SeatNotPossible, SeatHeld, NoSeatFree, Merged),
        writes=True,
    )
    def allocate_seat(self, command: commands.AllocateSeat) -> schemas.SeatView:
        """Give a seat to a member or a verified applicant."""
        return self.app.allocate_seat(command)

    @rpc(
        commands.ReleaseSeat,
        returns=schemas.MemberSeats,
        scope="membership:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound),
        writes=True,
    )
    def release_seat(self, command: commands.ReleaseSeat) -> schemas.MemberSeats:
        """Take from a member what they have of an organisation's seats after a day."""
        return self.app.release_seat(command)

    @rpc(
        schemas.GetOrganisation,
        returns=schemas.OrganisationView,
        scope="membership:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_organisation(self, request: schemas.GetOrganisation) -> schemas.OrganisationView:
        """One organisation with its ledger of seats."""
        return self.app.get_organisation(request)

    @rpc(
        schemas.FindOrganisations,
        returns=schemas.OrganisationPage,
        scope="membership:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_organisations(self, request: schemas.FindOrganisations) -> schemas.OrganisationPage:
        """Organisations that fit every filter, by name, a page at a time."""
        return self.app.find_organisations(request)

    @rpc(
        schemas.GetSeats,
        returns=schemas.SeatPage,
        scope="membership:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def get_seats(self, request: schemas.GetSeats) -> schemas.SeatPage:
        """An organisation's seats and who has them, a page at a time."""
        return self.app.get_seats(request)
