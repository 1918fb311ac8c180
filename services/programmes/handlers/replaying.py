"""Matches replayed: what the same wishes would have given otherwise, which changes nothing."""

from __future__ import annotations

from dataclasses import replace

from services.programmes.domain.match import Inputs, Solution, among, solution, taking_part
from services.programmes.domain.matching import Instance, Method
from services.programmes.domain.parts import part_faults
from services.programmes.handlers.matching import Matching
from services.programmes.schemas import matching as schemas
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.errors import Invalid


def replay_match(request: schemas.ReplayMatch, *, matching: Matching) -> schemas.ReplayView:
    """What the same wishes would have given under another method, other weights or capacities."""
    match, frozen = matching.matches.get(request.match_id), matching.inputs.get(request.match_id)
    method = request.method or match.method
    instance = _otherwise(request, frozen, matching)
    found: Solution = matching.offload(solution, instance, method)
    moved = [
        schemas.Moved(id, match.assignments.get(id), found.given.get(id))
        for id in dict.fromkeys((*frozen.order, *instance.order))
        if match.assignments.get(id) != found.given.get(id)
    ]
    return schemas.ReplayView(
        match_id=match.id,
        method=Method(method),
        number=len(moved),
        moved=tuple(moved[:PAGE_LIMIT]),
        matched=len(found.given),
        certificate=found.certificate,
    )


def _otherwise(request: schemas.ReplayMatch, frozen: Inputs, matching: Matching) -> Instance:
    """The frozen wishes with what is asked for put in its place; raises Invalid by field."""
    faults = {
        f"capacities.{position}.post_id": ["The match has no such post."]
        for position, each in enumerate(request.capacities)
        if each.post_id not in frozen.capacities
    }
    faults |= part_faults(request.weights)
    if faults:
        raise Invalid("The match cannot be replayed so.", fields=faults)
    capacities = frozen.capacities | {each.post_id: each.places for each in request.capacities}
    order = _order(request, frozen, matching) if request.weights else frozen.order
    whole = Instance(
        {id: frozen.preferences.get(id, ()) for id in order},
        capacities,
        among(order, frozen.priorities),
        order,
    )
    return taking_part(whole, frozenset(frozen.left_out))


def _order(request: schemas.ReplayMatch, frozen: Inputs, matching: Matching) -> tuple[str, ...]:
    """The ranking that other weights of the same parts would have made."""
    if frozen.basis_id is None:
        reasons = {"weights": ["The match went by the reviews alone, which have no parts."]}
        raise Invalid("There is nothing to weigh otherwise.", fields=reasons)
    basis = matching.bases.get(frozen.basis_id)
    wanted = {part.name: part.weight for part in request.weights}
    known = {part.name for part in basis.parts}
    if unknown := wanted.keys() - known:
        reasons = {"weights": [f"The ranking has no part {', '.join(sorted(unknown))}."]}
        raise Invalid("There is nothing to weigh so.", fields=reasons)
    parts = tuple(replace(part, weight=wanted.get(part.name, 0)) for part in basis.parts)
    entries = matching.offload(replace(basis, parts=parts).entries)
    return tuple(entry.application_id for entry in entries)
