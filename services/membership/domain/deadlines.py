"""By when the body must have answered somebody who asks about their data.

>>> due_on(date(2027, 11, 27), Nation.ENGLAND)  # the 27th of December is a bank holiday
datetime.date(2027, 12, 29)
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache

from holidays import country_holidays

from services.membership.domain.calendar import corresponding_date, next_working_day
from services.membership.domain.terms import Nation

# People abroad are answered from England, where the body is.
_SUBDIVISIONS = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
    Nation.OUTSIDE_UK: "ENG",
}


@cache
def bank_holidays(nation: Nation) -> Container[date]:
    """The bank holidays of a nation, substitute days included, in whichever year is asked for."""
    return country_holidays("GB", subdiv=_SUBDIVISIONS[nation])


def due_on(received_on: date, nation: Nation) -> date:
    """One calendar month from receipt, or the next working day where that is none.

    UK GDPR article 12(3), computed as the Information Commissioner says:
    https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/individual-rights/
    """
    return next_working_day(corresponding_date(received_on, 1), bank_holidays(nation))
