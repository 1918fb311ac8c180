"""Creating and publishing a programme."""

from typing import Any

import pytest

from services.programmes import commands, schemas
from services.programmes.domain.terms import Nation, ProgrammeKind
from services.programmes.events import ProgrammePublished
from services.programmes.handlers import applications
from shared.errors import Invalid, NotFound
from shared.events import load
from tests.unit.programmes.builders import PROGRAMME, Service


def test_a_complete_programme_is_published(service: Service) -> None:
    """Creating a complete programme keeps it and records programme.published, once."""
    view = service.create_programme()
    assert service.programmes.events == [
        ProgrammePublished(
            programme_id=view.programme_id,
            name=PROGRAMME["name"],
            kind="national_scheme",
            nations=("england", "wales"),
            professions=("doctor", "pharmacist"),
        )
    ]
    request = schemas.GetProgramme(programme_id=view.programme_id)
    assert applications.get_programme(request, programmes=service.programmes) == view


@pytest.mark.parametrize("kind", list(ProgrammeKind))
def test_every_kind_can_be_created(service: Service, kind: ProgrammeKind) -> None:
    """Schemes, courses and events are all programmes."""
    assert service.create_programme(kind=kind.value).kind is kind


@pytest.mark.parametrize("field", ["name", "description", "sustainability_outcome"])
@pytest.mark.parametrize("text", ["", " ", "\t\n\u2003"])
def test_blank_texts_are_refused_by_field(service: Service, field: str, text: str) -> None:
    """A programme without its sustainability outcome, or another text, is not published."""
    with pytest.raises(Invalid) as refusal:
        service.create_programme(**{field: text})
    assert list(refusal.value.fields) == [field]
    assert service.programmes.events == []


def test_every_blank_text_is_named_at_once(service: Service) -> None:
    """All faults come in one answer."""
    with pytest.raises(Invalid) as refusal:
        service.create_programme(name=" ", sustainability_outcome=" ")
    assert set(refusal.value.fields) == {"name", "sustainability_outcome"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"nations": ["england", "atlantis"]}, "nations.1"),
        ({"professions": ["Doctor"]}, "professions.0"),
        ({"professions": ["doctor\n"]}, "professions.0"),
        ({"professions": ["x" * 61]}, "professions.0"),
        ({"name": "x" * 201}, "name"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_malformed_programmes_are_refused_by_field(
    service: Service, changes: dict[str, Any], field: str
) -> None:
    """Unknown kinds, nations and fields and malformed professions are named by their path."""
    with pytest.raises(Invalid) as refusal:
        service.create_programme(**changes)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("field", ["nations", "professions"])
def test_eligibility_is_never_left_out_by_mistake(field: str) -> None:
    """Nations and professions must be given; only an empty list given on purpose admits all."""
    arguments = {key: value for key, value in PROGRAMME.items() if key != field}
    with pytest.raises(Invalid) as refusal:
        load(commands.CreateProgramme, arguments)
    assert list(refusal.value.fields) == [field]


def test_texts_are_tidied_and_repeats_dropped(service: Service) -> None:
    """White space around texts goes, and a nation named twice counts once."""
    view = service.create_programme(name="  Scheme ", nations=["wales", "wales"])
    assert (view.name, view.nations) == ("Scheme", (Nation.WALES,))


def test_an_unknown_programme_is_not_found(service: Service) -> None:
    """Asking for a programme that is not there says so."""
    with pytest.raises(NotFound):
        applications.get_programme(
            schemas.GetProgramme(programme_id="nowhere"), programmes=service.programmes
        )
