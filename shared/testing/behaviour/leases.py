"""A lease belongs to one, and ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared import timers
from shared.testing.behaviour.things import NOW, THREADS, Suite, at_once
from shared.testing.fakes import FakeClock

MINUTE = timedelta(minutes=1)


class Leases(Suite):
    """Instances of a service, each with leases of its own over one store."""

    def test_one_of_many_takes_a_lease(self, database: Any) -> None:
        """For the first time as when it has ended; a lease of another name is another."""
        clock = FakeClock(NOW)
        instances = [timers.Leases(database, clock) for _ in range(THREADS)]
        for _ in range(2):
            taken = at_once(
                lambda leases=leases: leases.take("tick", MINUTE)  # type: ignore[misc]
                for leases in instances
            )
            assert sum(lease is not None for lease in taken) == 1
            assert instances[0].take("tick", MINUTE) is None
            clock.advance(minutes=1)
        assert instances[0].take("sweep", MINUTE) is not None

    def test_a_lease_ends_by_itself(self, database: Any) -> None:
        """At its end and not before; renewed, that much later."""
        clock = FakeClock(NOW)
        one, other = timers.Leases(database, clock), timers.Leases(database, clock)
        lease = one.take("tick", MINUTE)
        assert lease is not None
        clock.advance(seconds=59)
        assert lease.renew(MINUTE)
        clock.advance(seconds=59, milliseconds=999)
        assert other.take("tick", MINUTE) is None
        clock.advance(milliseconds=1)
        assert other.take("tick", MINUTE) is not None

    def test_a_lease_is_kept_while_somebody_is_at_it(self, database: Any) -> None:
        """It may be asked for at every turn; once lost, it is lost."""
        clock = FakeClock(NOW)
        one, other = timers.Leases(database, clock), timers.Leases(database, clock)
        lease = one.take("tick", MINUTE)
        assert lease is not None
        for _ in range(10):
            clock.advance(seconds=29)
            assert lease.keep(MINUTE)
            assert other.take("tick", MINUTE) is None
        clock.advance(minutes=1)
        assert other.take("tick", MINUTE) is not None
        assert not lease.keep(MINUTE)
        assert not lease.keep(MINUTE)

    def test_a_lease_given_back_is_free(self, database: Any) -> None:
        """At once; who gave it back cannot renew it."""
        leases = timers.Leases(database, FakeClock(NOW))
        lease = leases.take("tick", MINUTE)
        assert lease is not None
        lease.give_back()
        assert not lease.renew(MINUTE)
        assert leases.take("tick", MINUTE) is not None

    def test_who_comes_late_takes_nothing_away(self, database: Any) -> None:
        """A lease that ended and was taken by another is neither renewed nor given back."""
        clock = FakeClock(NOW)
        leases = timers.Leases(database, clock)
        late = leases.take("tick", MINUTE)
        clock.advance(minutes=1)
        lease = leases.take("tick", MINUTE)
        assert late is not None
        assert lease is not None
        assert not late.renew(2 * MINUTE)
        late.give_back()
        assert leases.take("tick", MINUTE) is None
        clock.advance(minutes=1)
        assert leases.take("tick", MINUTE) is not None

    def test_a_lease_that_nobody_took_meanwhile_is_renewed(self, database: Any) -> None:
        """Who was held up goes on where nobody else has begun."""
        clock = FakeClock(NOW)
        leases = timers.Leases(database, clock)
        lease = leases.take("tick", MINUTE)
        clock.advance(minutes=2)
        assert lease is not None
        assert lease.renew(MINUTE)
        assert leases.take("tick", MINUTE) is None
