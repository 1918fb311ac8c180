"""A fresh service for each test."""

import pytest

from tests.unit.research.builders import Service


@pytest.fixture
def service() -> Service:
    """The handlers of research wired to fakes."""
    return Service()


@pytest.fixture
def example(service: Service) -> Service:
    """40 of 80 white and 20 of 80 Indian applicants are shortlisted."""
    service.open_cohort()
    service.people(40, "A", "shortlisted")
    service.people(40, "B")
    service.people(20, "H", "shortlisted")
    service.people(60, "H")
    return service
