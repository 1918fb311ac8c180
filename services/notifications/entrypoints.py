"""How notifications is reached over the broker and woken by the clock; no rules here.

with ClusterRpcProxy(config, context_data={"auth_token": token}) as cluster:
    cluster.notifications.find_messages(filters={"member_id": "0193b7a0-...", "state": "failed"})
"""

from services.notifications import schemas
from services.notifications.bootstrap import bootstrap
from services.notifications.events import EVENTS
from services.notifications.subscriptions import (
    ApplicationReceived,
    ApplicationSubmitted,
    ConsentChanged,
    ContactChanged,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
    MemberMerged,
    MemberUnmerged,
)
from shared.errors import NotFound
from shared.events import Meta
from shared.messaging import subscribe
from shared.operations import Operations
from shared.rpc import rpc
from shared.service import Application
from shared.timers import regularly


class NotificationsService(Operations):
    """E-mail to members about what happened to them."""

    name = "notifications"
    events = EVENTS
    app = Application(bootstrap)

    @rpc(
        schemas.GetMessage,
        returns=schemas.MessageView,
        scope="notifications:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_message(self, request: schemas.GetMessage) -> schemas.MessageView:
        """One message and every attempt to send it."""
        return self.app.get_message(request)

    @rpc(
        schemas.FindMessages,
        returns=schemas.MessagePage,
        scope="notifications:read",
        writes=False,
    )
    def find_messages(self, request: schemas.FindMessages) -> schemas.MessagePage:
        """Messages by member, template, state or event, oldest first."""
        return self.app.find_messages(request)

    @subscribe(ContactChanged, ApplicationReceived)
    def on_contact(self, event: ContactChanged | ApplicationReceived, meta: Meta) -> None:
        """Keep how to reach a member, and whether they gave the address themself."""
        if isinstance(event, ApplicationReceived):
            self.app.remember_application(event, meta)
        else:
            self.app.remember_contact(event, meta)

    @subscribe(MemberMerged, MemberUnmerged)
    def on_merge(self, event: MemberMerged | MemberUnmerged, meta: Meta) -> None:
        """Keep who is reached in place of a member."""
        self.app.remember_merge(event, meta)

    @subscribe(ConsentChanged)
    def follow_consents(self, event: ConsentChanged, meta: Meta) -> None:
        """Keep what a member consents to."""
        self.app.remember_consent(event, meta)

    @subscribe(MemberAdmitted)
    def on_member(self, event: MemberAdmitted, meta: Meta) -> None:
        """Welcome a new member."""
        self.app.welcome(event, meta)

    @subscribe(ApplicationSubmitted)
    def on_application(self, event: ApplicationSubmitted, meta: Meta) -> None:
        """Acknowledge an application."""
        self.app.acknowledge(event, meta)

    @subscribe(ExportRequested)
    def on_export(self, event: ExportRequested, _meta: Meta) -> None:
        """Contribute to what a member is given."""
        self.app.contribute(event)

    @subscribe(MemberErased)
    def on_erased(self, event: MemberErased, _meta: Meta) -> None:
        """Forget a member."""
        self.app.forget_member(event)

    @regularly("sweep_seconds")
    def sweep(self) -> None:
        """Send what is due: first tries that could not be made, retries, and what a crash left."""
        self.app.sweep()
