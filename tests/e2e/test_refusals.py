"""Who may not do something is refused with a code, and nothing has changed."""

from __future__ import annotations

from collections.abc import Callable

import jwt
import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection, Exchange, Producer, Queue

from clients.faculty import Call
from deploy.local import SERVICES, Stack
from deploy.local.environment import ROLES
from shared import auth
from shared.errors import FacultyError, Forbidden, NotFound, Unauthenticated
from tests.e2e.methods import METHODS, Method
from tests.e2e.world import World, invent

# Beside these, members may do some things with what is their own.
ALLOWED = {
    "read": {"staff", "ops"},
    "write": {"staff"},
    "operate": {"ops"},
    "review": {"reviewer"},
}
CLOSED = [method for method in METHODS if not method.public]
PRIVATE = [f"{service}.private" for service in SERVICES]
SOMEBODY_ELSE = "01900000-0000-7000-8000-000000000001"


def expired(stack: Stack) -> str:
    return stack.token("staff", ttl_seconds=-1)


def forged(_stack: Stack) -> str:
    private_key, _ = auth.generate_keys()
    return auth.issue(private_key, "staff@local", "staff")


def unsigned(stack: Stack) -> str:
    claims = jwt.decode(stack.token("staff"), options={"verify_signature": False})
    return jwt.encode(claims, None, algorithm="none")


def altered(stack: Stack) -> str:
    header, _, signature = stack.token("member").split(".")
    _, claims, _ = stack.token("staff").split(".")
    return f"{header}.{claims}.{signature}"


def for_others(stack: Stack) -> str:
    key = stack.keys.private_file.read_text()
    return auth.issue(key, "staff@local", "staff", audience="another-system")


def missing(_stack: Stack) -> None:
    return None


def may_call(method: Method) -> set[str]:
    return ALLOWED.get(method.contract.scope.rpartition(":")[2], set())


Token = Callable[[Stack], str | None]
BAD_TOKENS = [missing, expired, forged, unsigned, altered, for_others]


@pytest.mark.parametrize("token", BAD_TOKENS)
@pytest.mark.parametrize("method", CLOSED, ids=str)
def test_no_method_answers_without_a_good_token(world: World, method: Method, token: Token) -> None:
    """A token that is absent, expired, forged or meant for others opens nothing."""
    with pytest.raises(Unauthenticated):
        world.call(str(method), token=token(world.stack))


@pytest.mark.parametrize(
    ("method", "role"),
    [(method, role) for method in CLOSED for role in ROLES if role not in may_call(method)],
    ids=str,
)
def test_a_role_may_call_no_more_than_its_scopes(world: World, method: Method, role: str) -> None:
    """Every other role is refused, a member also with what is another's."""
    own = {method.contract.own: SOMEBODY_ELSE} if method.contract.own else {}
    with pytest.raises(Forbidden):
        world.call(str(method), token=world.stack.token(role), **own)


@pytest.mark.parametrize("token", [*BAD_TOKENS, lambda stack: stack.token("reviewer")])
def test_a_refused_application_is_not_kept(world: World, token: Token) -> None:
    """Whoever tried to apply without the right to is not known afterwards."""
    person = invent()
    with pytest.raises((Unauthenticated, Forbidden)):
        world.call("membership.apply", token=token(world.stack), **person)
    assert world.known([person]) == []


@pytest.mark.parametrize("method", ["membership.verify_registration", "membership.admit"])
def test_nobody_admits_themselves(world: World, method: str) -> None:
    """An applicant's own token moves their application no further."""
    answer = world.call("membership.apply", token=world.staff, **invent())
    member_id = answer["member_id"]
    before = world.call("membership.get_member", token=world.staff, member_id=member_id)
    with pytest.raises(Forbidden):
        world.call(method, token=world.member(member_id), member_id=member_id)
    assert world.call("membership.get_member", token=world.staff, member_id=member_id) == before


