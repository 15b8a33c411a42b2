"""Look whether enough people come, ask who would be alone, and note a danger while there is one."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from sessions.announcing_rescues import announce_alone, announce_danger
from sessions.core.quorum import AHEAD, Lead, State, Trouble, Verdict, lead_at, stretch_of
from sessions.models import DialogueSession, LoneAsk, QuorumCheck, QuorumDanger
from sessions.quorum_reading import verdict_of
from sessions.rescuers import standbys_in_line
from sessions.services.letting_go import let_guests_go

log = logging.getLogger(__name__)

Status = QuorumDanger.Status
Confirmed = DialogueSession.Status.CONFIRMED


def check_quorum(*, now: datetime) -> int:
    """Look at every session whose look is due, 72, 24 and 2 hours ahead, and return how many were looked at.

    Safe to run late, twice or in parallel: the row of a look is its claim, one for each session, start and lead.
    """
    looked = 0
    for lead in AHEAD:
        nearer, farther = stretch_of(lead)
        seen = QuorumCheck.objects.filter(session=OuterRef("pk"), starts_at=OuterRef("starts_at"), lead=lead)
        rows = DialogueSession.objects.filter(
            ~Exists(seen), status=Confirmed, starts_at__gt=now + nearer, starts_at__lte=now + farther
        ).exclude(cohort__held_until__gt=now)
        for pk in rows.order_by("starts_at", "pk").values_list("pk", flat=True):
            try:
                looked += _look(pk, lead, now)
            except Exception:
                log.exception("the quorum of session %s could not be looked at", pk)
    return looked


@transaction.atomic
def _look(session_id: int, lead: Lead, now: datetime) -> bool:
    session = locked(session_id)
    if session.status != Confirmed or lead_at(starts_at=session.starts_at, now=now) is not lead:
        return False
    _row, first = QuorumCheck.objects.get_or_create(
        session=session,
        starts_at=session.starts_at,
        lead=lead,
        defaults={"checked_at": now, "found": verdict_of(session).state},
    )
    if first:
        review(session=session, now=now)
    return first


def locked(session_id: int) -> DialogueSession:
    """Return a session with its row locked, and what judging it reads. Whatever changes a session locks it first."""
    return (
        DialogueSession.objects.select_for_update(of=("self",))
        .select_related("cohort__term__programme", "cohort__facilitation", "joint_with")
        .get(pk=session_id)
    )


def review(*, session: DialogueSession, now: datetime) -> Verdict:
    """Note a danger, or that one has passed, in the transaction of the caller, who holds the session's row.

    A danger is noted from 72 hours ahead, or as soon as the facilitator cannot come. Facilitator and coordinators are
    written to when the session is lost as it stands; while it hangs on those who have not answered, from a day ahead.
    """
    verdict = verdict_of(session)
    lead = lead_at(starts_at=session.starts_at, now=now)
    if session.status != Confirmed or session.starts_at <= now:
        return verdict
    if lead is None and session.facilitator_away_at is None:
        return verdict
    if verdict.to_ask is not None and lead is not None:
        _ask_alone(session, verdict.to_ask, now)
    if verdict.state is State.SAFE:
        QuorumDanger.objects.filter(session=session, status=Status.OPEN).update(status=Status.EASED, closed_at=now)
        session.standby_asks.filter(status__in=["waiting", "asked"]).update(status="closed")
        return verdict
    if Trouble.FACILITATOR not in verdict.troubles and verdict.needed <= standbys_in_line(session):
        return verdict  # people of other cohorts are being asked: when the last of them cannot, it is looked at again
    QuorumDanger.objects.get_or_create(
        session=session, status=Status.OPEN, defaults={"starts_at": session.starts_at, "found_at": now}
    )
    if verdict.state is State.LOST or lead in (Lead.A_DAY, Lead.TWO_HOURS):
        announce_danger(session=session, look=lead or "", now=now)
    return verdict


def review_now(*, session_id: int, now: datetime) -> None:
    """Judge a session once more, in a transaction of its own or of the caller."""
    with transaction.atomic():
        review(session=locked(session_id), now=now)


def _ask_alone(session: DialogueSession, person: int, now: datetime) -> None:
    ask, new = LoneAsk.objects.get_or_create(
        session=session, starts_at=session.starts_at, person_id=person, defaults={"asked_at": now}
    )
    if new:
        announce_alone(ask=ask, session=session, now=now)


def settle_former_time(*, session: DialogueSession, now: datetime) -> None:
    """Close what was asked about the time at which a session is no longer held.

    Cohorts that were with it stand on their own again, and whoever had stepped in is let go: call it before the hours
    of everyone in the session are taken anew, and before they are written to.
    """
    QuorumDanger.objects.filter(session=session, status=Status.OPEN).update(status=Status.PASSED, closed_at=now)
    session.stand_in_asks.filter(status__in=["waiting", "asked"]).update(status="closed")
    session.standby_asks.filter(status__in=["waiting", "asked"]).update(status="closed")
    session.reschedules.filter(status__in=["wished", "open"]).update(status="kept", closed_at=now)
    let_guests_go(session=session, now=now)
    with_it = list(session.guests.values_list("pk", flat=True))
    DialogueSession.objects.filter(pk__in=with_it).update(joint_with=None)
    for one in with_it:
        review_now(session_id=one, now=now)
