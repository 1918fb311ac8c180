"""Ids that the examples of events share; nobody's."""

MEMBER = "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a11"
