"""What a final ranking is made of: reviews, interviews and sheets of scores, each with a weight."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.programmes.domain.terms import Faults, repeated_faults
from shared.events import Pattern, integer, text

MAX_PARTS = 20
REVIEW = "review"
INTERVIEW = "interview"
_SHEET = "sheet:"
_NAME = Pattern(
    r"^(review|interview|sheet:[a-z][a-z0-9_]*)$",
    "review, interview, or sheet: and the name of a sheet, such as sheet:judgement",
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What counts, and how much of the whole."""

    name: str = text(
        70,
        pattern=_NAME,
        description="review, interview or sheet:<name>.",
    )
    weight: int = integer(1, 1_000)

    @property
    def sheet(self) -> str | None:
        """The name of the sheet that it is, if it is one."""
        return self.name.removeprefix(_SHEET) if self.name.startswith(_SHEET) else None


def sheet_part(name: str) -> str:
    """How a sheet is named as a part."""
    return f"{_SHEET}{name}"


def part_faults(parts: Iterable[Part]) -> Faults:
    """A reason for each part that stands there twice, by ``weights.<position>.name``."""
    return repeated_faults("weights", "name", (each.name for each in parts))
