"""The list of characteristics, their codes and the groups that codes are counted in.

The list is versioned data (``data/characteristics.json``); nothing here knows a single code.

    codes.members("ethnicity", "white")    # ("A", "B", "C")
    codes.members("ethnicity", "H")        # ("H",)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import Invalid


@dataclass(frozen=True)
class Characteristic:
    """One question: its codes, those that tell nothing, and named groupings of the others."""

    name: str
    codes: Mapping[str, str]
    unknown: frozenset[str]
    groupings: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        grouped = {code for members in self.groupings.values() for code in members}
        strangers = (grouped | self.unknown) - set(self.codes)
        hidden = grouped & self.unknown
        ambiguous = set(self.groupings) & set(self.codes)
        if strangers or hidden or ambiguous:
            wrong = ", ".join(sorted(strangers | hidden | ambiguous))
            raise ValueError(f"The codes of {self.name} contradict one another: {wrong}")

    def members(self, group: str) -> tuple[str, ...] | None:
        """The known codes that a group's name, or a single code, stands for, in one order."""
        if group in self.groupings:
            return tuple(sorted(self.groupings[group]))
        return (group,) if group in self.codes and group not in self.unknown else None


@dataclass(frozen=True)
class CodeList:
    """One version of the list, and the stages of selection that indicators know."""

    version: str
    stages: tuple[str, ...]
    characteristics: Mapping[str, Characteristic]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> CodeList:
        """The list as its file has it; raises ``ValueError`` where it contradicts itself."""
        characteristics = {
            key: Characteristic(
                key,
                entry["codes"],
                frozenset(entry["unknown"]),
                {name: tuple(codes) for name, codes in entry["groupings"].items()},
            )
            for key, entry in data["characteristics"].items()
        }
        return cls(data["version"], tuple(data["stages"]), characteristics)

    def check_answers(self, answers: Mapping[str, str]) -> None:
        """Raises ``Invalid`` naming each wrong ``answers.<characteristic>``, never its value."""
        fields: dict[str, list[str]] = {}
        for name, code in answers.items():
            if name not in self.characteristics:
                fields[f"answers.{name}"] = ["Not a characteristic that is asked for."]
            elif code not in self.characteristics[name].codes:
                fields[f"answers.{name}"] = ["Not a code of this characteristic."]
        if not answers:
            fields["answers"] = ["At least one answer is needed."]
        if fields:
            raise Invalid("The answers are not valid.", fields=fields)

    def check_stages(self, base: str, stage: str) -> None:
        """Raises ``Invalid`` naming ``stage`` or ``base``, which comes before it."""
        known = f"Must be one of: {', '.join(self.stages)}."
        given = {"base": base, "stage": stage}
        fields = {name: [known] for name, value in given.items() if value not in self.stages}
        if fields:
            raise Invalid("The stage is not known.", fields=fields)
        if self.stages.index(base) > self.stages.index(stage):
            reason = "Must not come after the stage."
            raise Invalid("The base comes after the stage.", fields={"base": [reason]})

    def check_groups(
        self, characteristic: str, group: str, reference: str
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The codes in ``group`` and in ``reference``, which must have none in common."""
        if characteristic not in self.characteristics:
            reason = "Not a characteristic that is asked for."
            raise Invalid("There is no such characteristic.", fields={"characteristic": [reason]})
        asked = self.characteristics[characteristic]
        found = {"group": asked.members(group), "reference": asked.members(reference)}
        unknown = "Neither a known code nor a grouping of this characteristic."
        fields = {name: [unknown] for name, members in found.items() if members is None}
        if fields:
            raise Invalid("There is no such group.", fields=fields)
        members, others = found["group"] or (), found["reference"] or ()
        if set(members) & set(others):
            overlap = "Must have no code in common with group."
            raise Invalid("The groups overlap.", fields={"reference": [overlap]})
        return members, others
