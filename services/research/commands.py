"""What may be asked of research; each class is also the request schema of its RPC."""

from dataclasses import dataclass

from shared.events import items, text


@dataclass(frozen=True, kw_only=True)
class RecordEqualityResponse:
    """Keep a person's equality answers under their pseudonym, in place of earlier ones."""

    pseudonym: str = text(64)
    answers: dict[str, str] = items(
        50, min_length=1, description="The code chosen, by characteristic."
    )
    consent: bool


@dataclass(frozen=True, kw_only=True)
class WithdrawEqualityResponse:
    """Remove a person's equality answers."""

    pseudonym: str = text(64)
