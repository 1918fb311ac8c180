"""Settings are typed and complete, or the start is refused and every wrong variable named."""

import importlib
import string
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.auth import generate_keys
from shared.schema import integer, text
from shared.settings import Misconfigured, ServiceSettings, read

SERVICES = ("membership", "programmes", "notifications", "research")
REQUIRED = {
    "AMQP_URI": "amqp://things:hunter2@127.0.0.1:5672/",
    "MONGODB_URI": "mongodb://things:hunter3@127.0.0.1:27017/",
    "AUTH_PUBLIC_KEY": generate_keys()[1],
}
BOUNDS = {
    "HTTP_PORT": (0, 65_535),
    "MAX_WORKERS": (1, 1_000),
    "MONGODB_TIMEOUT_SECONDS": (1, 300),
    "BROKER_HEARTBEAT_SECONDS": (2, 600),
    "BROKER_CONFIRM_SECONDS": (1, 300),
    "SHUTDOWN_SECONDS": (1, 600),
    "RELAY_GRACE_SECONDS": (1, 3_600),
    "RELAY_LEASE_SECONDS": (1, 3_600),
    "RELAY_SWEEP_SECONDS": (1, 3_600),
    "IDEMPOTENCY_HOURS": (1, 8_760),
}


def refused(**changed: str) -> Misconfigured:
    with pytest.raises(Misconfigured) as caught:
        read(ServiceSettings, {**REQUIRED, **changed})
    return caught.value


def named(error: Misconfigured) -> set[str]:
    return set(error.details["variables"])


def test_variables_are_read_with_their_types() -> None:
    """Text stays text, numbers become numbers, and what is not set has its default."""
    settings = read(ServiceSettings, {**REQUIRED, "HTTP_PORT": "9000", "LOG_LEVEL": "DEBUG"})
    assert settings.amqp_uri == REQUIRED["AMQP_URI"]
    assert settings.auth_public_key == REQUIRED["AUTH_PUBLIC_KEY"]
    assert (settings.http_port, settings.log_level) == (9_000, "DEBUG")
    assert (settings.http_host, settings.max_workers) == ("127.0.0.1", 20)


def test_text_that_looks_like_a_number_stays_text() -> None:
    """Only where a number is wanted is one made."""
    assert read(ServiceSettings, {**REQUIRED, "AUTH_ISSUER": "42"}).auth_issuer == "42"


def test_other_variables_are_none_of_its_business() -> None:
    """An environment holds much else, and names count in upper case alone."""
    plain = read(ServiceSettings, REQUIRED)
    assert read(ServiceSettings, {**REQUIRED, "PATH": "/bin", "http_port": "1"}) == plain


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named(name: str) -> None:
    """That one alone, in the message as in the details."""
    given = {key: value for key, value in REQUIRED.items() if key != name}
    with pytest.raises(Misconfigured) as caught:
        read(ServiceSettings, given)
    assert named(caught.value) == {name}
    assert name in caught.value.message


@pytest.mark.parametrize("name", REQUIRED)
def test_an_empty_variable_counts_as_unset(name: str) -> None:
    """A required one is missing."""
    assert named(refused(**{name: ""})) == {name}


def test_an_empty_variable_leaves_the_default() -> None:
    """Where there is one."""
    empty = dict.fromkeys((*BOUNDS, "LOG_LEVEL", "AUTH_ISSUER", "MONGODB_DATABASE"), "")
    assert read(ServiceSettings, {**REQUIRED, **empty}) == read(ServiceSettings, REQUIRED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AMQP_URI", "http://127.0.0.1/"),
        ("AMQP_URI", "127.0.0.1:5672"),
        ("MONGODB_URI", "postgres://127.0.0.1/"),
        ("AUTH_PUBLIC_KEY", "MCowBQYDK2VwAyEA"),
        ("AUTH_PUBLIC_KEY", generate_keys()[0]),
        ("AUTH_ISSUER", "x" * 201),
        ("LOG_LEVEL", "loud"),
        ("LOG_LEVEL", "debug"),
        ("HTTP_PORT", "http"),
        ("HTTP_PORT", "80.0"),
        ("HTTP_PORT", "-1"),
        ("HTTP_PORT", " 80"),
        ("HTTP_PORT", "1_000"),
        ("HTTP_PORT", "٨٠"),
        ("HTTP_PORT", "²"),
        ("HTTP_PORT", "9" * 5_000),
        ("MONGODB_DATABASE", "x" * 61),
    ],
)
def test_a_malformed_variable_is_named(name: str, value: str) -> None:
    """Whatever is wrong with it, and no other is named."""
    assert named(refused(**{name: value})) == {name}


