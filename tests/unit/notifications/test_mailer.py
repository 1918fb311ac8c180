"""What a message looks like on the wire; no name or address can add anything to it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain import Contact, Email
from services.notifications.errors import MailRefused
from services.notifications.mailer import compose

HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}
FROM = "The Faculty <no-reply@faculty.example>"


def composed(**changes: str) -> EmailMessage:
    parts = {
        "message_id": "0193b7a0",
        "to_name": "Nia Probert",
        "to_address": "nia.probert@example.org",
        "subject": "Welcome",
        "text": "Croeso, Siân",
        "html": "<p>Croeso, Siân</p>",
    }
    return compose(Email(**{**parts, **changes}), FROM, "faculty.example")


def reread(message: EmailMessage) -> EmailMessage:
    """What a mail program makes of the bytes."""
    parsed = message_from_bytes(message.as_bytes(), policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_message_id_follows_from_the_messages_id() -> None:
    """A repeat after a crash carries the same Message-ID, so that it can be recognised."""
    assert reread(composed())["Message-ID"] == "<0193b7a0@faculty.example>"


def test_text_and_html_are_alternatives_in_plain_ascii() -> None:
    """Any server can carry the message, and a reader chooses between equal bodies."""
    message = composed()
    assert message.as_bytes().isascii()
    assert message.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in reread(message).iter_parts())
    assert text.strip() == "Croeso, Siân"
    assert html.strip() == "<p>Croeso, Siân</p>"


def test_nobody_is_asked_to_answer_automatically() -> None:
    """Out-of-office replies stay away."""
    assert composed()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "address",
    [
        "nia@example.org\r\nBcc: all@example.org",
        "nia@example.org, all@example.org",
        "nia",
        "",
        "nia@",
        "@example.org",
        "<nia@example.org>",
        "=?utf-8?q?nia=0D=0ABcc=3Aall?=@example.org",
    ],
)
def test_address_that_is_not_one_address_is_refused_for_good(address: str) -> None:
    """Trying again would not help, and nobody else is written to instead."""
    with pytest.raises(MailRefused):
        composed(to_address=address)


def test_line_break_in_a_subject_is_refused() -> None:
    """Rendering leaves no line break in a subject; should one get here it adds no header."""
    with pytest.raises(MailRefused):
        composed(subject="Welcome\nBcc: all@example.org")


HOSTILE = st.lists(
    st.text(max_size=8)
    | st.sampled_from(
        [
            "=?utf-8?q?",
            "=?utf-8?b?",
            "=",
            "?",
            "=0D=0A",
            "DQpCY2M6",
            "?=",
            "\r\n",
            "Bcc: ",
            '"',
            "<a@b>",
        ]
    ),
    max_size=12,
).map("".join)


@given(HOSTILE, HOSTILE)
def test_no_name_can_add_a_header_or_a_recipient(given_name: str, family_name: str) -> None:
    """Whatever a name holds, the message has its own headers and one recipient."""
    contact = Contact.of(given_name=given_name, family_name=family_name, email="nia@example.org")
    message = reread(
        composed(
            to_name=contact.full_name,
            to_address=contact.email,
            subject=f"Welcome, {contact.given_name}",
        )
    )
    assert set(message.keys()) == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["nia@example.org"]


@pytest.mark.parametrize(
    "name",
    [
        "Nia\r\nBcc: all@example.org",
        'Nia" <all@example.org>, "x',
        "Nia, all@example.org",
        "=?utf-8?q?Nia=0D=0ABcc=3A?= all@example.org",
        "Nia\x00\x0b\x0c\x85\u2028Bcc: all@example.org",
        "é" * 200 + "\r\nBcc: all@example.org",
    ],
)
def test_known_injections_stay_in_the_name(name: str) -> None:
    """The usual attempts end up as text between the quotation marks."""
    contact = Contact.of(given_name=name, family_name="", email="nia@example.org")
    message = reread(composed(to_name=contact.full_name, to_address=contact.email))
    assert set(message.keys()) == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["nia@example.org"]
