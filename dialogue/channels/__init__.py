"""The ways on which a message reaches a person. Each tells in one vocabulary what became of a try."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogue.message_kinds import MessageKind
from dialogue.models import OutboundMessage


@dataclass(frozen=True)
class NotSent(Exception):
    """A try that did not surely succeed. `trouble` is a word for the list, never an address or a text."""

    trouble: str
    may_have_arrived: bool = False
    """Nobody can tell whether the other side has it already."""

    address_fails: bool = False
    """The other side says that there is no such mailbox."""

    by_mail: bool = False
    """This way is closed to this person or for now: mail goes instead."""

    blocked: bool = False
    """The person has shut this way for good."""


class Channel(Protocol):
    """A way to send."""

    repeats_safely: bool
    """The other side recognises a repeat, so that an uncertain try may be made again."""

    def open(self) -> None:
        """Get ready.

        Raises:
            OSError: the other side cannot be reached; no message is to blame.
        """

    def send(self, row: OutboundMessage, kind: MessageKind, now: datetime) -> None:
        """Send one message, made from its subject as it is now.

        Raises:
            NotSent: it did not surely arrive.
        """

    def close(self) -> None:
        """Hang up. Never raises."""
