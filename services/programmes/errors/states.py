"""Refusals because something is not where it would have to be."""

from typing import Any, ClassVar

from shared.errors import Refused


class NotThere(Refused):
    """It is not where it would have to be; ``needed`` says where that is.

    The detail that ``where`` names says where it is. The message has both in words.
    """

    thing: ClassVar[str] = "It"
    where: ClassVar[str] = "state"

    def __init__(self, message: str = "", /, **details: Any) -> None:
        needed = details.get("needed")
        if not message and needed and self.where in details:
            places = " or ".join(needed)
            message = f"{self.thing} is {details[self.where]}; this needs it to be {places}."
        super().__init__(message, **details)
