"""Policies: read, proposed and activated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.membership.commands import policies as commands
from services.membership.domain.enacting import KIND
from services.membership.domain.policies.book import KINDS, body_of, the_one
from services.membership.domain.policies.versions import PolicyVersion
from services.membership.handlers.desk import Desk
from services.membership.handlers.enacting import enact
from services.membership.schemas import policies as schemas
from shared.errors import Duplicate, Invalid, NotFound

if TYPE_CHECKING:
    from services.membership.repository import PolicyVersions, ProfessionCases


def get_policy(request: schemas.GetPolicy, *, desk: Desk) -> schemas.PolicyView:
    """A version by name, or the one in force on a day."""
    _require_kind(request.kind)
    name = request.version
    if name is None:
        versions = getattr(desk.policies.book(), request.kind)
        name = versions.on(request.on or desk.today()).version
    return schemas.PolicyView.of(_get(desk.policies, request.kind, name))


def find_policy_versions(request: schemas.FindPolicyVersions, *, desk: Desk) -> schemas.PolicyPage:
    """The versions of a kind, by name."""
    _require_kind(request.kind)
    page = desk.policies.find({"kind": request.kind}, cursor=request.cursor, limit=request.limit)
    return schemas.PolicyPage(tuple(map(schemas.PolicySummary.of, page.items)), page.next_cursor)


def propose_policy_version(
    command: commands.ProposePolicyVersion, *, desk: Desk
) -> schemas.PolicyView:
    """Keep a version that decides nothing yet."""
    if command.effective_from < desk.today():
        reason = "Has passed: decisions made since then would have used another version."
        raise Invalid("The version comes too late.", fields={"effective_from": [reason]})
    kind, policy = the_one({kind: getattr(command, kind) for kind in KINDS})
    others = getattr(desk.policies.book(), kind)
    proposed = PolicyVersion.propose(
        kind,
        command.version,
        command.effective_from,
        body_of(policy),
        command.reason,
        desk.today(),
        others.on(command.effective_from).includes if others.all else (),
    )
    try:
        return schemas.PolicyView.of(desk.policies.add(proposed))
    except Duplicate:
        reason = f"There is already a version of {kind} with this name."
        raise Duplicate(reason, field="version", fields={"version": [reason]}) from None


def activate_policy_version(
    command: commands.ActivatePolicyVersion, *, desk: Desk, cases: ProfessionCases
) -> schemas.PolicyView:
    """Let a version decide from its date on.

    Decisions about professions of which it does not take account are laid over it at once.
    """
    _require_kind(command.kind)
    others, today = getattr(desk.policies.book(), command.kind), desk.today()
    stored = _get(desk.policies, command.kind, command.version)
    try:
        activated = desk.policies.change(stored.id, lambda found: found.activate(others, today))
    except Duplicate:
        reason = "Another version comes into force on this day."
        raise Invalid("The day is taken.", fields={"effective_from": [reason]}) from None
    if command.kind == KIND:
        enact(desk, cases)
    return schemas.PolicyView.of(activated)


def _require_kind(kind: str) -> None:
    if kind not in KINDS:
        reason = f"Must be one of: {', '.join(KINDS)}."
        raise Invalid("There is no such kind of policy.", fields={"kind": [reason]})


def _get(policies: PolicyVersions, kind: str, version: str) -> PolicyVersion:
    try:
        return policies.get(PolicyVersion.key(kind, version))
    except NotFound:
        raise NotFound("There is no such version.", kind=kind, version=version) from None
