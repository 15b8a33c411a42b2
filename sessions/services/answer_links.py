"""The links in mails by which somebody answers for one session without signing in.

A link names an attendance, the start that was asked about, and the version of that attendance's links. It is signed,
opens one page about one session for one person, and is worth nothing once the session has moved or is over, the person
has left, or has switched their links off.
"""

from datetime import UTC, datetime

from django.core.signing import BadSignature, Signer
from django.db.models import F

from sessions.models import Attendance, DialogueSession

Status = DialogueSession.Status


class LinkRefused(Exception):
    """A link that was never written, or that somebody switched off."""


class LinkExpired(LinkRefused):
    """A link that was true once. `why` is moved, cancelled or over."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def answer_token(attendance: Attendance) -> str:
    """Return what stands in the link. Reads the session."""
    return _signer().sign(f"{attendance.pk}-{_start(attendance.session.starts_at)}-{attendance.link_version}")


def attendance_behind(*, token: str, now: datetime) -> Attendance:
    """Return what a link is about, with its session, cohort, term, programme and person.

    Raises:
        LinkExpired: the session has moved since, was cancelled or is over.
        LinkRefused: the link was not written here, was switched off, or its person is no longer expected.
    """
    try:
        pk, start, version = _signer().unsign(token).split("-")
    except (BadSignature, ValueError) as error:
        raise LinkRefused from error
    rows = Attendance.objects.select_related(
        "person", "session__facilitator", "session__joint_with", "session__cohort__term__programme__organisation"
    )
    found = rows.filter(pk=pk, link_version=version, person__is_active=True).first()
    if found is None:
        raise LinkRefused
    session = found.session
    if session.status == Status.CANCELLED:
        raise LinkExpired("cancelled")
    if _start(session.starts_at) != start:
        raise LinkExpired("moved")
    if session.ends_at <= now or session.status != Status.CONFIRMED:
        raise LinkExpired("over")
    return found


def revoke_answer_links(*, attendance_id: int) -> None:
    """Switch off every link to this person's answer that a mail has carried so far. Later mails carry new ones."""
    Attendance.objects.filter(pk=attendance_id).update(link_version=F("link_version") + 1)


def _start(starts_at: datetime) -> str:
    return f"{starts_at.astimezone(UTC):%Y%m%d%H%M}"


def _signer() -> Signer:
    return Signer(salt="sessions.answer", sep=".")
