"""Events of professions on their way into the membership. None carries what anybody wrote."""

from dataclasses import dataclass
from datetime import date

from shared.events import event


@event(
    "profession.proposed",
    example={
        "profession": "pharmacy_assistant",
        "regulator": None,
        "proposed_on": "2027-01-11",
    },
)
@dataclass(frozen=True)
class ProfessionProposed:
    """It was proposed to open membership to a profession."""

    profession: str
    regulator: str | None
    proposed_on: date


@event(
    "profession.consultation_opened",
    example={
        "profession": "pharmacy_assistant",
        "opened_on": "2027-01-18",
        "closes_on": "2027-03-31",
    },
)
@dataclass(frozen=True)
class ProfessionConsultationOpened:
    """Professional bodies are asked for their position until the day on which it closes."""

    profession: str
    opened_on: date
    closes_on: date


@event(
    "profession.position_recorded",
    example={
        "profession": "pharmacy_assistant",
        "body": "Invented Institute of Pharmacy",
        "position": "supports",
        "recognises_membership": True,
        "recorded_on": "2027-02-08",
    },
)
@dataclass(frozen=True)
class ProfessionPositionRecorded:
    """A professional body, by its id or else its name, took a position."""

    profession: str
    body: str
    position: str
    recognises_membership: bool
    recorded_on: date


@event(
    "profession.pilot_started",
    example={
        "profession": "pharmacy_assistant",
        "effective_from": "2027-04-06",
        "until": "2028-04-05",
        "places": 50,
        "nations": ["wales"],
        "career_stages": ["established", "senior"],
    },
)
@dataclass(frozen=True)
class ProfessionPilotStarted:
    """People of a profession may join within limits; empty lists of nations and stages mean any."""

    profession: str
    effective_from: date
    until: date
    places: int
    nations: tuple[str, ...]
    career_stages: tuple[str, ...]


@event(
    "profession.admitted",
    example={"profession": "pharmacy_assistant", "effective_from": "2028-04-06"},
)
@dataclass(frozen=True)
class ProfessionAdmitted:
    """Membership is open to a profession from a day on."""

    profession: str
    effective_from: date


@event(
    "profession.refused",
    example={"profession": "pharmacy_assistant", "refused_on": "2027-04-06"},
)
@dataclass(frozen=True)
class ProfessionRefused:
    """Membership stays closed to a profession; a pilot, if there was one, is over."""

    profession: str
    refused_on: date
