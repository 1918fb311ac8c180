"""Consent: what was said, in which words and when, and what followed from it at an instant."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.domain.consent import (
    ConsentEntry,
    ConsentLedger,
    ConsentSource,
    ConsentState,
    fold,
)
from services.membership.domain.policies.book import policy_of
from services.membership.domain.policies.consents import Asked
from services.membership.errors import MemberErased, Merged
from services.membership.events import ConsentChanged
from services.membership.reference import load_policies
from shared.errors import Invalid, NotFound
from shared.testing import error_of
from tests.unit.membership.builders import NOW
from tests.unit.membership.world import World

SEED = next(each for each in load_policies() if each.kind == "consents")
NEWSLETTER = {"purpose": "newsletter", "channel": "email"}


def at(minute: int) -> datetime:
    """An instant counted from a fixed one."""
    return NOW + timedelta(minutes=minute)


def entry(wording: str | None, given_at: int, recorded_at: int, **changes: Any) -> ConsentEntry:
    """Consent by a wording, or without one a withdrawal."""
    values = {
        "purpose": "newsletter",
        "channel": "email",
        "given": wording is not None,
        "wording_version": wording,
        "source": ConsentSource.MEMBER,
        "given_at": at(given_at),
        "recorded_at": at(recorded_at),
    }
    return ConsentEntry(**{**values, **changes})


@st.composite
def ledgers(draw: st.DrawFn) -> list[ConsentEntry]:
    """Entries in the order of recording, each given before it was recorded, often long before."""
    recorded = 0
    entries = []
    for _ in range(draw(st.integers(0, 12))):
        recorded += draw(st.integers(0, 3))
        entries.append(
            entry(
                draw(st.sampled_from([None, "1", "2"])),
                draw(st.integers(0, recorded)),
                recorded,
                purpose=draw(st.sampled_from(["newsletter", "events"])),
                channel=draw(st.sampled_from(["email", "post"])),
            )
        )
    return entries


def naively(
    entries: Iterable[ConsentEntry], purpose: str, channel: str, as_of: datetime | None
) -> ConsentState | None:
    """One purpose and channel: look for the last word, then back for when it was first said."""
    said = [
        (each.given_at, place, each)
        for place, each in enumerate(entries)
        if (each.purpose, each.channel) == (purpose, channel)
        and (as_of is None or not each.recorded_at > as_of)
    ]
    if not said:
        return None
    _, _, last = since = max(said, key=lambda each: each[:2])
    while said:
        earlier = [each for each in said if each[:2] < since[:2]]
        if not earlier:
            break
        before = max(earlier, key=lambda each: each[:2])
        if before[2].wording_version != last.wording_version:
            break
        since = before
    return ConsentState(purpose, channel, last.given, last.wording_version, since[0])


class TestFold:
    """Where things stand is a fold over the ledger."""

    @given(ledgers(), st.none() | st.integers(-1, 40))
    def test_it_is_what_looking_for_the_last_word_gives(
        self, entries: list[ConsentEntry], minute: int | None
    ) -> None:
        """For any ledger and instant, and for every purpose and channel on its own."""
        as_of = None if minute is None else at(minute)
        expected = {
            (purpose, channel): state
            for purpose in ("newsletter", "events")
            for channel in ("email", "post")
            if (state := naively(entries, purpose, channel, as_of)) is not None
        }
        assert fold(entries, as_of) == expected

    @given(ledgers(), ledgers(), st.integers(-1, 40))
    def test_what_becomes_known_later_does_not_change_what_was_known(
        self, entries: list[ConsentEntry], more: list[ConsentEntry], minute: int
    ) -> None:
        """The answer as of an instant stays the same, however the ledger grows."""
        later = [each for each in more if each.recorded_at > at(minute)]
        assert fold([*entries, *later], at(minute)) == fold(entries, at(minute))

    def test_a_form_that_comes_late_does_not_undo_a_withdrawal(self) -> None:
        """What counts is what was said last, not what was heard last."""
        said = [entry("1", 0, 0), entry(None, 20, 20), entry("1", 10, 30)]
        assert not fold(said)["newsletter", "email"].given

    def test_a_withdrawal_that_comes_late_counts_from_when_it_is_known(self) -> None:
        """As of the time between it could not be relied upon to be there."""
        said = [entry("1", 0, 0), entry(None, 10, 30)]
        assert fold(said, at(20))["newsletter", "email"].given
        assert not fold(said, at(30))["newsletter", "email"].given

    def test_of_two_at_the_same_instant_the_later_recorded_counts(self) -> None:
        """The order of the ledger decides."""
        said = [entry("1", 5, 5), entry(None, 5, 6)]
        assert not fold(said)["newsletter", "email"].given
        assert fold(said[::-1])["newsletter", "email"].given

    def test_since_is_when_it_began_to_be_so(self) -> None:
        """Said again in the same words it is as old as before; in others it begins anew."""
        said = [entry("1", 0, 0), entry("1", 5, 5)]
        assert fold(said)["newsletter", "email"].since == at(0)
        assert fold([*said, entry("2", 9, 9)])["newsletter", "email"].since == at(9)


class TestLedger:
    """To a ledger is only added."""

    @given(ledgers())
    def test_every_change_of_where_things_stand_is_told(self, entries: list[ConsentEntry]) -> None:
        """And nothing else is: who follows the events knows what the fold says."""
        ledger, known = ConsentLedger("m-1"), {}
        for each in entries:
            told = len(ledger.recorded)
            before = fold(ledger.entries)
            ledger.enter(each)
            new = ledger.recorded[told:]
            assert len(new) == (fold(ledger.entries) != before)
            for event in new:
                known[event.purpose, event.channel] = ConsentState(
                    event.purpose,
                    event.channel,
                    event.given,
                    event.wording_version,
                    event.since,
                )
        assert known == fold(entries)
        assert ledger.entries == tuple(entries)


@pytest.fixture
def world() -> World:
    return World()


def consent(world: World, member_id: str, **changes: Any) -> Any:
    arguments = {**NEWSLETTER, "wording_version": "2026.1", "source": "form", **changes}
    return world.call("record_consent", member_id=member_id, **arguments)


def withdraw(world: World, member_id: str, **changes: Any) -> Any:
    arguments = {**NEWSLETTER, "source": "staff", **changes}
    return world.call("withdraw_consent", member_id=member_id, **arguments)


def faults(error: Exception) -> set[str]:
    assert isinstance(error, Invalid)
    return set(error.fields)


class TestRecording:
    """What staff and members enter."""

    def test_a_consent_is_on_record(self, world: World) -> None:
        """With its words, who told of it, and both times; and it is told."""
        member_id = world.member()
        view = consent(world, member_id, given_at=at(-90).isoformat())
        assert view == world.call("get_consents", member_id=member_id)
        assert view.ledger == (
            ConsentEntry("newsletter", "email", True, "2026.1", ConsentSource.FORM, at(-90), at(0)),
        )
        assert view.current == (ConsentState("newsletter", "email", True, "2026.1", at(-90)),)
        assert world.told(member_id).count(ConsentChanged) == 1

    def test_a_withdrawal_without_consent_is_on_record(self, world: World) -> None:
        """It says what the person wants, whatever they said before."""
        member_id = world.member()
        view = withdraw(world, member_id)
        assert [(each.given, each.wording_version) for each in view.ledger] == [(False, None)]
        [told] = [e for e in world.events(member_id) if isinstance(e, ConsentChanged)]
        assert (told.given, told.wording_version, told.since) == (False, None, at(0))

    def test_each_purpose_and_channel_stands_alone(self, world: World) -> None:
        """Who wants no letters may want messages."""
        member_id = world.member()
        consent(world, member_id)
        consent(world, member_id, purpose="events")
        view = withdraw(world, member_id, channel="post")
        assert [(each.purpose, each.channel, each.given) for each in view.current] == [
            ("events", "email", True),
            ("newsletter", "email", True),
            ("newsletter", "post", False),
        ]

    def test_the_same_call_is_one_entry(self, world: World) -> None:
        """A call that is delivered again, the first for a member as well as later ones."""
        member_id = world.member()
        for message in ("first", "second"):
            for _ in range(2):
                consent(world, member_id, message=message)
        assert len(world.call("get_consents", member_id=member_id).ledger) == 2

    def test_two_first_entries_at_once_are_both_kept(self, world: World) -> None:
        """Whichever is written first."""
        member_id, documents = world.member(), world.database["consents"]
        write = documents.insert_one

        def insert_one(document: Any) -> None:
            documents.insert_one = write  # type: ignore[method-assign]
            withdraw(world.another(), member_id)
            write(document)

        documents.insert_one = insert_one  # type: ignore[method-assign]
        consent(world, member_id)
        ledger = world.call("get_consents", member_id=member_id).ledger
        assert [each.given for each in ledger] == [False, True]

    def test_an_instant_is_kept_in_utc(self, world: World) -> None:
        """To the millisecond, whatever offset it was told with."""
        member_id, summer = world.member(), timezone(timedelta(hours=1))
        told = datetime(2026, 6, 1, 0, 30, 0, 123_456, tzinfo=summer)
        [kept] = consent(world, member_id, given_at=told.isoformat()).ledger
        assert kept.given_at == datetime(2026, 5, 31, 23, 30, 0, 123_000, tzinfo=UTC)
        assert kept.given_at.utcoffset() == timedelta(0)

    @pytest.mark.parametrize(
        "given_at",
        ["2026-11-23T09:30:00.001+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
    )
    def test_consent_is_given_in_the_past(self, world: World, given_at: str) -> None:
        """In living memory, and not in the future."""
        member_id = world.member()
        for act in (consent, withdraw):
            assert faults(error_of(lambda a=act: a(world, member_id, given_at=given_at))) == {
                "given_at"
            }

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"purpose": "spam"}, "purpose"),
            ({"channel": "fax"}, "channel"),
            ({"wording_version": "2025.1"}, "wording_version"),
        ],
    )
    def test_what_nobody_was_asked_is_refused(
        self, world: World, changes: dict[str, str], field: str
    ) -> None:
        """By the name of the field."""
        member_id = world.member()
        assert faults(error_of(lambda: consent(world, member_id, **changes))) == {field}
        if field != "wording_version":
            assert faults(error_of(lambda: withdraw(world, member_id, **changes))) == {field}

    def test_nobody_s_consent_is_not_found(self, world: World) -> None:
        """There is no ledger without a member."""
        for act in (
            lambda: consent(world, "nobody"),
            lambda: withdraw(world, "nobody"),
            lambda: world.call("get_consents", member_id="nobody"),
        ):
            assert isinstance(error_of(act), NotFound)

    def test_a_member_speaks_for_themselves(self, world: World) -> None:
        """What they enter is said by them, not by staff, on a form or in an import."""
        member_id = world.member()
        for source in ("staff", "form", "import"):
            for act in (consent, withdraw):
                error = error_of(
                    lambda a=act, s=source: a(world, member_id, by=member_id, source=s)
                )
                assert faults(error) == {"source"}
        consent(world, member_id, by=member_id, source="member")
        assert len(world.call("get_consents", member_id=member_id).ledger) == 1

    def test_a_merged_record_takes_withdrawals_only(self, world: World) -> None:
        """Whoever consents does so for the record that goes on."""
        kept, merged = world.member(), world.member()
        world.members.change(merged, lambda found: setattr(found, "merged_into", kept))
        world.members.change(merged, lambda found: setattr(found, "merged_on", world.today))
        assert isinstance(error_of(lambda: consent(world, merged)), Merged)
        assert len(withdraw(world, merged).ledger) == 1

    def test_of_who_was_erased_nothing_is_kept(self, world: World) -> None:
        """Neither consent nor withdrawal."""
        member_id = world.member()
        world.members.change(member_id, lambda found: setattr(found, "erased_on", world.today))
        for act in (consent, withdraw):
            assert isinstance(error_of(lambda a=act: a(world, member_id)), MemberErased)

    def test_the_history_of_a_member_has_it(self, world: World) -> None:
        """Who entered what stands beside the other changes."""
        member_id = world.member()
        world.clock.advance(hours=1)
        consent(world, member_id, by="registrar")
        newest = world.call("get_history", member_id=member_id).items[0]
        assert (newest.record, newest.by, newest.action) == (
            "consentledger",
            "registrar",
            "record_consent",
        )


class TestReading:
    """What is known at an instant."""

    def test_of_who_never_spoke_nothing_is_known(self, world: World) -> None:
        """An empty answer, which is no consent."""
        view = world.call("get_consents", member_id=world.member())
        assert (view.current, view.ledger, view.as_of) == ((), (), NOW)

    def test_an_earlier_instant_is_judged_by_what_was_known(self, world: World) -> None:
        """The ledger is shown whole all the same."""
        member_id = world.member()
        consent(world, member_id)
        world.clock.advance(hours=2)
        withdraw(world, member_id, given_at=at(60).isoformat())
        for minute, given_then in ((-1, None), (0, True), (119, True), (120, False)):
            view = world.call("get_consents", member_id=member_id, as_of=at(minute).isoformat())
            assert [each.given for each in view.current] == [given_then] * (given_then is not None)
            assert (len(view.ledger), view.as_of) == (2, at(minute))


def reworded(version: str, effective_from: date, **changes: Any) -> dict[str, Any]:
    """Arguments that propose the shipped policy with every wording under another version."""
    body = json.loads(json.dumps(SEED.body))
    for wording in body["wordings"]:
        wording["version"] = version
    return {
        "version": version,
        "effective_from": effective_from,
        "reason": "Invented.",
        "consents": {**body, **changes},
    }


class TestPolicy:
    """Purposes, channels and wordings are data with versions."""

    def test_wordings_are_those_of_the_day(self, world: World) -> None:
        """With the version of the policy that they are of."""
        world.call("propose_policy_version", **reworded("2027.1", date(2027, 1, 1)))
        world.call("activate_policy_version", kind="consents", version="2027.1", reason="Invented.")
        now = world.call("get_consent_wordings")
        then = world.call("get_consent_wordings", on=date(2027, 1, 1))
        assert (now.policy, then.policy) == ("2026.1", "2027.1")
        assert {wording.version for wording in then.wordings} == {"2027.1"}
        assert [purpose.code for purpose in now.purposes] == [
            "newsletter",
            "events",
            "research",
            "partner_offers",
        ]
        assert [channel.code for channel in now.channels] == ["email", "post", "phone", "sms"]

    def test_a_wording_counts_from_when_it_was_there(self, world: World) -> None:
        """Old forms may come in later; nobody consented to words before they were written."""
        member_id = world.member()
        world.call("propose_policy_version", **reworded("2027.1", date(2027, 1, 1)))
        world.call("activate_policy_version", kind="consents", version="2027.1", reason="Invented.")
        early = error_of(lambda: consent(world, member_id, wording_version="2027.1"))
        assert faults(early) == {"wording_version"}
        world.go_to(date(2027, 1, 2))
        consent(world, member_id)
        consent(world, member_id, wording_version="2027.1")
        before = {"wording_version": "2027.1", "given_at": "2026-12-31T23:59:59+00:00"}
        assert faults(error_of(lambda: consent(world, member_id, **before))) == {"wording_version"}
        assert len(world.call("get_consents", member_id=member_id).ledger) == 2

    def test_what_is_no_longer_asked_can_still_be_withdrawn(self, world: World) -> None:
        """A purpose that was given up leaves consents behind."""
        member_id = world.member()
        consent(world, member_id, purpose="events")
        body = SEED.body
        fewer = {
            "purposes": [p for p in body["purposes"] if p["code"] == "newsletter"],
            "wordings": [w for w in body["wordings"] if w["purpose"] == "newsletter"],
        }
        world.call("propose_policy_version", **reworded("2027.1", date(2027, 1, 1), **fewer))
        world.call("activate_policy_version", kind="consents", version="2027.1", reason="Invented.")
        world.go_to(date(2027, 1, 2))
        assert not withdraw(world, member_id, purpose="events").current[0].given

    @pytest.mark.parametrize(
        ("room", "change", "field"),
        [
            ("purposes", lambda rows: [*rows, rows[0]], "consents.purposes.4.code"),
            ("channels", lambda rows: [*rows, rows[0]], "consents.channels.4.code"),
            ("wordings", lambda rows: [*rows, rows[0]], "consents.wordings.4.version"),
            ("wordings", lambda rows: rows[1:], "consents.purposes.0.code"),
            (
                "wordings",
                lambda rows: [*rows, {**rows[0], "purpose": "spam"}],
                "consents.wordings.4.purpose",
            ),
        ],
    )
    def test_an_unsound_policy_is_refused(self, room: str, change: Any, field: str) -> None:
        """Each fault by its path."""
        body = {**SEED.body, room: change(SEED.body[room])}
        assert faults(error_of(lambda: policy_of("consents", body))) == {field}

    def test_before_the_first_version_its_words_are_known(self, world: World) -> None:
        """Consents that are older than this system can be taken over."""
        asked = Asked.by(world.book.consents, date(2020, 1, 1))
        assert asked.faults("newsletter", "email", "2026.1") == {}
