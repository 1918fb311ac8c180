"""The events this service owns: none. What it does is seen through ``find_messages``."""

EVENTS: tuple[type, ...] = ()
