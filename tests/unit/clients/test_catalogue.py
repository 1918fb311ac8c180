"""What the command says of methods and events, from what the services answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.faculty import catalogue
from clients.faculty.protocol import SERVICES
from shared import errors

SCHEMA = {
    "type": "object",
    "properties": {"limit": {"type": "integer"}, "cohort_id": {"type": "string"}},
    "required": ["cohort_id"],
}
VIEW = {
    "name": "find_things",
    "summary": "Things.",
    "scope": "programmes:read",
    "own": "member_id",
    "writes": False,
    "errors": ["invalid"],
    "arguments": SCHEMA,
}
EVENTS = {"membership": ["member.admitted"], "programmes": ["offer.made", "offer.held"]}


class FakeServices:
    """Answers for every service, but for those that are silent."""

    def __init__(self, *silent):
        self.silent = silent

    def answer(self, method, arguments):
        service, _, name = method.partition(".")
        if service in self.silent:
            return errors.DeadlineExceeded()
        if name == "list_events":
            return {"items": [{"name": name} for name in EVENTS.get(service, ())]}
        return {"service": service, "items": [{**VIEW, "asked": arguments}]}

    def call(self, method, **arguments):
        return self.answer(method, arguments)

    def call_many(self, calls, timeout=None):
        answered = [self.answer(call.method, call.arguments) for call in calls]
        return reversed(list(enumerate(answered)))


def test_all_services_are_asked_in_their_order():
    """One that is silent is an error among the answers."""
    answers = catalogue.methods(FakeServices("research"), None)
    assert [answer["service"] for answer in answers[:3]] == list(SERVICES[:3])
    assert isinstance(answers[3], errors.DeadlineExceeded)


def test_one_service_or_one_method_can_be_asked_for():
    """The name goes to the service; what is no service is named with the nearest."""
    (service,) = catalogue.methods(FakeServices(), "programmes")
    (method,) = catalogue.methods(FakeServices(), "programmes.find_things")
    assert service["items"][0]["asked"] == {"name": None}
    assert method["items"][0]["asked"] == {"name": "find_things"}
    with pytest.raises(errors.NotFound, match="Did you mean programmes"):
        catalogue.methods(FakeServices(), "programs")


def test_a_method_is_shown_with_what_it_takes_and_needs():
    """What may be left out is in brackets."""
    listed = {"service": "programmes", "items": [VIEW]}
    assert list(catalogue.lines_of(listed)) == [
        "programmes.find_things cohort_id [limit]  "
        "(programmes:read, or member_id is the caller's own)",
        "    Things.",
    ]
    details = "\n".join(catalogue.details_of(listed))
    assert "errors of its own: invalid" in details
    assert '"cohort_id"' in details


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [("offers.*", "offer.*"), ("member.admited", "member.admitted"), ("faculty.offer.made", "")],
)
def test_a_pattern_that_fits_no_event_is_doubtful(pattern, meant):
    """With the name that was probably meant."""
    (sentence,) = catalogue.doubtful(FakeServices(), (pattern, "offer.*", "#"))
    assert f"There is no event {pattern}." in sentence
    assert meant in sentence


def test_nothing_is_doubtful_while_a_service_is_silent():
    """The event may be one of its own."""
    assert catalogue.doubtful(FakeServices("research"), ("fairnes.*",)) == []


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("offer.made", {"offer.made"}),
        ("offer.*", {"offer.made", "offer.held"}),
        ("*.made", {"offer.made", "match.made"}),
        ("*", {"offer"}),
        ("offer.#", {"offer", "offer.made", "offer.held"}),
        ("#.made", {"offer.made", "match.made"}),
        ("offer", {"offer"}),
        ("offer.mad*", set()),
        ("", set()),
    ],
)
def test_patterns_fit_as_the_broker_takes_them(pattern, fitting):
    """A star is one whole word, a hash any number of words."""
    names = {"offer", "offer.made", "offer.held", "match.made"}
    assert {name for name in names if catalogue.fits(pattern, name)} == fitting


@given(st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=5))
def test_a_name_fits_itself_and_everything(words):
    """And as many stars as it has words."""
    name = ".".join(words)
    for pattern in (name, "#", ".".join("*" for _ in words), f"{name}.#", f"#.{name}"):
        assert catalogue.fits(pattern, name)
    assert not catalogue.fits(f"*.{name}", name)
