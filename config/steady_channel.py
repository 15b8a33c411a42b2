"""A worker's line to the broker that can be lost while a task is at work."""

from kombu.transport.redis import Channel


class SteadyChannel(Channel):
    """What was in hand when the line was lost is neither put back nor acknowledged: the sweep finds the rows.

    kombu 5.7 does both by way of a connection that is gone by then, and Celery's worker ends of the error.
    """

    do_restore = False

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """Tell the broker that a message is dealt with, unless the line it came by is closed."""
        if not self.closed:
            super().basic_ack(delivery_tag, multiple=multiple)
