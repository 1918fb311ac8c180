"""Certificates that are issued: to one member, to a whole cohort, or for the time being to nobody.

One of completion says what the register of alumni and the programme say. However many ids a member
has, one certificate of a kind for a programme is valid at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from services.programmes.commands import certificates as commands
from services.programmes.domain.alumni import Alumnus, AlumnusState
from services.programmes.domain.certificate import (
    Certificate,
    CertificateKind,
    Wording,
    bulk_id,
    shown_code,
)
from services.programmes.domain.programme import Programme
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import Faults
from services.programmes.domain.vocabulary import Vocabulary
from services.programmes.errors import CertificateIssuedBefore, NotAnAlumnus
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.printing import Printing
from services.programmes.schemas import certificates as schemas
from shared.errors import Duplicate, Invalid
from shared.events import new_id
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.programmes.repository import Alumni, Certificates

_JOINED = {"state": AlumnusState.JOINED.value}
_SPECIMEN = "XXXXXXXXXXXX"


def issue_certificate(
    command: commands.IssueCertificate,
    *,
    desk: Desk,
    certificates: Certificates,
    alumni: Alumni,
    vocabulary: Vocabulary,
    make_code: Callable[[], str],
) -> schemas.CertificateView:
    """Give a member a certificate, unless a valid one of this kind is theirs."""
    id = new_id()
    said = _wording(command, desk, alumni, vocabulary)
    certificate = Certificate.issue(id, make_code(), said, desk.today())
    _require_none(said, desk, certificates, but=id)
    try:
        issued = certificates.add(certificate)
    except Duplicate as error:
        if error.details.get("field") == "standing_key":  # issued by another call meanwhile
            _require_none(said, desk, certificates, but=id)
        raise
    _require_completed(issued, desk, alumni, certificates)
    return schemas.CertificateView.of(issued)


def preview_certificate(
    request: schemas.PreviewCertificate,
    *,
    desk: Desk,
    certificates: Certificates,
    alumni: Alumni,
    vocabulary: Vocabulary,
    printing: Printing,
) -> schemas.CertificatePreview:
    """What would be issued, with the same refusals; nothing is kept of it."""
    said = _wording(request, desk, alumni, vocabulary)
    certificate = Certificate.issue("preview", _SPECIMEN, said, desk.today())
    _require_none(said, desk, certificates)
    return schemas.CertificatePreview.of(certificate, printing.paper(certificate, specimen=True))


def _wording(
    asked: commands.IssueCertificate, desk: Desk, alumni: Alumni, vocabulary: Vocabulary
) -> Wording:
    programme = desk.programmes.get(asked.programme_id)
    person = desk.require_known([asked.member_id])[asked.member_id]
    if asked.kind is not CertificateKind.COMPLETION:
        domains = asked.domains or ()
        vocabulary.require(domains=domains)
        _refuse(_faults(asked, programme))
        return Wording(
            member_id=person,
            programme_id=programme.id,
            kind=asked.kind,
            title=asked.title or "",
            domains=domains,
            issued_on=asked.issued_on,
        )
    given = {"title": asked.title, "domains": asked.domains}
    reason = "Of completion it is the programme's; leave it out."
    _refuse({name: [reason] for name, value in given.items() if value is not None})
    ids = desk.standings.ids_of(person)
    return Wording.of_completion(_completed(asked, ids, alumni), programme, asked.issued_on)


def _faults(asked: commands.IssueCertificate, programme: Programme) -> Faults:
    about = programme.prospectus.domains
    faults: Faults = {
        f"domains.{position}": [f"The programme is about: {', '.join(about) or 'none'}."]
        for position, domain in enumerate(asked.domains or ())
        if domain not in about
    }
    return faults if asked.title else faults | {"title": ["Needed for this kind."]}


def _refuse(faults: Faults) -> None:
    if faults:
        raise Invalid("The certificate is not valid.", fields=faults)


def _completed(
    asked: commands.IssueCertificate, member_ids: Iterable[str], alumni: Alumni
) -> Alumnus:
    """The completion that came last, under whichever id; the same one whoever asks."""
    wanted = {"programme_id": asked.programme_id, **_JOINED}
    found = (each for id in member_ids for each in alumni.scan({"member_id": id, **wanted}))
    latest = max(found, key=lambda each: (each.completed_on, each.id), default=None)
    if latest is None:
        raise NotAnAlumnus(member_id=asked.member_id, programme_id=asked.programme_id)
    return latest


def _require_none(said: Wording, desk: Desk, certificates: Certificates, but: str = "") -> None:
    ids = desk.standings.ids_of(desk.standings.followed(said.member_id))
    found = certificates.standing(ids, said.programme_id, said.kind)
    if found is not None and found.id != but:
        raise CertificateIssuedBefore(code=shown_code(found.code), certificate_id=found.id)


def _require_completed(
    issued: Certificate, desk: Desk, alumni: Alumni, certificates: Certificates
) -> None:
    """A completion that was taken back at this moment has not found the certificate."""
    if issued.completion is None:
        return
    alumnus = alumni.get(issued.completion.rpartition("#")[0])
    if not alumnus.joined or alumnus.completion != issued.completion:
        with apart():
            certificates.change(issued.id, lambda found: found.lapse(desk.today()))
        raise NotAnAlumnus(member_id=issued.member_id, programme_id=issued.programme_id)


def issue_certificates(
    command: commands.IssueCertificates,
    *,
    desk: Desk,
    certificates: Certificates,
    alumni: Alumni,
    make_code: Callable[[], str],
) -> schemas.CertificatesView:
    """Give all who completed a programme with a cohort their certificate, each on its own.

    A crash may leave some without: the same call again does the rest. Who has it already, or had it
    and it was revoked, is not given another.
    """
    cohort = desk.cohorts.get(command.cohort_id)
    programme, today = desk.programmes.get(cohort.programme_id), desk.today()
    joined = list(alumni.scan({"cohort_id": cohort.id, **_JOINED}))
    people = desk.people_of(each.member_id for each in joined)
    made: list[tuple[Standing, Certificate]] = []
    for alumnus in joined:
        said = Wording.of_completion(alumnus, programme, command.issued_on)
        certificate = Certificate.issue(bulk_id(alumnus.completion), make_code(), said, today)
        made.append((people[alumnus.member_id], certificate))
    outcome: dict[str, str] = {}
    for person, certificate in made:
        given = _given(certificate, desk, alumni, certificates) if person.known else "not_known"
        outcome.setdefault(person.member_id, given)
    lists = {
        name: tuple(id for id, given in outcome.items() if given == name)
        for name in ("issued", "unchanged", "not_known")
    }
    return schemas.CertificatesView(cohort_id=cohort.id, **lists)


def _given(certificate: Certificate, desk: Desk, alumni: Alumni, certificates: Certificates) -> str:
    ids = desk.standings.ids_of(desk.standings.followed(certificate.member_id))
    before = (
        certificates.standing(ids, certificate.programme_id, certificate.kind),
        certificates.first({"completion": certificate.completion}),
    )
    if any(each is not None and each.id != certificate.id for each in before):
        return "unchanged"
    try:
        issued = certificates.add(certificate)
        _require_completed(issued, desk, alumni, certificates)
    except NotAnAlumnus:
        return "unchanged"
    except Duplicate as error:
        if error.details.get("field") == "code":
            raise
        return "unchanged"
    return "issued"
