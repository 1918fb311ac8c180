"""How what is known of a person is forgotten: all of it, but for what is named as kept.

A field that is added later is forgotten too, unless somebody decides otherwise.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any, Protocol, get_args, get_origin, get_type_hints, runtime_checkable


@runtime_checkable
class Forgettable(Protocol):
    """Something kept of a member that can be without what it says of them; safe to repeat."""

    def forget(self) -> None: ...


def forget_all(thing: Any, *kept: str) -> None:
    """Set every field but ``id`` and those kept to its default, to None, or to something empty.

    A field that can be none of these has to be among those kept.
    """
    types = get_type_hints(type(thing))
    for field in dataclasses.fields(thing):
        if field.name not in ("id", *kept):
            setattr(thing, field.name, _nothing(field, types[field.name]))


def _nothing(field: dataclasses.Field[Any], kind: Any) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    if type(None) in get_args(kind):
        return None
    plain = get_origin(kind) or kind
    if plain in (str, tuple, dict):
        return plain()
    raise TypeError(f"{field.name} has nothing that it could be set to; keep it or give a default")


def address_hash(email: str) -> str:
    """SHA-256 of the address without regard to case, in hexadecimal, as notifications makes it."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()
