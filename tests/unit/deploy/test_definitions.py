"""Who may do what on the broker: the expressions are tried on a universe of names."""

import base64
import hashlib
import re

import pytest

from deploy.rabbitmq.definitions import (
    CLIENTS,
    SERVICES,
    Traffic,
    build,
    password_hash,
    permissions,
    topic_permissions,
    traffic_of,
    traffic_of_services,
)
from shared.events import Source

RECEIVED = Source("membership", "application.received", False)
ADMITTED = Source("membership", "member.admitted", False)
CONTACT = Source("membership", "contact.changed", True)
STAGE = Source("membership", "stage.reached", True)
RETRACTED = Source("membership", "stage.retracted", private=True)
PROPOSED = Source("programmes", "round.proposed", private=True)
PROPOSED_UNNAMED = Source("membership", "selection.proposed", private=True)
CONSENT = Source("membership", "consent.changed", True)
EXPORT = Source("membership", "export.requested", private=True)
CONTRIBUTED = {
    Source(service, "export.contributed", private=True)
    for service in ("programmes", "notifications", "research")
}
SUBMITTED = Source("programmes", "application.submitted", False)
TRAFFIC = {
    "membership": Traffic(
        frozenset({RECEIVED, ADMITTED, CONTACT, STAGE}), reads=frozenset({SUBMITTED})
    ),
    "programmes": Traffic(frozenset({SUBMITTED}), reads=frozenset({RECEIVED, ADMITTED})),
    "notifications": Traffic(frozenset(), reads=frozenset({ADMITTED, CONTACT, SUBMITTED})),
    "research": Traffic(frozenset(), reads=frozenset({ADMITTED, STAGE, SUBMITTED})),
}
READS = {
    service: {source.exchange for source in traffic.reads} for service, traffic in TRAFFIC.items()
}
USERS = (*SERVICES, *CLIENTS)
EVENTS = {f"{service}.events" for service in SERVICES}
PRIVATE = {f"{service}.private" for service in SERVICES}
OWN = {
    service: {
        f"{service}.events",
        f"{service}.private",
        f"{service}.on_members",
        f"{service}.on_members.parked",
        f"{service}.dispatch",
        f"{service}.park",
        f"{service}.retry",
        f"{service}.retry.1000",
        f"rpc-{service}",
        "nameko-rpc",
    }
    for service in SERVICES
}
APPS = {"nameko-rpc", "rpc.reply-standalone_rpc_proxy-0190", "apps.tail"}
STRANGE = {
    "amq.default",
    "amq.topic",
    "xmembership.events",
    "membership.events.copy",
    "membershipxevents",
    "membershipxprivate",
    "programmesxevents",
    "membershipx",
    "rpc-membershipx",
    "xrpc-membership",
    "nameko-rpcx",
    "xnameko-rpc",
    "rpcxreply-a",
    "xrpc.reply-a",
    "appsx",
    "xapps.a",
    "integratorx",
    "xintegrator.a",
    "event-logx",
    "xevent-log",
}
NAMES = set().union(*OWN.values()) | APPS | {"integrator.ours", "event-log"}
# A line break at the end makes a different name.
UNIVERSE = NAMES | STRANGE | {f"{name}\n" for name in NAMES}

EVENT_KEYS = {
    *(source.name for traffic in TRAFFIC.values() for source in traffic.publishes),
    "",
    "#",
    "*",
    "member.*",
    "contact.#",
    "member.admitted.v2",
    "member.admitted\n",
    "xmember.admitted",
    "memberxadmitted",
}
CALLED = "membership.get_member"
REPLY = "0190f1f2-aaaa-7bbb-8ccc-0123456789ab"
KEYS = {f"{service}.get" for service in SERVICES} | {
    CALLED,
    "membership.*",
    "#",
    "*",
    "strangers.get",
    "membership.get.more",
    "xmembership.get",
    "membershipxget",
    REPLY,
    f"{REPLY}0",
    f"{REPLY}\n",
    f"{CALLED}\n",
    f"x{REPLY}",
    "0190f1f2",
}


def expected(user: str, operation: str) -> set[str]:
    """The names that ``user`` may configure, write or read."""
    if user == "ops":
        return UNIVERSE
    reading = operation == "read"
    if user in SERVICES:
        # Whatever begins with the service's own name and a dot is its own.
        own = OWN[user] | {name for name in NAMES | STRANGE if name.startswith(f"{user}.")}
        return own | (READS[user] if reading else set())
    own = APPS if user == "apps" else {"integrator.ours"}
    return own | (EVENTS | {"event-log"} if reading else set())


@pytest.mark.parametrize("operation", ["configure", "write", "read"])
@pytest.mark.parametrize("user", USERS)
def test_a_user_may_do_what_it_needs_and_no_more(user: str, operation: str) -> None:
    """Each of the 21 expressions allows exactly the names it should."""
    (entry,) = [entry for entry in permissions(TRAFFIC) if entry["user"] == user]
    allowed = {name for name in UNIVERSE if re.search(entry[operation], name)}
    assert allowed == expected(user, operation)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_calls_and_makes_none(service: str) -> None:
    """It publishes replies only, and takes no other service's calls."""
    entry = _topics(service)
    assert _matching(entry["write"]) == {REPLY}
    takes = _matching(entry["read"])
    own = {key for key in KEYS if key.startswith(f"{service}.")}
    assert takes == own - {f"{CALLED}\n"}


def test_apps_call_services_and_hear_their_own_replies_only() -> None:
    """An app publishes to methods of services and binds to random reply keys."""
    entry = _topics("apps")
    assert _matching(entry["write"]) == {f"{service}.get" for service in SERVICES} | {CALLED}
    assert _matching(entry["read"]) == {REPLY}


