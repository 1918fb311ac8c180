"""A year of membership, told in advance: renewal falls due, some renew, the others lapse."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from clients.faculty import Call, Faculty

# Within the window of renewal, and after grace, of a term of twelve months that began today.
DUE, OVER = timedelta(days=340), timedelta(days=400)
Each = Callable[[str, Iterable[Call]], list[dict[str, Any]]]


@dataclass
class Year:
    """What the year brought; ``example`` is why one member's status will be what it will be."""

    due: int = 0
    renewed: int = 0
    paid_pence: int = 0
    lapsed: int = 0
    example: dict[str, Any] = field(default_factory=dict)


def pass_a_year(staff: Faculty, ops_token: str, members: list[str], each: Each) -> Year:
    """Let the days come; every other member pays what is owed and renews."""
    today = datetime.now(UTC).date()
    year = Year()
    told = _tick(each, ops_token, (today + DUE).isoformat())
    year.due = told.get("renewal.due", 0)
    renewing = members[::2]
    year.paid_pence = _pay(renewing, each, today.isoformat())
    renewals = (Call("membership.renew", {"member_id": id}, str(uuid.uuid4())) for id in renewing)
    year.renewed = len(each("Renewing", renewals))
    over = (today + OVER).isoformat()
    year.lapsed = _tick(each, ops_token, over).get("member.lapsed", 0)
    year.example = staff.call("membership.explain_status", member_id=members[1], as_of=over)
    return year


def _tick(each: Each, token: str, on: str) -> dict[str, int]:
    call = Call("membership.tick", {"on": on}, str(uuid.uuid4()), token)
    (answer,) = each("Letting the days come", [call])
    told: dict[str, int] = answer["told"]
    return told


def _pay(members: list[str], each: Each, today: str) -> int:
    quotes = each(
        "Quoting",
        (Call("membership.quote", {"member_id": id, "what": "renewal"}) for id in members),
    )
    accounts = each("Asking", (Call("membership.get_account", {"member_id": id}) for id in members))
    owed = {
        id: quote["total_pence"] - account["balance_pence"]
        for id, quote, account in zip(members, quotes, accounts, strict=True)
    }
    payments = (
        {"member_id": id, "pence": pence, "reference": f"sample {id}", "received_on": today}
        for id, pence in owed.items()
        if pence > 0
    )
    each(
        "Paying",
        (Call("membership.record_payment", payment, str(uuid.uuid4())) for payment in payments),
    )
    return sum(owed.values())
