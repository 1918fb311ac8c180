"""What notifications asks of itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deliver:
    """Try to send one message now, if it is due."""

    message_id: str