@pytest.mark.parametrize("name", BOUNDS)
def test_numbers_have_bounds(name: str) -> None:
    """Both ends are allowed, what lies beyond is not."""
    least, most = BOUNDS[name]
    for allowed in (least, most):
        settings = read(ServiceSettings, {**REQUIRED, name: str(allowed)})
        assert getattr(settings, name.lower()) == allowed
    for beyond in (least - 1, most + 1):
        assert named(refused(**{name: str(beyond)})) == {name}


def test_every_number_is_bounded() -> None:
    """A number that is added gets bounds, and a line above."""
    numbers = {item.name.upper() for item in fields(ServiceSettings) if item.type is int}
    assert numbers == set(BOUNDS)


def test_several_wrong_variables_are_named_at_once() -> None:
    """Whoever sets up a service learns in one start all that is to be done."""
    error = refused(AMQP_URI="", MONGODB_URI="x", HTTP_PORT="x", LOG_LEVEL="x")
    wrong = {"AMQP_URI", "MONGODB_URI", "HTTP_PORT", "LOG_LEVEL"}
    assert named(error) == wrong
    assert all(name in error.message for name in wrong)


def test_a_refusal_does_not_repeat_the_value() -> None:
    """It may be a password in the wrong place."""
    error = refused(AMQP_URI="ftp://things:hunter2@127.0.0.1/", HTTP_PORT="hunter2")
    assert "hunter2" not in f"{error} {error.details}"
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_secrets_are_not_shown() -> None:
    """Addresses with passwords in them are left out of what settings print."""
    shown = repr(read(ServiceSettings, REQUIRED))
    assert "hunter" not in shown
    assert "http_port=8000" in shown


def test_a_service_may_have_settings_of_its_own() -> None:
    """They are read and refused beside those that every service has."""

    @dataclass(frozen=True, kw_only=True)
    class Settings(ServiceSettings):
        colour: str = text(10)
        size: int = integer(1, 5, default=2)

    settings = read(Settings, {**REQUIRED, "COLOUR": "red", "SIZE": "5"})
    assert (settings.colour, settings.size) == ("red", 5)
    with pytest.raises(Misconfigured) as caught:
        read(Settings, {**REQUIRED, "SIZE": "6"})
    assert named(caught.value) == {"COLOUR", "SIZE"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_reads_a_minimal_environment(service: str) -> None:
    """What has no default is all that must be set, and each missing one is named."""
    cls = importlib.import_module(f"services.{service}.settings").Settings
    own = {"SMTP_HOST": "mail.example.org", "MAIL_FROM": "post@faculty.example"}
    needed = {item.name.upper() for item in fields(cls) if _is_required(item)}
    minimal = {name: {**REQUIRED, **own}[name] for name in needed}
    assert read(cls, minimal).max_workers == 20
    with pytest.raises(Misconfigured) as caught:
        read(cls, {})
    assert named(caught.value) == needed


def _is_required(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


@hypothesis.settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(BOUNDS)), st.text(string.printable, max_size=6)))
def test_rubbish_is_refused_or_read(given_values: dict[str, str]) -> None:
    """No text makes reading fail in any other way, and what is read is within bounds."""
    try:
        settings = read(ServiceSettings, {**REQUIRED, **given_values})
    except Misconfigured as error:
        assert named(error) <= set(given_values)
        assert named(error)
    else:
        for name, (least, most) in BOUNDS.items():
            assert least <= getattr(settings, name.lower()) <= most
