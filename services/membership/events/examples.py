"""Ids that the examples of events share; nobody's."""

MEMBER = "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a11"
ORGANISATION = "0193b7a0-8c11-7d52-8a41-51a2b7d3e0f1"
