"""Events: from the first publish until a handler in another process has seen the last.

Plain Nameko dispatches from one worker, as a method does that has many events to tell, and from ten
at once, which is all its defaults allow. Ours publishes in batches with pipelined confirms to a
quorum queue, reads the envelope and validates the body. The handlers only count. Apart from that,
ours is measured with the handler's write to the store, and all the way: saved in an aggregate's
outbox, relayed, cleared, applied with its id in an inbox. Plain Nameko keeps none of those
promises, so the last two say what the promises cost.
"""

from __future__ import annotations

import uuid

from benchmarks.bed import Bed
from benchmarks.pairs import Measure, Pair, Sample, Side
from benchmarks.ticks import BATCH, COUNTED, STORED

_FIRST_COUNT = 100


def pairs(bed: Bed) -> list[Pair]:
    """Like with like, then ours with more and more of the store."""
    bed.need("plain caller", "our caller", "plain handler", "our handler")
    one = Side("plain, one worker", _measure(bed, "plaincaller", COUNTED, workers=1))
    ten = Side("plain, ten workers", _measure(bed, "plaincaller", COUNTED, workers=10))
    counting = Side("ours", _measure(bed, "ourcaller", COUNTED, batch=BATCH))
    inbox = Side("ours, inbox", _measure(bed, "ourcaller", STORED, batch=BATCH))
    whole = Side("ours, outbox and inbox", _measure(bed, "ourcaller", STORED, batch=0))
    loads = {
        "to one plain worker": (one, counting),
        "to ten plain workers": (ten, counting),
        "to ten, ours with inbox": (ten, inbox),
        "to ten, with outbox too": (ten, whole),
    }
    return [Pair("events", load, "events/s", base, ours) for load, (base, ours) in loads.items()]


def _measure(bed: Bed, service: str, key: str, **how: int) -> Measure:
    publish = bed.nameko[service].publish
    rate = 0.0

    def measure(seconds: float) -> Sample:
        nonlocal rate
        count = max(_FIRST_COUNT, int(rate * seconds))
        run = uuid.uuid4().hex
        times = publish(run=run, count=count, key=key, **how)
        began = times["began"] if isinstance(times, dict) else times[0]
        rate = count / (bed.finished(run) - began)
        return Sample(rate)

    return measure
