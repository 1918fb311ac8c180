"""What a status means, in a sentence for the member or for staff."""

from __future__ import annotations

from services.membership.domain.standing import Standing
from services.membership.domain.terms import RuleName

_BY_REASON = {
    "registration_not_checked": "The registration has not been compared with the register yet.",
    "not_on_register": "The register has no entry with this number.",
    "name_differs": "The register has this number under another name.",
    "suspended": "The regulator has suspended the registration.",
    "registration_suspended": "The regulator has suspended the registration; membership rests.",
    "relinquished": "The registration was given up.",
    "erased": "The regulator has erased the registration.",
    "registration_erased": "The regulator erased the registration, which ended the membership.",
    "registration_verified": "The registration is verified; admission is still to be decided.",
    "registration_not_required": "No registration is needed; admission is still to be decided.",
    "declaration_under_review": "The committee has still to decide about a sanction.",
    "committee": "The committee decided so.",
    "declined": "The application was declined.",
    "withdrawn": "The member has left.",
    "deceased": "The member has died.",
    "merged": "The record was merged into another one.",
    "never_covered": "There is no term and no entitlement on record.",
}


def explain(standing: Standing) -> str:
    """Why the status is what it is, with the day that counts."""
    last = standing.covered_to
    match standing.rule:
        case RuleName.COVERED:
            return f"Covered to {last.isoformat()}." if last else "Covered without an end."
        case RuleName.DUE if last:
            return f"Cover ends on {last.isoformat()} and can be renewed."
        case RuleName.GRACE if last:
            return f"Cover ended on {last.isoformat()}; it can still be renewed."
        case RuleName.LAPSED if last:
            return f"Cover ended on {last.isoformat()} and was not renewed in time."
        case RuleName.ERASED:
            return "The personal data was erased."
    return _BY_REASON.get(standing.reason, standing.reason)
