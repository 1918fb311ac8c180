"""Events are published once they are committed, and then cleared, whatever happens in between."""

from __future__ import annotations

from typing import Any

from shared.outbox import Outbox, Relay
from shared.testing.behaviour.things import NOW, Suite, Thing, at_once, thing
from shared.testing.fakes import FakeClock, FakeTransport


class Outboxes(Suite):
    """The relay and its race with saves."""

    def test_a_published_outbox_is_emptied(self, database: Any) -> None:
        """Nothing is left to sweep."""
        outbox, transport = Outbox("suite"), FakeTransport()
        things = self.things(database, outbox)
        made = thing()
        made.turn(2)
        things.add(made)
        assert Relay(outbox, transport).flush() == 2
        document = self.stored(things, made.id)
        assert (document["outbox"], document["outbox_sent"]) == ([], 2)
        assert "outbox_due" not in document

    def test_a_save_between_publishing_and_clearing_loses_nothing(self, database: Any) -> None:
        """The older event is not published again, the newer one is."""
        outbox, transport = Outbox("suite"), FakeTransport()
        things = self.things(database, outbox)
        made = thing()
        made.turn()
        things.add(made)
        publish, late = transport.publish, [True]

        def publish_and_save(envelopes: Any) -> list[bool]:
            if late.pop() if late else False:
                things.change(made.id, Thing.turn)
            return publish(envelopes)

        transport.publish = publish_and_save  # type: ignore[method-assign]
        relay = Relay(outbox, transport)
        while outbox.waiting:
            relay.flush()
        assert [one.headers["ce-sequence"] for one in transport.published] == ["1", "2"]
        assert self.stored(things, made.id)["outbox"] == []
        assert "outbox_due" not in self.stored(things, made.id)

    def test_sweeps_at_once_take_each_outbox_over_once(self, database: Any) -> None:
        """What a process left behind when it ended is published by one of the others."""
        clock = FakeClock(NOW)
        things = self.things(database, Outbox("suite", clock))
        for _ in range(12):
            made = thing()
            made.turn(2)
            things.add(made)
        clock.advance(minutes=1)
        relays = [(FakeTransport(), Outbox("suite", clock)) for _ in range(4)]
        at_once(
            lambda transport=transport, outbox=outbox: Relay(outbox, transport).sweep(  # type: ignore[misc]
                things.documents
            )
            for transport, outbox in relays
        )
        published = [one.message_id for transport, _ in relays for one in transport.published]
        assert len(published) == len(set(published)) == 24
        assert things.documents.count_documents({"outbox_due": {"$exists": True}}) == 0