def test_a_member_sees_their_own_record_and_no_other(world: World) -> None:
    """The same call is answered for one's own id and refused for another's."""
    mine, others = world.apply([invent(), invent()])
    answer = world.call("membership.get_member", token=world.member(mine), member_id=mine)
    assert answer["member_id"] == mine
    with pytest.raises(Forbidden):
        world.call("membership.get_member", token=world.member(mine), member_id=others)


def test_nobody_applies_in_another_member_s_name(world: World) -> None:
    """The cohort has no application afterwards."""
    mine, others = world.admit([invent(), invent()])
    cohort_id = world.open_cohort()
    call = world.application(cohort_id, others)
    with pytest.raises(Forbidden):
        world.calls([call._replace(token=world.member(mine))])
    found = world.call("programmes.find_applications", token=world.staff, cohort_id=cohort_id)
    assert found["items"] == []


def test_a_member_reads_no_other_member_s_application(world: World) -> None:
    """Neither under one's own id nor under the other's is it to be had."""
    mine, others = world.admit([invent(), invent()])
    (answer,) = world.calls([world.application(world.open_cohort(), others)])
    asked = {"application_id": answer["application_id"]}
    for member_id, refusal in ((mine, NotFound), (others, Forbidden)):
        call = Call("programmes.get_application", {**asked, "member_id": member_id})
        with pytest.raises(refusal):
            world.calls([call._replace(token=world.member(mine))])


def test_staff_learn_no_pseudonym_and_answer_for_nobody(world: World) -> None:
    """What links a member to equality answers is for the member alone."""
    (member_id,) = world.apply([invent()])
    (pseudonym,) = world.pseudonyms([member_id])
    answers = {"pseudonym": pseudonym, "answers": {"ethnicity": "A"}, "consent": True}
    for method, arguments in (
        ("membership.get_equality_pseudonym", {"member_id": member_id}),
        ("research.record_equality_response", answers),
        ("research.withdraw_equality_response", {"pseudonym": pseudonym}),
    ):
        with pytest.raises(Forbidden):
            world.calls([Call(method, arguments, token=world.staff)])


def test_arguments_that_no_method_has_are_refused_by_name(world: World) -> None:
    """An unknown argument is no request that is half understood."""
    person = invent()
    with pytest.raises(FacultyError) as refused:
        world.call("membership.apply", token=world.staff, colour="red", **person)
    assert (refused.value.code, set(refused.value.details["fields"])) == ("invalid", {"colour"})
    assert world.known([person]) == []


@pytest.mark.parametrize("user", ["integrator", "apps"])
@pytest.mark.parametrize("exchange", PRIVATE)
def test_personal_events_are_for_named_services_only(
    stack: Stack, user: str, exchange: str
) -> None:
    """The broker binds no queue of an integrator or an app to a restricted exchange."""
    with Connection(stack.amqp_uri(user)) as connection:
        queue = Queue(f"{user}.curious", Exchange(exchange, no_declare=True), "#", exclusive=True)
        with pytest.raises(AccessRefused):
            queue(connection.channel()).declare()


@pytest.mark.parametrize("user", ["integrator", "apps"])
@pytest.mark.parametrize("service", SERVICES)
def test_only_a_service_tells_its_own_events(stack: Stack, user: str, service: str) -> None:
    """The broker takes an event from the service that owns it and from nobody outside."""
    with Connection(
        stack.amqp_uri(user), transport_options={"confirm_publish": True}
    ) as connection:
        producer = Producer(connection.channel(), auto_declare=False)
        with pytest.raises(AccessRefused):
            producer.publish(
                {}, exchange=f"{service}.events", routing_key="member.admitted", retry=False
            )


def test_an_integrator_calls_no_service(stack: Stack) -> None:
    """The broker takes no call from an integrator, whatever its token."""
    with Connection(
        stack.amqp_uri("integrator"), transport_options={"confirm_publish": True}
    ) as connection:
        producer = Producer(connection.channel(), auto_declare=False)
        with pytest.raises(AccessRefused):
            producer.publish(
                {"args": [], "kwargs": {}},
                exchange="nameko-rpc",
                routing_key="membership.find_members",
                retry=False,
            )
