"""The events this service owns: none, for what it keeps concerns nobody but the person."""

EVENTS: tuple[type, ...] = ()
