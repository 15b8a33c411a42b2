"""The kinds of message there are. Each app registers its own, so that the outbox looks up without importing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogue.models import OutboundMessage


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader gets it: both bodies say the same. `calendar` is an iCalendar object with `method`."""

    subject: str
    text: str
    html: str
    calendar: bytes | None = None
    method: str = ""
    thread: str = ""
    """Message-ID of the first message about the same subject, for References."""


@dataclass(frozen=True, slots=True)
class MessageKind:
    """What the outbox must know of a kind of message.

    `repeatable`: a message whose sending is uncertain is sent again (invitations, changes, cancels: harmless
    in a calendar); otherwise it is listed as uncertain and never repeated (reminders).
    `reminder` names how far ahead a reminder comes ("72h", "24h", "1h"): people choose which of them they want.
    `short` is what goes to LINE, without names or stories. A kind without it always goes by mail.
    `gather` reads for many rows at once what the others would read for each, and keeps it with the rows (`row.kept`).
    It is called right after rows were taken, and again when they have waited for a second.
    """

    name: str
    repeatable: bool
    still_wanted: Callable[[OutboundMessage, datetime], bool]
    render: Callable[[OutboundMessage, datetime], Letter]
    reminder: str = ""
    short: Callable[[OutboundMessage, datetime], str] | None = None
    gather: Callable[[Sequence[OutboundMessage], datetime], None] | None = None


_kinds: dict[str, MessageKind] = {}


def register(kind: MessageKind) -> MessageKind:
    """Make a kind known.

    Raises:
        ValueError: the name is taken by another kind.
    """
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"There is already a kind of message named {kind.name}.")
    return kind


def kinds() -> Mapping[str, MessageKind]:
    """Return every registered kind by name."""
    return _kinds
