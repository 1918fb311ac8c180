"""Fakes behind the real interfaces, and the behaviour that every store must show."""

from shared.testing.fakes import (
    FakeClock,
    FakeCollection,
    FakeDatabase,
    FakeProjection,
    FakeRepository,
    FakeTransport,
    error_of,
)

__all__ = [
    "FakeClock",
    "FakeCollection",
    "FakeDatabase",
    "FakeProjection",
    "FakeRepository",
    "FakeTransport",
    "error_of",
]
