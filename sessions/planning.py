"""The main job on a file: a roster in, cohorts and dates out, by the same services as the site."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dialogue.core.closed_days import ClosedSet
from dialogue.core.roster import FacilitatorRow, ParticipantRow
from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import Cohort, OutboundMessage, Person, Term
from dialogue.services.roster import import_facilitators, import_participants
from dialogue.services.terms import create_programme, create_term
from matching.models import MatchRun
from matching.services.publish import publish_run
from matching.services.runs import NobodyToMatch, run_queued, start_run
from sessions.models import SessionSeries
from sessions.services.booking import book_queued_series

HOME_ZONE = "Asia/Tokyo"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder:
    """What `plan` is asked for. `minutes` is a session's length; `zone` an IANA name."""

    starts_on: date
    sessions: int
    cadence: str
    minutes: int
    zone: str
    seed: int


class PlanFailed(Exception):
    """The run or a booking stopped by a fault; the message is its code."""


def make_plan(
    *,
    order: PlanOrder,
    participants: Sequence[ParticipantRow],
    facilitators: Sequence[FacilitatorRow],
    now: datetime,
    say: Callable[[str], None],
) -> Term:
    """Carry a roster through the whole product in an empty database and return the term that holds the result.

    `say` hears each stage by its code. Nothing is sent.

    Raises:
        ValidationError: the order is refused by the term's own rules.
        PlanFailed: the run or a booking stopped by a fault.
    """
    office = Person.objects.create_user(email="office@plan.invalid", preferred_name="Madoi", created_at=now)
    programme = create_programme(organisation="Madoi", name="対話プログラム", coordinator=office, now=now)
    term = create_term(programme=programme, values=_term_values(order), now=now, actor=office)
    say("import")
    import_participants(term=term, rows=participants, consent=None, now=now, actor=office)
    import_facilitators(term=term, rows=facilitators, now=now, actor=office)
    say("match")
    try:
        run = start_run(term=term, seed=order.seed, now=now, actor=office)
    except NobodyToMatch:
        return term
    run_queued(now=now)
    run = MatchRun.objects.get(pk=run.pk)
    if run.status != MatchRun.Status.READY:
        raise PlanFailed(run.trouble)
    say("book")
    publish_run(run_id=run.pk, now=now, actor=office)
    book_queued_series(now=now)
    refused = SessionSeries.objects.exclude(status=SessionSeries.Status.BOOKED).first()
    if refused is not None:
        raise PlanFailed(refused.trouble or refused.status)
    return term


def _term_values(order: PlanOrder) -> dict[str, object]:
    closed = [ClosedSet.PUBLIC_HOLIDAYS.value, ClosedSet.YEAR_END.value] if order.zone == HOME_ZONE else []
    return {
        "name": f"{order.starts_on:%Y-%m-%d}",
        "zone": order.zone,
        "starts_on": order.starts_on,
        "cadence": order.cadence,
        "session_count": order.sessions,
        "session_minutes": order.minutes,
        "closed_sets": closed,
    }


def invitations(now: datetime) -> Iterator[tuple[OutboundMessage, bytes]]:
    """Yield each queued invitation with the mail it makes, as bytes."""
    rows = OutboundMessage.objects.filter(kind="invitation").select_related("recipient").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield row, composed(row, kinds()[row.kind], now).message().as_bytes()


def plan_seed(*, seed: int, contents: Sequence[bytes]) -> str:
    """Return what the calendar UIDs of a plan grow from: the files and the seed, so that a repeat repeats them."""
    digest = hashlib.sha256(str(seed).encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def cohorts_of(term: Term) -> list[Cohort]:
    """Return the term's cohorts in order, with what the files need of them."""
    return list(
        term.cohorts.select_related("facilitation__person")
        .prefetch_related("memberships__participation__person", "sessions__facilitator")
        .order_by("number")
    )
