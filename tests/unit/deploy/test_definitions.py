"""Who may do what on the broker: the expressions are tried on a universe of names."""

import base64
import hashlib
import re

import pytest

from deploy.rabbitmq.definitions import (
    CLIENTS,
    SERVICES,
    build,
    exchanges_read,
    password_hash,
    permissions,
    reads_of_services,
    topic_permissions,
)

READS = {
    "membership": {"programmes.events"},
    "programmes": {"membership.events"},
    "notifications": {"membership.events", "membership.private", "programmes.events"},
    "research": {"membership.events", "membership.private", "programmes.events"},
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
UNIVERSE = set().union(*OWN.values()) | APPS | {"integrator.ours", "event-log"} | STRANGE

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
        own = OWN[user] | {name for name in UNIVERSE if name.startswith(f"{user}.")}
        return own | (READS[user] if reading else set())
    own = APPS if user == "apps" else {"integrator.ours"}
    return own | (EVENTS | {"event-log"} if reading else set())


@pytest.mark.parametrize("operation", ["configure", "write", "read"])
@pytest.mark.parametrize("user", USERS)
def test_a_user_may_do_what_it_needs_and_no_more(user: str, operation: str) -> None:
    """Each of the 21 expressions allows exactly the names it should."""
    (entry,) = [entry for entry in permissions(READS) if entry["user"] == user]
    allowed = {name for name in UNIVERSE if re.search(entry[operation], name)}
    assert allowed == expected(user, operation)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_calls_and_makes_none(service: str) -> None:
    """It publishes replies only, and takes no other service's calls."""
    entry = _topics(service)
    assert _matching(entry["write"]) == {REPLY}
    takes = _matching(entry["read"])
    assert takes == {key for key in KEYS if key.startswith(f"{service}.")}


def test_apps_call_services_and_hear_their_own_replies_only() -> None:
    """An app publishes to methods of services and binds to random reply keys."""
    entry = _topics("apps")
    assert _matching(entry["write"]) == {f"{service}.get" for service in SERVICES} | {CALLED}
    assert _matching(entry["read"]) == {REPLY}


def test_topic_permissions_cover_everybody_who_reaches_the_rpc_exchange() -> None:
    """A user without a topic permission would be free on every routing key."""
    reaching = {
        entry["user"]
        for entry in permissions(READS)
        if re.search(entry["write"], "nameko-rpc") or re.search(entry["read"], "nameko-rpc")
    }
    assert {entry["user"] for entry in topic_permissions(READS)} == reaching - {"ops"}
    assert {entry["exchange"] for entry in topic_permissions(READS)} == {"nameko-rpc"}


def test_there_are_no_users_but_ours() -> None:
    """The default user is not among the definitions, and each of ours has a password."""
    users = build(READS, dict.fromkeys(USERS, "hash"))["users"]
    assert {user["name"] for user in users} == set(USERS)
    assert all(user["password_hash"] == "hash" for user in users)
    assert {user["name"] for user in users if user["tags"]} == {"ops"}


def test_the_event_log_keeps_public_events_only() -> None:
    """The stream is bound to every public exchange and to no restricted one."""
    document = build(READS, dict.fromkeys(USERS, "hash"))
    assert {binding["source"] for binding in document["bindings"]} == EVENTS
    assert {binding["destination"] for binding in document["bindings"]} == {"event-log"}
    assert {binding["routing_key"] for binding in document["bindings"]} == {"#"}
    assert document["queues"][0]["arguments"] == {"x-queue-type": "stream"}


def test_event_exchanges_are_there_before_any_service() -> None:
    """Subscribers may not declare a publisher's exchange, so the broker has it from the start."""
    exchanges = build(READS, dict.fromkeys(USERS, "hash"))["exchanges"]
    assert {each["name"] for each in exchanges} == EVENTS | PRIVATE | {"nameko-rpc"}
    assert {(each["type"], each["durable"]) for each in exchanges} == {("topic", True)}


def test_everything_lies_in_the_virtual_host_asked_for() -> None:
    """A second stack on the same broker is kept apart by its virtual host."""
    document = build(READS, dict.fromkeys(USERS, "hash"), vhost="second")
    parts = ("permissions", "topic_permissions", "exchanges", "queues", "bindings")
    assert {entry["vhost"] for part in parts for entry in document[part]} == {"second"}
    assert document["vhosts"] == [{"name": "second"}]


def test_rights_to_read_come_from_the_subscriptions() -> None:
    """What a service's readers name is what it may read."""
    assert exchanges_read("notifications") >= {"membership.events", "membership.private"}
    assert set(reads_of_services()) == set(SERVICES)


def test_contact_details_reach_the_services_that_need_them_only() -> None:
    """Restricted events of membership are read by notifications and research, and nobody else."""
    reads = reads_of_services()
    private = {service: exchanges & PRIVATE for service, exchanges in reads.items()}
    allowed = {"notifications": {"membership.private"}, "research": {"membership.private"}}
    assert {service: names for service, names in private.items() if names} == allowed


def test_passwords_are_hashed_as_the_broker_expects() -> None:
    """The hash is base64 of a 4-byte salt and the SHA-256 of salt and password."""
    raw = base64.b64decode(password_hash("a word"))
    assert raw[4:] == hashlib.sha256(raw[:4] + b"a word").digest()
    assert password_hash("a word") != password_hash("a word")


def _topics(user: str) -> dict[str, str]:
    (entry,) = [entry for entry in topic_permissions(READS) if entry["user"] == user]
    return entry


def _matching(expression: str) -> set[str]:
    return {key for key in KEYS if re.search(expression, key)}
