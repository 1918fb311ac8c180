"""A member's leadership record by domain of the standards, put together from all that is known.

record = leadership_record(book.standards, today, evidence, assessments, passport)
record.domains[0].newest_on  # when something was last added for the first domain
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.assessment import SelfAssessment
from services.membership.domain.fellowship import Fellowship
from services.membership.domain.passport import (
    AttendedSession,
    CompletedProgramme,
    IssuedCertificate,
    Passport,
)
from services.membership.domain.policies.standards import Standards, StandardsDomain
from services.membership.domain.policies.versions import Versions


@dataclass(frozen=True)
class Evidence:
    """An item of an application for fellowship, or of what confirmed an award."""

    fellowship_id: str
    kind: str
    title: str
    behaviours: tuple[str, ...]
    dated_on: date


@dataclass(frozen=True)
class AssessedBehaviour:
    """A behaviour with what the member last said of it; nulls where they never did.

    ``standards`` is the version they assessed themselves by.
    """

    behaviour: str
    text: str
    level: int | None = None
    level_title: str | None = None
    note: str | None = None
    recorded_on: date | None = None
    standards: str | None = None


@dataclass(frozen=True)
class DomainRecord:
    """What there is for one domain; what shows several domains counts for each of them."""

    domain: str
    title: str
    evidence: tuple[Evidence, ...]
    behaviours: tuple[AssessedBehaviour, ...]
    assessed: int
    sessions: int
    minutes: int
    certificates: int
    newest_on: date | None


@dataclass(frozen=True)
class LeadershipRecord:
    """A record by the standards in force on a day; everything newest first."""

    standards: str
    edition: str
    domains: tuple[DomainRecord, ...]
    evidence: tuple[Evidence, ...]
    sessions: tuple[AttendedSession, ...]
    minutes: int
    certificates: tuple[IssuedCertificate, ...]
    completions: tuple[CompletedProgramme, ...]


def evidence_of(application: Fellowship) -> Iterator[Evidence]:
    """What a member has shown with one application, however it was decided, and since."""
    confirmed = (item for each in application.revalidations for item in each.evidence)
    for item in (*application.evidence, *confirmed):
        yield Evidence(application.id, item.kind, item.title, item.behaviours, item.dated)


def leadership_record(
    versions: Versions[Standards],
    today: date,
    evidence: Iterable[Evidence],
    assessments: Iterable[SelfAssessment],
    passport: Passport,
) -> LeadershipRecord:
    """The record of one member; assessments come oldest first."""
    version = versions.on(today)
    shown = tuple(sorted(evidence, key=lambda each: each.dated_on, reverse=True))
    sessions = tuple(sorted(passport.attended, key=lambda each: each.held_on, reverse=True))
    held = tuple(sorted(passport.held, key=lambda each: each.issued_on, reverse=True))
    done = tuple(sorted(passport.completed, key=lambda each: each.completed_on, reverse=True))
    latest = _latest(versions, assessments)
    return LeadershipRecord(
        standards=version.version,
        edition=version.policy.edition,
        domains=tuple(
            _domain_record(domain, version.policy, shown, latest, sessions, held)
            for domain in version.policy.domains
        ),
        evidence=shown,
        sessions=sessions,
        minutes=sum(session.minutes for session in sessions),
        certificates=held,
        completions=done,
    )


def _latest(
    versions: Versions[Standards], assessments: Iterable[SelfAssessment]
) -> dict[str, AssessedBehaviour]:
    """What was last said of each behaviour, by code."""
    titles = {
        (version.version, level.level): level.title
        for version in versions.all
        for level in version.policy.levels
    }
    return {
        rating.behaviour: AssessedBehaviour(
            behaviour=rating.behaviour,
            text="",
            level=rating.level,
            level_title=titles.get((assessment.standards, rating.level)),
            note=rating.note,
            recorded_on=assessment.recorded_on,
            standards=assessment.standards,
        )
        for assessment in assessments
        for rating in assessment.ratings
    }


def _domain_record(
    domain: StandardsDomain,
    standards: Standards,
    evidence: Sequence[Evidence],
    latest: dict[str, AssessedBehaviour],
    sessions: Sequence[AttendedSession],
    certificates: Sequence[IssuedCertificate],
) -> DomainRecord:
    code = domain.code
    shown = tuple(e for e in evidence if any(_shows(b, code, standards) for b in e.behaviours))
    behaviours = tuple(
        replace(latest.get(each.code, AssessedBehaviour(each.code, "")), text=each.text)
        for each in standards.behaviours
        if each.domain == code
    )
    attended = [each for each in sessions if code in each.domains]
    held = [each for each in certificates if code in each.domains]
    dates = [each.dated_on for each in shown] + [each.held_on for each in attended]
    dates += [each.issued_on for each in held]
    dates += [each.recorded_on for each in behaviours if each.recorded_on is not None]
    return DomainRecord(
        domain=code,
        title=domain.title,
        evidence=shown,
        behaviours=behaviours,
        assessed=sum(each.level is not None for each in behaviours),
        sessions=len(attended),
        minutes=sum(each.minutes for each in attended),
        certificates=len(held),
        newest_on=max(dates, default=None),
    )


def _shows(behaviour: str, domain: str, standards: Standards) -> bool:
    """Whether a behaviour is one of a domain; that of an earlier edition still has its domain."""
    found = standards.find(behaviour)
    return (found.domain if found else behaviour.partition(".")[0]) == domain
