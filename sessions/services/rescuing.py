"""Save a session whose quorum is in danger: somebody decides with one click, or Madoi does where it may."""

import logging
from datetime import datetime

from django.db import transaction

from dialogue.models import Person
from dialogue.services import audit
from sessions.announcing import subject_of
from sessions.announcing_rescues import announce_joint, announce_mini
from sessions.core.quorum import AHEAD, Lead
from sessions.core.rescues import Rescue, RescueKind
from sessions.models import DialogueSession, QuorumDanger, QuorumSetting
from sessions.quorum_reading import rescues_for, verdict_of
from sessions.services.booking import TimeTaken
from sessions.services.changing import EndsLate, TooSoon, move_session
from sessions.services.quorum import locked, review_now
from sessions.services.standing_by import ask_standbys
from sessions.services.standing_in import ask_others

log = logging.getLogger(__name__)

Status = QuorumDanger.Status


class AlreadyDecided(Exception):
    """Somebody was quicker, or the danger has passed. `danger` is the latest one of the session, if there is any."""

    def __init__(self, danger: QuorumDanger | None) -> None:
        super().__init__()
        self.danger = danger


class NoLongerPossible(Exception):
    """The way that was chosen is no longer open: somebody was booked, answered or left meanwhile."""


def decide(
    *, session_id: int, key: str, now: datetime, actor: Person | None = None, danger_id: int | None = None
) -> Rescue:
    """Take one way out of a session's danger, whole or not at all, and tell everyone it changes something for.

    Raises:
        AlreadyDecided: the danger that the reader saw is no longer open.
        NoLongerPossible: this way is not open any more; nothing has changed.
    """
    try:
        with transaction.atomic():
            session = _locked_with_host(session_id, key)
            rows = QuorumDanger.objects.select_for_update(of=("self",)).filter(session=session, status=Status.OPEN)
            danger = rows.first() if danger_id is None else rows.filter(pk=danger_id).first()
            if danger is None or session.status != DialogueSession.Status.CONFIRMED or session.starts_at <= now:
                latest = QuorumDanger.objects.filter(session=session).order_by("-pk").select_related("decided_by")
                raise AlreadyDecided(latest.first())
            ways = rescues_for(session, verdict_of(session), now=now)
            way = next((one for one in ways if one.key == key), None)
            if way is None:
                raise NoLongerPossible
            danger.status, danger.rescue, danger.closed_at = Status.DECIDED, way.kind, now
            danger.decided_by, danger.by_madoi = actor, actor is None
            danger.save(update_fields=["status", "rescue", "closed_at", "decided_by", "by_madoi"])
            audit.record(actor=actor, action=f"rescued_{way.kind}", subject_key=subject_of(session), now=now)
            _carry_out(way, session, actor, now)
            return way
    except (TimeTaken, TooSoon, EndsLate) as error:
        raise NoLongerPossible from error


def _locked_with_host(session_id: int, key: str) -> DialogueSession:
    """Lock the session, and the one that would take its people in, in one order everywhere."""
    _kind, _colon, host = key.partition("joint:")
    wanted = {session_id, int(host)} if host.isdecimal() and len(host) < 12 else {session_id}
    rows = DialogueSession.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    list(rows.values_list("pk", flat=True))
    return locked(session_id)


def _carry_out(way: Rescue, session: DialogueSession, actor: Person | None, now: datetime) -> None:
    match way.kind:
        case RescueKind.WINDOW if way.starts_at is not None:
            move_session(session_id=session.pk, starts_at=way.starts_at, now=now, actor=actor)
        case RescueKind.MINI:
            session.is_mini = True
            session.save(update_fields=["is_mini"])
            announce_mini(session=session, now=now)
        case RescueKind.JOINT if way.host is not None:
            _join(session, way.host, now)
        case RescueKind.FACILITATOR:
            ask_others(session=session, now=now)
        case RescueKind.STANDBY:
            ask_standbys(session=session, now=now)


def _join(session: DialogueSession, host_id: int, now: datetime) -> None:
    host = DialogueSession.objects.select_related("cohort__term__programme", "cohort__facilitation").get(pk=host_id)
    if host.status != DialogueSession.Status.CONFIRMED or host.starts_at != session.starts_at or host.joint_with_id:
        raise NoLongerPossible
    session.joint_with = host
    session.save(update_fields=["joint_with"])
    announce_joint(session=session, host=host, now=now)
    review_now(session_id=host.pk, now=now)


def decide_where_madoi_may(*, now: datetime) -> int:
    """Take the first safe way in terms that leave it to Madoi, and return how many dangers were decided.

    Each danger is tried once: where nothing safe is open it stays for people to decide.
    """
    decided = 0
    for wanted, lead in (
        (QuorumSetting.Decides.AT_A_DAY, Lead.A_DAY),
        (QuorumSetting.Decides.AT_TWO_HOURS, Lead.TWO_HOURS),
    ):
        rows = QuorumDanger.objects.filter(
            status=Status.OPEN,
            tried_at__isnull=True,
            session__cohort__term__quorum_setting__decides=wanted,
            starts_at__gt=now,
            starts_at__lte=now + AHEAD[lead],
        )
        for pk, session_id in rows.order_by("starts_at", "pk").values_list("pk", "session"):
            try:
                decided += _decide_alone(pk, session_id, now)
            except Exception:
                log.exception("danger %s could not be decided", pk)
    return decided


def _decide_alone(danger_id: int, session_id: int, now: datetime) -> bool:
    if not QuorumDanger.objects.filter(pk=danger_id, tried_at__isnull=True).update(tried_at=now):
        return False
    session = DialogueSession.objects.select_related(
        "cohort__term__programme", "cohort__facilitation", "joint_with"
    ).get(pk=session_id)
    for way in rescues_for(session, verdict_of(session), now=now):
        if way.safe:
            try:
                decide(session_id=session_id, key=way.key, now=now, danger_id=danger_id)
            except (NoLongerPossible, AlreadyDecided):
                continue
            return True
    return False
