"""Settings of notifications: complete, or the service does not start."""

from datetime import timedelta

import pytest

from services.notifications.mailer import Tls
from services.notifications.settings import Settings
from shared.settings import Misconfigured, read

REQUIRED = {
    "AMQP_URI": "amqp://notifications:x@127.0.0.1/",
    "MONGODB_URI": "mongodb://127.0.0.1/",
    "AUTH_PUBLIC_KEY": "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----",
    "SMTP_HOST": "mail.example.org",
    "MAIL_FROM": "The Faculty <no-reply@faculty.example>",
}


def test_defaults_are_safe() -> None:
    """Without a word about it the connection is encrypted, and tries end after about a day."""
    settings = read(Settings, REQUIRED)
    assert (settings.smtp_server.tls, settings.smtp_server.port) == (Tls.STARTTLS, 587)
    assert settings.delivery_policy.max_attempts == 12
    assert settings.delivery_policy.lease == timedelta(seconds=60)


def test_one_tick_and_one_message_end_before_the_shutdown_does() -> None:
    """A stop waits for what is in hand; with the defaults that is never cut off."""
    settings = read(Settings, REQUIRED)
    longest = settings.sweep_budget_seconds + settings.smtp_timeout_seconds
    assert longest < settings.shutdown_seconds


@pytest.mark.parametrize("name", ["SMTP_HOST", "MAIL_FROM"])
def test_missing_setting_is_named(name: str) -> None:
    """Whoever starts the service reads which variable is not there."""
    with pytest.raises(Misconfigured, match=name):
        read(Settings, {key: value for key, value in REQUIRED.items() if key != name})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SMTP_TLS": "perhaps"}, "SMTP_TLS"),
        ({"SMTP_PORT": "smtp"}, "SMTP_PORT"),
        ({"MAIL_FROM": "The Faculty"}, "MAIL_FROM"),
        ({"MAIL_FROM": "a@b.example\nBcc: all@example.org"}, "MAIL_FROM"),
        ({"SMTP_TLS": "none", "SMTP_USERNAME": "faculty"}, "SMTP_TLS"),
        ({"LEASE_SECONDS": "20"}, "LEASE_SECONDS"),
    ],
)
def test_unsound_setting_stops_the_start(wrong: dict[str, str], named: str) -> None:
    """Passwords in the clear, leases shorter than a conversation and typing errors are refused."""
    with pytest.raises(Misconfigured, match=named):
        read(Settings, {**REQUIRED, **wrong})


def test_password_is_not_shown() -> None:
    """Neither settings nor mail server print the password."""
    settings = read(Settings, {**REQUIRED, "SMTP_USERNAME": "faculty", "SMTP_PASSWORD": "tell-no"})
    assert settings.smtp_server.password == "tell-no"
    assert "tell-no" not in repr(settings) + repr(settings.smtp_server)
