"""How membership is reached over the broker and woken by the clock; no rules here.

with ClusterRpcProxy(config, context_data={"auth_token": token}) as cluster:
    cluster.membership.get_member(member_id="0193b7a0-...")
"""

from services.membership.bootstrap import bootstrap
from services.membership.entrypoints.applications import Applications
from services.membership.entrypoints.bulk import Bulk
from services.membership.entrypoints.consents import Consents
from services.membership.entrypoints.duplicates import Duplicates
from services.membership.entrypoints.fellowship import Fellowships
from services.membership.entrypoints.lifecycle import LifeCycle
from services.membership.entrypoints.members import Members
from services.membership.entrypoints.organisations import Organisations
from services.membership.entrypoints.passport import Leadership
from services.membership.entrypoints.policies import Policies
from services.membership.entrypoints.professions import Professions
from services.membership.entrypoints.registrations import Registrations
from services.membership.entrypoints.rights import Rights
from services.membership.events import EVENTS
from shared.operations import Operations
from shared.service import Application


class MembershipService(
    Applications,
    Members,
    Registrations,
    LifeCycle,
    Organisations,
    Consents,
    Bulk,
    Leadership,
    Fellowships,
    Policies,
    Professions,
    Duplicates,
    Rights,
    Operations,
):
    """Applications, registrations, and memberships from admission to their end."""

    name = "membership"
    events = EVENTS
    app = Application(bootstrap)
