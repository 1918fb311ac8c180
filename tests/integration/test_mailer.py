"""The mailer against a real SMTP server: what it accepts, refuses, puts off, drops or hangs on."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.notifications.domain import Email
from services.notifications.errors import MailDeferred, MailRefused
from services.notifications.mailer import SmtpMailer, SmtpServer, Tls

SERVER = Path(__file__).with_name("smtp_server.py")
Start = Callable[..., SmtpServer]


def email(local_part: str) -> Email:
    return Email(
        message_id="0193b7a0-5a3c",
        to_name="Siân O'Neill",
        to_address=f"{local_part}@example.org",
        subject="Croeso, Siân",
        text="Hello\n.\nSiân",
        html="<p>Siân</p>",
    )


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    return tmp_path / "mailbox.jsonl"


@pytest.fixture
def start(mailbox: Path) -> Iterator[Start]:
    """Starts mail servers and stops them again."""
    processes: list[subprocess.Popen[str]] = []

    def run(*options: str, **settings: Any) -> SmtpServer:
        command = [sys.executable, "-W", "ignore", str(SERVER), str(mailbox), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
        processes.append(process)
        assert process.stdout is not None
        port = int(process.stdout.readline())
        given = {"host": "127.0.0.1", "mail_from": "The Faculty <no-reply@faculty.example>"}
        return SmtpServer(port=port, timeout=5, **{**given, **settings})

    yield run
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that only those who are told to do trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def accepted(mailbox: Path) -> list[dict[str, Any]]:
    return (
        [json.loads(line) for line in mailbox.read_text().splitlines()] if mailbox.exists() else []
    )


def test_accepted_message_arrives_whole(start: Start, mailbox: Path) -> None:
    """One recipient gets one message: both bodies, lone dots, names beyond ASCII and all."""
    assert SmtpMailer(start()).send(email("nia")) == 250
    [kept] = accepted(mailbox)
    assert (kept["from"], kept["to"]) == ("no-reply@faculty.example", ["nia@example.org"])
    assert kept["helo"] == "faculty.example"
    message = message_from_string(kept["content"], policy=SMTP)
    assert message["Message-ID"] == "<0193b7a0-5a3c@faculty.example>"
    assert message["Subject"] == "Croeso, Siân"
    assert str(message["To"]) == "Siân O'Neill <nia@example.org>"
    text, html = (part.get_content() for part in message.iter_parts())
    assert text.splitlines() == ["Hello", ".", "Siân"]
    assert html.strip() == "<p>Siân</p>"


@pytest.mark.parametrize("recipient", ["rcpt-550", "rcpt-553", "data-552", "data-554"])
def test_permanent_refusal_of_the_message_is_for_good(
    start: Start, mailbox: Path, recipient: str
) -> None:
    """5xx about recipient or content means never again; its code is kept and no address."""
    with pytest.raises(MailRefused) as caught:
        SmtpMailer(start()).send(email(recipient))
    assert caught.value.smtp_code == int(recipient[-3:])
    assert "@" not in str(caught.value) + repr(caught.value.details)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    assert accepted(mailbox) == []


@pytest.mark.parametrize("recipient", ["rcpt-450", "rcpt-421", "data-451", "data-421"])
def test_temporary_refusal_may_be_tried_again(start: Start, mailbox: Path, recipient: str) -> None:
    """4xx means later."""
    with pytest.raises(MailDeferred) as caught:
        SmtpMailer(start()).send(email(recipient))
    assert caught.value.smtp_code == int(recipient[-3:])
    assert accepted(mailbox) == []


@pytest.mark.parametrize("recipient", ["drop-rcpt", "drop-data"])
def test_broken_connection_may_be_tried_again(start: Start, mailbox: Path, recipient: str) -> None:
    """A server that breaks off said nothing about the message."""
    with pytest.raises(MailDeferred) as caught:
        SmtpMailer(start()).send(email(recipient))
    assert caught.value.smtp_code is None
    assert accepted(mailbox) == []


@pytest.mark.parametrize("recipient", ["hang-rcpt", "hang-data", "drip"])
def test_silent_or_dawdling_server_is_left_in_time(start: Start, recipient: str) -> None:
    """One message takes no longer than the timeout, however the server spreads its silence."""
    server = replace(start(), timeout=1)
    begun = time.monotonic()
    with pytest.raises(MailDeferred):
        SmtpMailer(server).send(email(recipient))
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize("recipient", ["drop-quit", "hang-quit", "quit-421"])
def test_acceptance_counts_however_the_server_says_goodbye(
    start: Start, mailbox: Path, recipient: str
) -> None:
    """What happens after the acceptance must not make the message be sent again."""
    assert SmtpMailer(start()).send(email(recipient)) == 250
    assert len(accepted(mailbox)) == 1


@pytest.mark.parametrize(("greeting", "code"), [("554 No service", 554), ("421 Busy", 421)])
def test_unfriendly_greeting_is_not_about_the_message(
    start: Start, greeting: str, code: int
) -> None:
    """A server that turns everybody away may be mended; the message stays."""
    with pytest.raises(MailDeferred) as caught:
        SmtpMailer(start("--greeting", greeting)).send(email("nia"))
    assert caught.value.smtp_code == code


def test_server_that_does_not_greet_is_left_in_time(start: Start) -> None:
    """Silence from the first moment is bounded too."""
    server = replace(start("--greeting", ""), timeout=1)
    begun = time.monotonic()
    with pytest.raises(MailDeferred):
        SmtpMailer(server).send(email("nia"))
    assert time.monotonic() - begun < 4


def test_nobody_listening_may_be_tried_again() -> None:
    """A refused connection is temporary."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    server = SmtpServer("127.0.0.1", port, "no-reply@faculty.example", timeout=2)
    with pytest.raises(MailDeferred) as caught:
        SmtpMailer(server).send(email("nia"))
    assert caught.value.smtp_code is None


