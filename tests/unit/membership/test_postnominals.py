"""The letters a member may put after their name."""

from datetime import date

from services.membership.domain.member import Member
from services.membership.domain.postnominals import post_nominals
from services.membership.domain.subscriber import Award
from tests.unit.membership.builders import BOOK, TODAY, applicant, entry

LAPSED = date(2027, 12, 23)


def member(grade: str = "member", *awards: Award) -> Member:
    made = applicant()
    made.check("GMC:0712345", entry(), "r", TODAY)
    made.admit(BOOK, TODAY, grade=grade)
    made.awards = awards
    return made


def award(letters: str, awarded_on: date = TODAY, ended_on: date | None = None) -> Award:
    return Award(f"f-{letters}", "fellow", letters, awarded_on, None, ended_on)


def test_letters_are_those_of_the_grade() -> None:
    """A grade without any has none."""
    assert post_nominals(member(), BOOK, TODAY) == ("MFMLM",)
    assert post_nominals(member("affiliate"), BOOK, TODAY) == ()


def test_fellowship_goes_before_the_grade() -> None:
    """The latest that is held; an ended one is not."""
    both = member("member", award("AFFMLM"), award("FFMLM"))
    assert post_nominals(both, BOOK, TODAY) == ("FFMLM",)
    ended = member("member", award("AFFMLM"), award("FFMLM", ended_on=TODAY))
    assert post_nominals(ended, BOOK, TODAY) == ("AFFMLM",)
    to_come = member("member", award("FFMLM", date(2027, 1, 1)))
    assert post_nominals(to_come, BOOK, TODAY) == ("MFMLM",)
    assert post_nominals(to_come, BOOK, date(2027, 1, 1)) == ("FFMLM",)


def test_who_is_no_member_has_none() -> None:
    """Neither applicants nor the lapsed; in grace they may still be used."""
    assert post_nominals(applicant(), BOOK, TODAY) == ()
    fellow = member("member", award("FFMLM"))
    assert post_nominals(fellow, BOOK, date(2027, 12, 22)) == ("FFMLM",)
    assert post_nominals(fellow, BOOK, LAPSED) == ()