@pytest.mark.parametrize("exchange", sorted({"nameko-rpc"} | EVENTS | PRIVATE))
def test_no_user_is_free_on_the_routing_keys_of_an_exchange(exchange: str) -> None:
    """Whoever may write, or read what is restricted, is limited to routing keys; but for ops.

    A user without a topic permission for an exchange would be free on every routing key.
    """
    reached = {
        entry["user"]
        for entry in permissions(TRAFFIC)
        if re.search(entry["write"], exchange)
        or (exchange not in EVENTS and re.search(entry["read"], exchange))
    }
    limited = {e["user"] for e in topic_permissions(TRAFFIC) if e["exchange"] == exchange}
    assert reached - {"ops"} <= limited
    assert limited <= reached | {service for service in SERVICES if exchange in READS[service]}


@pytest.mark.parametrize("exchange", sorted(EVENTS | PRIVATE))
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_publishes_and_binds_single_routing_keys(service: str, exchange: str) -> None:
    """Its own events go out and those that it reads come in, each by its exact type."""
    owned, reads = TRAFFIC[service]
    may_read = exchange in READS[service] or exchange.startswith(f"{service}.")
    expressions = [
        entry
        for entry in topic_permissions(TRAFFIC)
        if (entry["user"], entry["exchange"]) == (service, exchange)
    ]
    assert len(expressions) == may_read
    for entry in expressions:
        publishes = {source.name for source in owned if source.exchange == exchange}
        binds = {source.name for source in reads if source.exchange == exchange}
        assert {key for key in EVENT_KEYS if re.search(entry["write"], key)} == publishes
        assert {key for key in EVENT_KEYS if re.search(entry["read"], key)} == binds


@pytest.mark.parametrize("user", ["integrator", "apps"])
def test_readers_of_public_events_may_bind_any_pattern(user: str) -> None:
    """Who reads all public events is not limited on their exchanges."""
    limited = {entry["exchange"] for entry in topic_permissions(TRAFFIC) if entry["user"] == user}
    assert not limited & EVENTS


def test_there_are_no_users_but_ours() -> None:
    """The default user is not among the definitions, and each of ours has a password."""
    users = build(TRAFFIC, dict.fromkeys(USERS, "hash"))["users"]
    assert {user["name"] for user in users} == set(USERS)
    assert all(user["password_hash"] == "hash" for user in users)
    assert {user["name"] for user in users if user["tags"]} == {"ops"}


def test_the_event_log_keeps_public_events_only() -> None:
    """The stream is bound to every public exchange and to no restricted one."""
    document = build(TRAFFIC, dict.fromkeys(USERS, "hash"))
    assert {binding["source"] for binding in document["bindings"]} == EVENTS
    assert {binding["destination"] for binding in document["bindings"]} == {"event-log"}
    assert {binding["routing_key"] for binding in document["bindings"]} == {"#"}
    assert document["queues"][0]["arguments"] == {"x-queue-type": "stream"}


def test_event_exchanges_are_there_before_any_service() -> None:
    """Subscribers may not declare a publisher's exchange, so the broker has it from the start."""
    exchanges = build(TRAFFIC, dict.fromkeys(USERS, "hash"))["exchanges"]
    assert {each["name"] for each in exchanges} == EVENTS | PRIVATE | {"nameko-rpc"}
    assert {(each["type"], each["durable"]) for each in exchanges} == {("topic", True)}


def test_everything_lies_in_the_virtual_host_asked_for() -> None:
    """A second stack on the same broker is kept apart by its virtual host."""
    document = build(TRAFFIC, dict.fromkeys(USERS, "hash"), vhost="second")
    parts = ("permissions", "topic_permissions", "exchanges", "queues", "bindings")
    assert {entry["vhost"] for part in parts for entry in document[part]} == {"second"}
    assert document["vhosts"] == [{"name": "second"}]


def test_rights_come_from_the_code() -> None:
    """What a service's events and readers declare is what it may publish and read."""
    membership = traffic_of("membership")
    assert {ADMITTED, CONTACT, STAGE} <= membership.publishes
    assert SUBMITTED in membership.reads
    assert {ADMITTED, CONTACT, SUBMITTED} <= traffic_of("notifications").reads
    assert set(traffic_of_services()) == set(SERVICES)


def test_restricted_events_reach_the_service_that_needs_them_only() -> None:
    """Contacts and consents go to notifications, names to programmes, pseudonyms to research.

    Who would be made an offer goes to membership, which alone knows their pseudonyms. What a
    person is to be given of their data is asked of all, and told to membership alone.
    """
    traffic = traffic_of_services()
    private = {name: {each for each in t.reads if each.private} for name, t in traffic.items()}
    assert private == {
        "membership": {*CONTRIBUTED, PROPOSED},
        "programmes": {CONTACT, EXPORT},
        "notifications": {CONTACT, CONSENT, EXPORT},
        "research": {STAGE, RETRACTED, PROPOSED_UNNAMED, EXPORT},
    }


def test_passwords_are_hashed_as_the_broker_expects() -> None:
    """The hash is base64 of a 4-byte salt and the SHA-256 of salt and password."""
    raw = base64.b64decode(password_hash("a word"))
    assert raw[4:] == hashlib.sha256(raw[:4] + b"a word").digest()
    assert password_hash("a word") != password_hash("a word")


def _topics(user: str) -> dict[str, str]:
    """The user's entry for the exchange of calls."""
    (entry,) = [
        entry
        for entry in topic_permissions(TRAFFIC)
        if (entry["user"], entry["exchange"]) == (user, "nameko-rpc")
    ]
    return entry


def _matching(expression: str) -> set[str]:
    return {key for key in KEYS if re.search(expression, key)}
