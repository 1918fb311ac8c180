"""Certificates on paper, read back as whoever is shown one reads them."""

from __future__ import annotations

import base64
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.programmes.domain.certificate import Certificate, CertificateKind
from services.programmes.errors import CertificateNotValid, NameNotKnown, NotPrintable
from services.programmes.press import BUNDLED_FONT, Press, press_of
from services.programmes.subscriptions import ContactChanged, MemberAdmitted, MemberMerged
from shared.errors import NotFound
from shared.settings import Misconfigured
from tests.unit.programmes.school import School
from tests.unit.programmes.world import SETTINGS

URL = "https://verify.invalid/?code={code}"
PRESS = Press(BUNDLED_FONT, "The Invented Faculty", URL, "Invented Dean")


@pytest.fixture
def school() -> School:
    """A fresh service with a programme."""
    return School()


def certificate(**changes: Any) -> Certificate:
    values = {
        "id": "c-1",
        "code": "7KQM2XVD9HWT",
        "member_id": "m-1",
        "programme_id": "p-1",
        "kind": CertificateKind.AWARD,
        "title": "Leadership in practice",
        "domains": ("self", "team"),
        "issued_on": date(2028, 7, 1),
    }
    return Certificate(**{**values, **changes})


class Paper:
    """A document as it is seen: its text, and what its QR codes say."""

    def __init__(self, content: bytes) -> None:
        document = pypdfium2.PdfDocument(content)
        assert len(document) == 1
        page = document[0]
        self.size = tuple(round(each) for each in page.get_size())
        text = page.get_textpage()
        lines = (line.strip() for line in text.get_text_range().splitlines())
        self.text = unicodedata.normalize("NFC", " ".join(filter(None, lines)))
        image = page.render(scale=2).to_pil()
        self.codes = [found.text for found in zxingcpp.read_barcodes(image)]
        document.close()


def printed(holder: str = "Invented Somebody", press: Press = PRESS, **changes: Any) -> Paper:
    return Paper(press.draw(press.sheet(certificate(**changes), "Invented scheme", holder)))


def test_a_certificate_says_all_that_it_should() -> None:
    """On A4 across, and its QR code leads to where it is verified."""
    paper = printed()
    assert paper.size == (842, 595)
    for said in (
        "The Invented Faculty",
        "has been awarded this certificate for Leadership in practice",
        "Invented Somebody",
        "as part of the programme Invented scheme",
        "Self, Team",
        "Invented Dean Issued on 1 July 2028",
        "Code 7KQM-2XVD-9HWT",
        "https://verify.invalid/?code=7KQM2XVD9HWT",
    ):
        assert said in paper.text
    assert paper.codes == ["https://verify.invalid/?code=7KQM2XVD9HWT"]


def test_one_of_completion_says_when_and_names_the_programme_once() -> None:
    """The day on which it was completed is not that of the paper."""
    paper = printed(
        kind=CertificateKind.COMPLETION,
        title="Invented scheme",
        completed_on=date(2028, 6, 30),
    )
    assert "Certificate of completion" in paper.text
    assert "has completed the programme Invented scheme on 30 June 2028" in paper.text
    assert paper.text.count("Invented scheme") == 1
    assert "Issued on 1 July 2028" in paper.text


def test_without_a_page_that_verifies_it_it_names_whom_to_ask() -> None:
    """No address that leads nowhere; the QR code is the code alone."""
    paper = printed(press=Press(BUNDLED_FONT, "The Invented Faculty"))
    assert paper.codes == ["7KQM-2XVD-9HWT"]
    assert "The Invented Faculty verifies it for whoever tells this code." in paper.text
    assert "For The Invented Faculty" in paper.text
    assert "http" not in paper.text


