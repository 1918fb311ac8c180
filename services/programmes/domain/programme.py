"""A programme: what is offered, to whom, and what it does for sustainability."""

from dataclasses import dataclass
from typing import Self

from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import Nation, ProgrammeKind, blank_faults
from services.programmes.errors import NotEligible
from services.programmes.events import ProgrammePublished
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass(frozen=True)
class Eligibility:
    """Who may apply, as data: the professions and nations admitted; an empty list admits all."""

    professions: tuple[str, ...] = ()
    nations: tuple[Nation, ...] = ()

    def require(self, standing: Standing) -> None:
        """Raises NotEligible naming the first rule that leaves this member out."""
        rules = (
            ("profession", standing.profession, self.professions),
            ("nation", standing.nation, self.nations),
        )
        for rule, value, admitted in rules:
            if admitted and value not in admitted:
                raise NotEligible(
                    f"This programme is not open to the member's {rule}.",
                    rule=rule,
                    value=value,
                    admitted=[str(one) for one in admitted],
                )


@dataclass
class Programme(Aggregate):
    """A scheme, course or event. One that is complete is published as it is created."""

    id: str
    name: str
    kind: ProgrammeKind
    eligibility: Eligibility
    description: str
    sustainability_outcome: str

    @classmethod
    def publish(
        cls,
        id: str,
        *,
        name: str,
        kind: ProgrammeKind,
        nations: tuple[Nation, ...],
        professions: tuple[str, ...],
        description: str,
        sustainability_outcome: str,
    ) -> Self:
        """The published programme, or Invalid naming the fields that are not complete."""
        texts = {
            "name": name,
            "description": description,
            "sustainability_outcome": sustainability_outcome,
        }
        if faults := blank_faults(texts):
            raise Invalid("The programme is not complete.", fields=faults)
        eligibility = Eligibility(
            professions=tuple(dict.fromkeys(professions)),
            nations=tuple(dict.fromkeys(nations)),
        )
        tidy = {field: text.strip() for field, text in texts.items()}
        programme = cls(id=id, kind=kind, eligibility=eligibility, **tidy)
        programme.record(
            ProgrammePublished(
                programme_id=id,
                name=programme.name,
                kind=kind.value,
                nations=tuple(nation.value for nation in eligibility.nations),
                professions=eligibility.professions,
            )
        )
        return programme
