"""Events in and out over AMQP 0-9-1, with nothing lost and nothing applied twice.

``publisher``: one shared channel with pipelined confirms for all that a process publishes.
``consumer``: one connection that consumes for all entrypoints and stops without double work.
``subscription``: the ``subscribe`` entrypoint with its retry ladder and parking queue.
"""

from shared.messaging.subscription import subscribe

__all__ = ["subscribe"]
