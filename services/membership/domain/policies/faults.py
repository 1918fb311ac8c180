"""What policies check beyond their schema, as pairs of field and reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.errors import Invalid


class Faults:
    """Checks that several kinds of policy share."""

    @staticmethod
    def repeated(path: str, field: str, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Each value that came before."""
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value in seen:
                yield f"{path}.{index}.{field}", "Used before."
            seen.add(value)

    @staticmethod
    def refuse(kind: str, faults: Iterator[tuple[str, str]]) -> None:
        """Raises Invalid naming ``<kind>.<field>`` for every fault."""
        fields: dict[str, list[str]] = {}
        for path, reason in faults:
            fields.setdefault(f"{kind}.{path}", []).append(reason)
        if fields:
            raise Invalid("The policy is not valid.", fields=fields)
