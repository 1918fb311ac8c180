"""The relay: pipelined confirms against one confirm at a time, to the same quorum queue.

Nobody reads the queue, so this is the publishing alone: how long until the broker has confirmed
every event. The base is Nameko's own dispatcher, one event after the other and from ten workers at
once, and then our publisher when it is given one event at a time.
"""

from __future__ import annotations

import uuid

from kombu import Connection

from benchmarks.bed import Bed
from benchmarks.pairs import Measure, Pair, Sample, Side
from benchmarks.ticks import BATCH, KEPT

QUEUE = "benchmarks.kept"
_FIRST_COUNT = 100


def pairs(bed: Bed) -> list[Pair]:
    """Batches against three ways to publish one by one."""
    bed.need("plain caller", "our caller")
    _declare(bed)
    batches = Side("batches", _measure(bed, "ourcaller", batch=BATCH))
    bases = {
        "to Nameko, one worker": _measure(bed, "plaincaller", workers=1),
        "to Nameko, ten workers": _measure(bed, "plaincaller", workers=10),
        "to ours, one by one": _measure(bed, "ourcaller", batch=1),
    }
    return [
        Pair("relay", name, "events/s", Side(name, base), batches) for name, base in bases.items()
    ]


def _declare(bed: Bed) -> None:
    with Connection(bed.amqp_uri) as connection:
        channel = connection.channel()
        arguments = {"x-queue-type": "quorum"}
        channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments=arguments)
        for service in ("plaincaller", "ourcaller"):
            channel.queue_bind(QUEUE, f"{service}.events", routing_key=KEPT)


def _measure(bed: Bed, service: str, **how: int) -> Measure:
    publish = bed.nameko[service].publish
    rate = 0.0

    def measure(seconds: float) -> Sample:
        nonlocal rate
        count = max(_FIRST_COUNT, int(rate * seconds))
        times = publish(run=uuid.uuid4().hex, count=count, key=KEPT, **how)
        began, ended = times.values() if isinstance(times, dict) else times
        _purge(bed, count)
        rate = count / (ended - began)
        return Sample(rate)

    return measure


def _purge(bed: Bed, count: int) -> None:
    """Empty the queue; every event that was confirmed must have been in it."""
    with Connection(bed.amqp_uri) as connection:
        found = connection.channel().queue_purge(QUEUE)
    if found != count:
        raise RuntimeError(f"{count} events were confirmed and {found} were in the queue.")