def test_the_press_is_set_up_by_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing page is warned of once, at the start."""
    press = press_of(replace(SETTINGS, certificate_signatory="Invented Dean"))
    assert "VERIFY_URL" not in capsys.readouterr().out
    assert "Invented Dean" in printed(press=press).text
    press_of(replace(SETTINGS, verify_url=None))
    assert capsys.readouterr().out.count("VERIFY_URL") == 1


def test_the_same_certificate_is_the_same_bytes() -> None:
    """Drawn by another press, too; another name is another document."""
    other = Press(BUNDLED_FONT, "The Invented Faculty", URL, "Invented Dean")
    drawn = [p.draw(p.sheet(certificate(), "Scheme", "Somebody")) for p in (PRESS, PRESS, other)]
    assert drawn[0] == drawn[1] == drawn[2]
    assert PRESS.draw(PRESS.sheet(certificate(), "Scheme", "Other")) != drawn[0]


def test_several_are_drawn_at_the_same_time() -> None:
    """By real threads, as they are beside other work, and each as it would be alone."""
    sheets = [PRESS.sheet(certificate(), "Scheme", f"Ŵyn {n} Łukasz") for n in range(6)]
    alone = [PRESS.draw(sheet) for sheet in sheets]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(PRESS.draw, sheets * 4)) == alone * 4


@pytest.mark.parametrize(
    "name",
    [
        "Ŵyn ap Siôn Ŷrchwyddfa",
        "Łucja Żółć-Śćiągała",
        "Đặng Thị Nguyễn",
        "Şükrü Ğençoğlu",
        "Zoë O\u2019Brien-Ní Dhomhnaill",
        "Ελένη Επινοημένη",
        "Світлана Вигадана",
        "Þórdís Æðey",
    ],
)
def test_names_are_drawn_as_they_are_written(name: str) -> None:
    """Whatever the alphabet, as long as the font has it."""
    assert name in printed(name).text


def test_a_name_in_pieces_is_drawn_as_one_put_together() -> None:
    """Letter and accent apart are the letter with its accent."""
    name = unicodedata.normalize("NFD", "Siân Ŵyn")
    assert "Siân Ŵyn" in printed(name).text


def test_accents_that_no_letter_has_built_in_are_drawn_on_it() -> None:
    """Not left out: the reader of the document finds each of them after its letter."""
    text = printed("E\u0323\u0300ko\u0323\u0301").text.replace(" ", "")
    assert unicodedata.normalize("NFC", "E\u0323\u0300ko\u0323\u0301") in text


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("王 Invented", ["U+738B"]),
        ("Invented अन", ["U+0905", "U+0928"]),
        ("سلمى", ["U+0633", "U+0644", "U+0645", "U+0649"]),
        ("שרה", ["U+05D4", "U+05E8", "U+05E9"]),
        ("Invented \U0001fae0\u200d", ["U+1FAE0", "U+200D"]),
        ("Line\nbreak", ["U+000A"]),
    ],
)
def test_what_would_come_out_wrong_is_not_drawn(name: str, characters: list[str]) -> None:
    """The refusal says which characters, and not whose name."""
    with pytest.raises(NotPrintable) as refused:
        PRESS.sheet(certificate(), "Scheme", name)
    assert set(characters) <= set(refused.value.details["characters"])
    assert name not in str(refused.value.details)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.text("Wi -", min_size=1, max_size=200).filter(str.strip),
    st.text("Wi -", min_size=1, max_size=200).filter(str.strip),
    st.integers(0, 20),
)
def test_whatever_is_long_stays_on_the_page(holder: str, title: str, domains: int) -> None:
    """Set smaller and on more lines, so that nothing is lost and the code can be read."""
    paper = printed(holder, title=title, domains=("x" * 60,) * domains)
    text = paper.text.replace(" ", "")
    for said in (holder, title):
        assert said.replace(" ", "").strip("-") in text.replace("\ufffe", "-")
    assert len(paper.codes) == 1


def pdf(school: School, certificate_id: str, **more: Any) -> Any:
    return school.call("get_certificate_pdf", certificate_id=certificate_id, **more)


def test_a_member_is_given_their_certificate_in_the_name_they_bear_now(school: School) -> None:
    """Somebody else is not; what is given says the name inside alone."""
    member_id = school.member(given_name="Łucja")
    certificate_id = school.certificate(member_id).certificate_id
    document = pdf(school, certificate_id, member_id=member_id)
    assert document.media_type == "application/pdf"
    assert document.filename == f"certificate-{certificate_id}.pdf"
    assert "Łucja Somebody" in Paper(base64.b64decode(document.content)).text
    assert pdf(school, certificate_id) == document
    school.tell(ContactChanged(member_id, "Ŵyn", "Somebody"))
    again = Paper(base64.b64decode(pdf(school, certificate_id).content))
    assert "Ŵyn Somebody" in again.text
    with pytest.raises(NotFound):
        pdf(school, certificate_id, member_id=school.member())
    kept = school.member(given_name="Kept")
    school.tell(MemberMerged(member_id, kept))
    merged = Paper(base64.b64decode(pdf(school, certificate_id, member_id=kept).content))
    assert "Kept Somebody" in merged.text


def test_no_paper_without_a_name_or_of_what_was_revoked(school: School) -> None:
    """Nor in a name that cannot be drawn."""
    school.tell(MemberAdmitted("nameless", "doctor", "wales", "member", "established"))
    with pytest.raises(NameNotKnown):
        pdf(school, school.certificate("nameless").certificate_id)
    other = school.certificate(school.member(given_name="王")).certificate_id
    with pytest.raises(NotPrintable):
        pdf(school, other)
    school.call("revoke_certificate", certificate_id=other, reason="Invented.")
    with pytest.raises(CertificateNotValid):
        pdf(school, other)


def test_a_font_that_is_none_stops_the_service_from_starting(tmp_path: Path) -> None:
    """Rather than the first member who wants their certificate."""
    wrong = tmp_path / "font.ttf"
    wrong.write_text("no font")
    for path in (wrong, tmp_path / "missing.ttf"):
        with pytest.raises(Misconfigured):
            Press(path, "Invented", URL)
