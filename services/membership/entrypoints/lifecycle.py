"""The life of a membership."""

from typing import Any

from services.membership.commands import lifecycle as commands
from services.membership.errors import (
    AlreadyAdmitted,
    Merged,
    NotAMember,
    NotReinstatable,
    NotRenewable,
    PaymentRequired,
)
from services.membership.schemas import lifecycle as schemas
from services.membership.schemas.members import MemberView
from shared.errors import Duplicate, Invalid, NotFound, Refused
from shared.rpc import rpc
from shared.timers import regularly


class LifeCycle:
    """The life of a membership."""

    app: Any

    @rpc(
        commands.Renew,
        returns=MemberView,
        scope="membership:write",
        errors=(Invalid, NotFound, NotRenewable, NotAMember, PaymentRequired, Merged),
        writes=True,
    )
    def renew(self, command: commands.Renew) -> MemberView:
        """Add the next term."""
        return self.app.renew(command)

    @rpc(
        commands.RecordPayment,
        returns=schemas.AccountView,
        scope="membership:write",
        errors=(Invalid, NotFound, Duplicate, Merged),
        writes=True,
    )
    def record_payment(self, command: commands.RecordPayment) -> schemas.AccountView:
        """Enter money that came in or was paid back."""
        return self.app.record_payment(command)

    @rpc(
        schemas.GetAccount,
        returns=schemas.AccountView,
        scope="membership:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_account(self, request: schemas.GetAccount) -> schemas.AccountView:
        """What a member was charged and paid."""
        return self.app.get_account(request)

    @rpc(
        schemas.GetQuote,
        returns=schemas.QuoteView,
        scope="membership:read",
        own="member_id",
        errors=(Invalid, NotFound, NotAMember, AlreadyAdmitted, Refused),
        writes=False,
    )
    def quote(self, request: schemas.GetQuote) -> schemas.QuoteView:
        """What admission, the next term or another grade would cost."""
        return self.app.quote(request)

    @rpc(
        commands.Withdraw,
        returns=MemberView,
        scope="membership:write",
        own="member_id",
        errors=(Invalid, NotFound, NotAMember, Merged),
        writes=True,
    )
    def withdraw(self, command: commands.Withdraw) -> MemberView:
        """Leave, for staff or for the member."""
        return self.app.withdraw(command)

    @rpc(
        commands.RecordDeath,
        returns=MemberView,
        scope="membership:write",
        errors=(Invalid, NotFound, Merged),
        writes=True,
    )
    def record_death(self, command: commands.RecordDeath) -> MemberView:
        """Put a member's death on record."""
        return self.app.record_death(command)

    @rpc(
        commands.Reinstate,
        returns=MemberView,
        scope="membership:write",
        errors=(Invalid, NotFound, NotAMember, NotReinstatable, PaymentRequired, Merged),
        writes=True,
    )
    def reinstate(self, command: commands.Reinstate) -> MemberView:
        """Take back what ended or paused a membership."""
        return self.app.reinstate(command)

    @rpc(
        schemas.ExplainStatus,
        returns=schemas.StatusView,
        scope="membership:read",
        own="member_id",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def explain_status(self, request: schemas.ExplainStatus) -> schemas.StatusView:
        """Why a status is so on a day, and when it changes next."""
        return self.app.explain_status(request)

    @rpc(
        commands.Tick,
        returns=schemas.TickView,
        scope="membership:operate",
        errors=(Invalid,),
        writes=True,
    )
    def tick(self, command: commands.Tick) -> schemas.TickView:
        """Tell what changed with the days."""
        return self.app.tick(command)

    @regularly("tick_seconds")
    def tick_by_the_clock(self) -> None:
        """Tell what changed with the days, unless another instance is at it."""
        self.app.tick_now()
