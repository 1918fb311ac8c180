"""The settings of programmes."""

import pytest

from services.programmes.settings import Settings
from shared.settings import Misconfigured, read

NEEDED = {
    "AMQP_URI": "amqp://localhost",
    "MONGODB_URI": "mongodb://localhost",
    "AUTH_PUBLIC_KEY": "-----BEGIN PUBLIC KEY-----\nx",
}


def test_a_day_begins_in_london_unless_said_otherwise() -> None:
    """The zone has a default."""
    assert read(Settings, NEEDED).time_zone == "Europe/London"
    assert read(Settings, {**NEEDED, "TIME_ZONE": "UTC"}).time_zone == "UTC"


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../etc/passwd"])
def test_a_time_zone_that_is_none_stops_the_start(zone: str) -> None:
    """The variable is named."""
    with pytest.raises(Misconfigured, match="TIME_ZONE"):
        read(Settings, {**NEEDED, "TIME_ZONE": zone})