def test_one_process_sends_many(start: Start, mailbox: Path) -> None:
    """Failures leave nothing behind that would harm the next message."""
    mailer = SmtpMailer(start())
    for recipient in ("nia", "rcpt-550", "drop-data", "nia", "data-451", "nia"):
        try:
            mailer.send(email(recipient))
        except (MailRefused, MailDeferred):
            continue
    assert len(accepted(mailbox)) == 3


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.TLS])
def test_encrypted_and_authenticated(
    start: Start, mailbox: Path, certificate: Path, tls: Tls
) -> None:
    """With TLS either way the server knows who we are, and nothing went in the clear."""
    options = ["--tls"] if tls is Tls.TLS else []
    server = start(
        *("--certificate", str(certificate), "--login", "faculty:secret", *options),
        tls=tls,
        username="faculty",
        password="secret",
        ca_file=str(certificate),
    )
    SmtpMailer(server).send(email("nia"))
    [kept] = accepted(mailbox)
    assert (kept["encrypted"], kept["user"]) == (True, True)


# Eventlet leaves a socket whose handshake failed to the garbage collector, which complains.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.TLS])
def test_untrusted_certificate_is_not_spoken_to(
    start: Start, mailbox: Path, certificate: Path, tls: Tls
) -> None:
    """Nothing is handed to a server that cannot prove who it is."""
    options = ["--tls"] if tls is Tls.TLS else []
    server = start("--certificate", str(certificate), *options, tls=tls)
    with pytest.raises(MailDeferred):
        SmtpMailer(server).send(email("nia"))
    assert accepted(mailbox) == []


def test_starttls_that_is_not_offered_is_not_done_without(start: Start, mailbox: Path) -> None:
    """Where encryption is asked for, a server without it gets no message."""
    with pytest.raises(MailDeferred):
        SmtpMailer(start(tls=Tls.STARTTLS)).send(email("nia"))
    assert accepted(mailbox) == []


def test_wrong_password_is_our_fault_and_not_the_messages(start: Start, mailbox: Path) -> None:
    """Refused credentials put messages off until somebody mends the settings."""
    server = start("--login", "faculty:secret", username="faculty", password="wrong")
    with pytest.raises(MailDeferred) as caught:
        SmtpMailer(server).send(email("nia"))
    assert caught.value.smtp_code == 535
    assert accepted(mailbox) == []


def test_missing_login_is_our_fault_and_not_the_messages(start: Start, mailbox: Path) -> None:
    """530 is a refusal of us, though it comes as the answer about the sender."""
    with pytest.raises(MailDeferred) as caught:
        SmtpMailer(start("--login", "faculty:secret")).send(email("nia"))
    assert caught.value.smtp_code == 530
    assert accepted(mailbox) == []
