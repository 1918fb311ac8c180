"""Equality answers are kept with consent, removed on withdrawal and given back to nobody."""

import pytest

from services.research import commands, schemas
from services.research.domain.characteristics import Characteristic
from services.research.errors import ConsentRequired
from shared import telemetry
from shared.errors import Invalid
from shared.events import dump, json_schema, load
from shared.testing import error_of
from tests.unit.research.builders import CODES, Service


def test_the_answer_to_answers_says_no_more_than_that_they_are_kept(service: Service) -> None:
    """The response repeats nothing."""
    assert dump(service.answer("p", ethnicity="H", gender="woman")) == {"recorded": True}
    assert service.responses.get("p").answers == {"ethnicity": "H", "gender": "woman"}
    assert service.responses.get("p").code_list == CODES.version


def test_nothing_is_kept_without_consent(service: Service) -> None:
    """Consent is a condition, and its refusal has a code."""
    refused = error_of(lambda: service.answer("p", consent=False, ethnicity="H"))
    assert isinstance(refused, ConsentRequired)
    assert refused.code == "research.consent_required"
    assert service.stored("equality_responses") == []


def test_unknown_characteristics_and_codes_are_named(service: Service) -> None:
    """Each wrong answer is named by its field; its value is not repeated; nothing is kept."""
    refused = error_of(lambda: service.answer("p", ethnicity="purple", shoes="42", gender="man"))
    assert isinstance(refused, Invalid)
    assert set(refused.fields) == {"answers.ethnicity", "answers.shoes"}
    assert "purple" not in str(refused.details)
    assert service.stored("equality_responses") == []


def test_declining_is_an_answer(service: Service) -> None:
    """Every characteristic can be declined."""
    service.answer("p", ethnicity="Z", gender="prefer_not_to_say")
    assert all(found.unknown for found in CODES.characteristics.values())


def test_answers_are_replaced_whole(service: Service) -> None:
    """A later response leaves nothing of an earlier one."""
    service.answer("p", ethnicity="H", gender="woman")
    service.answer("p", ethnicity="J")
    assert service.responses.get("p").answers == {"ethnicity": "J"}


def test_withdrawal_removes_the_answers(service: Service) -> None:
    """No answer and no consent is left in the store."""
    service.answer("p", ethnicity="H")
    assert dump(service.withdraw("p")) == {"withdrawn": True}
    (document,) = service.stored("equality_responses")
    assert document["answers"] == {}
    assert "consented_at" not in document


def test_withdrawing_what_never_was_says_the_same(service: Service) -> None:
    """Nobody learns from the response whether a pseudonym has answered."""
    assert dump(service.withdraw("nobody")) == {"withdrawn": True}
    assert service.stored("equality_responses") == []


def test_a_repeated_call_does_not_bring_withdrawn_answers_back(service: Service) -> None:
    """A call delivered again after the withdrawal is recognised."""
    call = telemetry.Context.start(message_id="call:1")
    with telemetry.activate(call):
        service.answer("p", ethnicity="H")
    service.withdraw("p")
    with telemetry.activate(call):
        service.answer("p", ethnicity="H")
    assert service.responses.get("p").answers == {}


def test_answers_may_be_given_again_after_withdrawal(service: Service) -> None:
    """A withdrawal is not for ever."""
    service.answer("p", ethnicity="H")
    service.withdraw("p")
    service.answer("p", ethnicity="J")
    assert service.responses.get("p").answers == {"ethnicity": "J"}
    assert service.responses.get("p").withdrawn_at is None


def test_answers_are_not_in_the_text_of_a_response(service: Service) -> None:
    """What might be logged by accident does not show them."""
    service.answer("p", ethnicity="H")
    assert "'H'" not in repr(service.responses.get("p"))


@pytest.mark.parametrize(
    "view",
    [
        schemas.RecordedView,
        schemas.WithdrawnView,
        schemas.CohortView,
        schemas.RelativeLikelihoodView,
    ],
)
def test_no_response_has_a_place_for_answers(view: type) -> None:
    """No published schema names answers or a pseudonym."""
    schema = str(json_schema(view))
    assert "pseudonym" not in schema
    assert "answers" not in schema.replace("whatever they answered", "")


def test_a_request_without_answers_is_refused() -> None:
    """There is nothing to keep."""
    refused = error_of(
        lambda: load(
            commands.RecordEqualityResponse, {"pseudonym": "p", "answers": {}, "consent": True}
        )
    )
    assert isinstance(refused, Invalid)
    assert set(refused.fields) == {"answers"}


def test_the_code_list_has_the_sixteen_and_one_and_the_unknown() -> None:
    """Ethnicity has 16 codes, declined and unknown; bme is all known ones that are not white."""
    ethnicity = CODES.characteristics["ethnicity"]
    known = set(ethnicity.codes) - ethnicity.unknown
    assert len(known) == 16
    assert ethnicity.unknown == {"Z", "99"}
    assert set(ethnicity.groupings["bme"]) == known - set(ethnicity.groupings["white"])


def test_deprivation_is_asked_within_each_nation() -> None:
    """Quintiles of different nations have no characteristic in common."""
    names = {name for name in CODES.characteristics if name.startswith("deprivation_")}
    assert {name.removeprefix("deprivation_") for name in names} == {
        "england",
        "scotland",
        "wales",
        "northern_ireland",
    }


def test_a_list_that_contradicts_itself_is_refused() -> None:
    """A grouping of codes that do not exist stops the start."""
    with pytest.raises(ValueError, match="contradict"):
        Characteristic("x", {"a": "A"}, frozenset(), {"both": ("a", "b")})
