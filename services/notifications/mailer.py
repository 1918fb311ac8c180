"""Hands messages to a mail server over SMTP, and tells refusals from what may succeed later.

A refusal (5xx) of the sender, the recipient or the content is for good. Everything else is not: the
server cannot be reached, hangs, breaks off, says 4xx, or refuses us rather than the message (its
greeting, TLS, our credentials). Only the reply code leaves this module: the text may quote the
address.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from enum import StrEnum
from typing import Any, BinaryIO

from services.notifications.domain import Email
from services.notifications.errors import MailDeferred, MailRefused

# https://www.rfc-editor.org/rfc/rfc4954#section-6 and RFC 3207: we are not let in as we are.
_OUR_OWN_FAULT = frozenset({530, 534, 535, 538})
# Before 3.11.10 Python writes out line breaks that were hidden in one: CVE-2024-6923.
_ENCODED_WORD = "=?"


class Tls(StrEnum):
    """Whether the connection is encrypted: never, after STARTTLS, or from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class SmtpServer:
    """Where messages are handed in and as whom; ``timeout`` is for one message, in seconds."""

    host: str
    port: int
    mail_from: str
    tls: Tls = Tls.NONE
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout: float = 15.0
    message_id_domain: str = "faculty.example"


class SmtpMailer:
    """Sends each message over a connection of its own."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._sender = parseaddr(server.mail_from)[1]
        self._tls: Any = _Handshake(ssl.create_default_context(cafile=server.ca_file or None))

    def send(self, email: Email) -> int:
        """The code of the server's acceptance; raises ``MailRefused`` or ``MailDeferred``."""
        message = compose(email, self._server.mail_from, self._server.message_id_domain)
        with _errors_told_apart():
            client = self._connect()
            try:
                self._enter(client)
                client.send_message(message, self._sender, [email.to_address])
            finally:
                _leave(client)
        return 250

    def _connect(self) -> _Bounded:
        server = self._server
        # The machine's own name would be looked up in the DNS for every message.
        ours = server.message_id_domain
        if server.tls is Tls.TLS:
            return _BoundedTls(server, local_hostname=ours, context=self._tls)
        return _Bounded(server, local_hostname=ours)

    def _enter(self, client: smtplib.SMTP) -> None:
        try:
            if self._server.tls is Tls.STARTTLS:
                client.starttls(context=self._tls)
            if self._server.username:
                client.login(self._server.username, self._server.password)
        except smtplib.SMTPResponseException as error:
            raise MailDeferred(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise MailDeferred() from None


def compose(email: Email, mail_from: str, message_id_domain: str) -> EmailMessage:
    """The message with its headers; raises ``MailRefused`` when no mail server could take it."""
    message = EmailMessage(policy=SMTP)
    if _ENCODED_WORD in email.to_address:
        raise MailRefused()
    try:
        message["From"] = mail_from
        message["To"] = Address(_display_name(email.to_name), addr_spec=email.to_address)
        message["Subject"] = _inert(email.subject)
    except (ValueError, MessageError, IndexError):
        raise MailRefused() from None
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{email.message_id}@{message_id_domain}>"
    # https://www.rfc-editor.org/rfc/rfc3834#section-5: no out-of-office answers, please.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(email.html, subtype="html", cte="quoted-printable")
    # After the bodies: what begins with Content- moves into the first of them.
    message["Content-Language"] = "en-GB"
    return message


def _inert(words: str) -> str:
    """The words without anything that the email package would decode, line breaks and all."""
    return words.replace(_ENCODED_WORD, "= ?")


def _display_name(name: str) -> str:
    """The name without what has a meaning in an address; the bodies have it in full.

    The email package folds long quoted names wrongly, so nothing is left that needs quoting.
    """
    kept = (
        letter if letter in " '-\u2019" or unicodedata.category(letter)[0] in "LMN" else " "
        for letter in name
    )
    return " ".join("".join(kept).split())


@dataclass(frozen=True)
class _Handshake:
    """What smtplib needs of a context; Eventlet's leaves a socket open whose handshake failed."""

    context: ssl.SSLContext

    def wrap_socket(self, sock: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        wrapped = self.context.wrap_socket(
            sock, server_hostname=server_hostname, do_handshake_on_connect=False
        )
        try:
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped


class _Bounded(smtplib.SMTP):
    """Bounds the whole conversation; smtplib's own timeout starts anew with each read."""

    def __init__(self, server: SmtpServer, **options: Any) -> None:
        self._deadline = time.monotonic() + server.timeout
        super().__init__(server.host, server.port, timeout=server.timeout, **options)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock.makefile("rb"), self._limit)
        return super().getreply()

    def send(self, s: Any) -> None:
        self._limit()
        super().send(s)

    def _limit(self) -> None:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected("The mail server took too long.")
        if self.sock is not None:
            self.sock.settimeout(remaining)


class _Lines:
    """Lines of a reply, with the time left looked at before each."""

    def __init__(self, file: BinaryIO, limit: Callable[[], None]) -> None:
        self._file, self._limit = file, limit
        self.close = file.close

    def readline(self, size: int) -> bytes:
        self._limit()
        return self._file.readline(size)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _leave(client: _Bounded) -> None:
    """Say goodbye and do not wait for an answer.

    It would change nothing about the message, and until the caller has recorded the acceptance, a
    crash makes the message be sent again.
    """
    with suppress(OSError, smtplib.SMTPException):
        client.putcmd("quit")
    client.close()


@contextmanager
def _errors_told_apart() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise _verdict(next(iter(error.recipients.values()))[0]) from None
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
        raise MailDeferred(error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        # The address needs SMTPUTF8, which this server will not learn by being asked again.
        raise MailRefused() from None
    except (smtplib.SMTPException, OSError):
        raise MailDeferred() from None


def _verdict(smtp_code: int) -> MailRefused | MailDeferred:
    if 500 <= smtp_code < 600 and smtp_code not in _OUR_OWN_FAULT:
        return MailRefused(smtp_code)
    return MailDeferred(smtp_code)
