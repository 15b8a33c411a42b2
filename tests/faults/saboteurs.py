"""Guards taken out, one at a time, in the processes of a drill and nowhere else.

Each is a patch of a loaded module. The site's own code knows nothing of them. A drill that does not notice is no drill.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

Patches = Callable[[], list[AbstractContextManager[Any]]]
SABOTEURS: dict[str, Patches] = {}


def saboteur(make: Patches) -> Patches:
    SABOTEURS[make.__name__] = make
    return make


def let_in(name: str) -> None:
    """Take a guard out for the rest of this process's life."""
    for patch in SABOTEURS[name]():
        patch.__enter__()


@saboteur
def no_claim() -> list[AbstractContextManager[Any]]:
    """The claim is a look and then a write, without its condition."""
    from dialogue import holding  # noqa: PLC0415
    from dialogue.models import OutboundMessage  # noqa: PLC0415

    def claim(pks: Sequence[int], now: datetime) -> list[int]:
        found = list(OutboundMessage.objects.filter(pk__in=pks, status="queued").values_list("pk", flat=True))
        rows = OutboundMessage.objects.filter(pk__in=found)
        rows.update(status="sending", leased_until=now + timedelta(seconds=3), attempts=1, sent_at=None)
        return found

    return [mock.patch.object(holding, "claim", claim)]


@saboteur
def no_lease() -> list[AbstractContextManager[Any]]:
    """What a dead sender held is never looked at again."""
    from dialogue import delivery  # noqa: PLC0415

    return [mock.patch.object(delivery, "settle_lapsed_leases")]


@saboteur
def no_at_most_once() -> list[AbstractContextManager[Any]]:
    """A reminder is taken for a message that may be repeated."""
    from dialogue.message_kinds import _kinds  # noqa: PLC0415

    found = [kind for kind in _kinds.values() if not kind.repeatable]
    from dataclasses import replace  # noqa: PLC0415

    return [mock.patch.dict(_kinds, {kind.name: replace(kind, repeatable=True) for kind in found})]


@saboteur
def no_fixed_message_id() -> list[AbstractContextManager[Any]]:
    """Each try of a mail has a name of its own."""
    from email.utils import make_msgid  # noqa: PLC0415

    from dialogue.channels import by_mail  # noqa: PLC0415

    whole = by_mail.compose

    def compose(*, row: Any, **more: Any) -> Any:
        row.message_id = make_msgid(domain="madoi.example.org")
        return whole(row=row, **more)

    return [mock.patch.object(by_mail, "compose", compose)]


@saboteur
def no_recheck() -> list[AbstractContextManager[Any]]:
    """What stands in the outbox is sent, whatever became of its session; and a cancel takes nothing back."""
    from dataclasses import replace  # noqa: PLC0415

    from dialogue.message_kinds import _kinds  # noqa: PLC0415
    from sessions import announcing  # noqa: PLC0415

    always = {name: replace(kind, still_wanted=lambda row, now: True) for name, kind in _kinds.items()}
    return [mock.patch.dict(_kinds, always), mock.patch.object(announcing, "void_messages")]


@saboteur
def no_on_commit() -> list[AbstractContextManager[Any]]:
    """The broker is told inside the transaction, and its absence is the caller's error."""
    from celery import current_app  # noqa: PLC0415

    from dialogue import outbox  # noqa: PLC0415
    from sessions.services import booking  # noqa: PLC0415

    def wake(task_name: str) -> None:
        current_app.send_task(task_name, retry=False, ignore_result=True)

    return [mock.patch.object(outbox, "wake", wake), mock.patch.object(booking, "wake", wake)]


@saboteur
def no_sequence() -> list[AbstractContextManager[Any]]:
    """A change keeps the version that it had."""
    from sessions.services import changing  # noqa: PLC0415

    def keep(session: Any, now: datetime, *changed: str) -> None:
        session.changed_at = max(now, session.changed_at + timedelta(seconds=1))
        session.save(update_fields=["changed_at", *changed])

    return [mock.patch.object(changing, "raise_sequence", keep)]


@saboteur
def no_dedupe_key() -> list[AbstractContextManager[Any]]:
    """Every draft is a new message, however often it is queued; and a series may be booked by two."""
    from dialogue import outbox  # noqa: PLC0415

    class Unique:
        count = 0

    def queue(drafts: Any, *, now: datetime) -> int:
        from dataclasses import replace  # noqa: PLC0415
        from uuid import uuid4  # noqa: PLC0415

        return whole([replace(one, dedupe_key=f"{one.dedupe_key}:{uuid4().hex[:8]}") for one in drafts], now=now)

    whole = outbox.queue_messages
    from sessions import announcing  # noqa: PLC0415

    return [mock.patch.object(announcing, "queue_messages", queue)]


@saboteur
def no_busy_time() -> list[AbstractContextManager[Any]]:
    """Nobody's time is written down when something is booked."""
    from sessions.services import booking, changing  # noqa: PLC0415

    def nothing(sessions: Any, *, people: Any) -> None:
        """Take no time."""

    return [mock.patch.object(booking, "take_time", nothing), mock.patch.object(changing, "take_time", nothing)]


@saboteur
def no_transaction() -> list[AbstractContextManager[Any]]:
    """A booking writes piece by piece."""
    from contextlib import nullcontext  # noqa: PLC0415
    from types import SimpleNamespace  # noqa: PLC0415

    from sessions.services import booking  # noqa: PLC0415

    return [mock.patch.object(booking, "transaction", SimpleNamespace(atomic=nullcontext))]


@saboteur
def no_one_clock() -> list[AbstractContextManager[Any]]:
    """Each process goes by its own machine's clock, and this machine's is an hour ahead."""
    from dialogue import clock  # noqa: PLC0415

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(hours=1)

    return [mock.patch.object(clock, "now", now)]


NOTICED_BY = {
    "no_claim": "F6",
    "no_lease": "F1",
    "no_at_most_once": "F12",
    "no_fixed_message_id": "F8",
    "no_recheck": "changes",
    "no_on_commit": "F2",
    "no_sequence": "changes",
    "no_dedupe_key": "F5",
    "no_busy_time": "race",
    "no_transaction": "F10",
    "no_one_clock": "F7",
}
"""Which drill has to notice that a guard is missing."""
