"""Settings of notifications: the mail server, and how persistent to be with it."""

from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from services.notifications.domain import DeliveryPolicy
from services.notifications.mailer import SmtpServer, Tls
from shared.events import Pattern, choice, integer, text
from shared.settings import Misconfigured, ServiceSettings

_DOMAIN = Pattern(r"[A-Za-z0-9.-]+", "a domain such as faculty.example")


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The environment variable is the name in upper case."""

    smtp_host: str = text(255)
    smtp_port: int = integer(1, 65_535, default=587)
    smtp_tls: Tls = choice(Tls, default=Tls.STARTTLS)
    smtp_username: str = text(200, min_length=0, default="")
    smtp_password: str = text(1_000, min_length=0, default="", secret=True)
    smtp_ca_file: str = text(1_000, min_length=0, default="")
    smtp_timeout_seconds: int = integer(1, 60, default=15)
    mail_from: str = text(320)
    message_id_domain: str = text(253, pattern=_DOMAIN, default="faculty.example")
    lease_seconds: int = integer(2, 3_600, default=60)
    max_attempts: int = integer(1, 100, default=12)
    first_retry_seconds: int = integer(1, 3_600, default=5)
    longest_retry_seconds: int = integer(1, 86_400, default=21_600)
    sweep_limit: int = integer(1, 1_000, default=50)
    sweep_budget_seconds: int = integer(1, 60, default=5)
    sweep_seconds: int = integer(1, 300, default=2)

    def __post_init__(self) -> None:
        if "@" not in parseaddr(self.mail_from)[1] or not self.mail_from.isprintable():
            raise Misconfigured("MAIL_FROM is no address such as Faculty <post@faculty.example>.")
        if self.smtp_username and self.smtp_tls is Tls.NONE:
            raise Misconfigured("SMTP_USERNAME needs SMTP_TLS=starttls or tls: passwords travel.")
        if self.lease_seconds < 2 * self.smtp_timeout_seconds:
            raise Misconfigured("LEASE_SECONDS must be twice SMTP_TIMEOUT_SECONDS or more.")

    @property
    def smtp_server(self) -> SmtpServer:
        """Where and how messages are handed in."""
        return SmtpServer(
            host=self.smtp_host,
            port=self.smtp_port,
            mail_from=self.mail_from,
            tls=self.smtp_tls,
            username=self.smtp_username,
            password=self.smtp_password,
            ca_file=self.smtp_ca_file,
            timeout=self.smtp_timeout_seconds,
            message_id_domain=self.message_id_domain,
        )

    @property
    def delivery_policy(self) -> DeliveryPolicy:
        """When to try again and when to give up."""
        return DeliveryPolicy(
            max_attempts=self.max_attempts,
            first_retry=timedelta(seconds=self.first_retry_seconds),
            longest_retry=timedelta(seconds=self.longest_retry_seconds),
            lease=timedelta(seconds=self.lease_seconds),
            sweep_limit=self.sweep_limit,
            sweep_budget=timedelta(seconds=self.sweep_budget_seconds),
        )
