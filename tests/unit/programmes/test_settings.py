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


@pytest.mark.parametrize(
    "url", ["https://verify.invalid/", "https://x.invalid/{code}/{code}", "verify.invalid/{code}"]
)
def test_an_address_that_no_code_fits_into_stops_the_start(url: str) -> None:
    """It would be on paper before anybody saw it."""
    with pytest.raises(Misconfigured, match="VERIFY_URL"):
        read(Settings, {**NEEDED, "VERIFY_URL": url})


def test_without_an_address_there_is_none() -> None:
    """Rather than one that leads nowhere."""
    assert read(Settings, NEEDED).verify_url is None


def test_a_font_of_one_s_own_can_be_named() -> None:
    """Without one there is that which comes with the service."""
    assert read(Settings, NEEDED).certificate_font is None
    named = {**NEEDED, "CERTIFICATE_FONT": "/fonts/other.ttf"}
    assert read(Settings, named).certificate_font == "/fonts/other.ttf"
