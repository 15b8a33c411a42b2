"""The links in mails by which somebody answers for one session or gathering without signing in.

A link names an attendance, the start that was asked about, and the version of that attendance's links. It is signed,
opens one page about one session for one person and, while its door is open, its room; it is worth nothing once the
session has moved or is over, the person has left, or has switched their links off.

Of a gathering it names the invitation and the start. It ends as the others do, but has no version to switch off: it
gives one answer, enters nothing, and shows what the mail has said.

While a gathering looks for its date there is no start to name: that link names the invitation alone. It chooses among
the dates, and once one of them stands it leads to the answer for that date.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer
from django.db.models import F, QuerySet

from dialogue.models import Person
from sessions.models import Attendance, DialogueSession, Gathering, GatheringAnswer

_TO_SESSIONS: Final = "sessions.answer"
_TO_GATHERINGS: Final = "sessions.gathering_answer"
_TO_CHOICES: Final = "sessions.gathering_choice"

ROOM_RUNS_OVER: Final = timedelta(hours=1)
"""How long after the end somebody stays in the room whom a link has let in. The room itself closes earlier."""


class LinkRefused(Exception):
    """A link that was never written, or that somebody switched off."""


class LinkExpired(LinkRefused):
    """A link that was true once. `why` is moved, put_off, cancelled or over."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def answer_token(attendance: Attendance) -> str:
    """Return what stands in the link. Reads the session."""
    said = f"{attendance.pk}-{_start(attendance.session.starts_at)}-{attendance.link_version}"
    return _signer(_TO_SESSIONS).sign(said)


def gathering_token(invited: GatheringAnswer) -> str:
    """Return what stands in the link to an invitation. Reads the gathering, which has a time."""
    return _signer(_TO_GATHERINGS).sign(f"{invited.pk}-{_start(invited.gathering.starts_at)}")


def choosing_token(invited: GatheringAnswer) -> str:
    """Return what stands in the link to the dates of a gathering that looks for one."""
    return _signer(_TO_CHOICES).sign(str(invited.pk))


def attendance_behind(*, token: str, now: datetime) -> Attendance:
    """Return what a link is about, with its session, cohort, term, programme and person.

    Raises:
        LinkExpired: the session has moved since, was put off or cancelled, or is over.
        LinkRefused: the link was not written here, was switched off, or its person is no longer expected.
    """
    rows = Attendance.objects.select_related(
        "person", "session__facilitator", "session__joint_with", "session__cohort__term__programme__organisation"
    )
    found, start = _attendance(token, rows)
    _check(found.session, start, now)
    return found


def admitted_by(*, token: str, session_id: int, now: datetime) -> Person | None:
    """Return who may be in the room of this one session by a link; nobody by a link to another, or once it has ended.

    A dialogue that runs over its end puts nobody out. One query.
    """
    try:
        found, start = _attendance(token, Attendance.objects.select_related("person", "session"))
    except LinkRefused:
        return None
    session = found.session
    as_written = session.pk == session_id and _start(session.starts_at) == start
    stands = session.status in (session.Status.CONFIRMED, session.Status.HELD)
    return found.person if as_written and stands and now < session.ends_at + ROOM_RUNS_OVER else None


def invitation_behind(*, token: str, now: datetime) -> GatheringAnswer:
    """Return what a link to a gathering is about, with the gathering, term, programme and person.

    Raises:
        LinkExpired: the gathering has moved since, was called off or is over.
        LinkRefused: the link was not written here, or its person is no longer invited.
    """
    try:
        pk, start = _signer(_TO_GATHERINGS).unsign(token).split("-")
    except (BadSignature, ValueError) as error:
        raise LinkRefused from error
    found = _invited(pk)
    _check(found.gathering, start, now)
    return found


def choosing_behind(*, token: str, now: datetime) -> GatheringAnswer:
    """Return who may choose by a link, with the gathering, term, programme and person. Choosing may have closed.

    Raises:
        LinkExpired: the gathering was called off or is over.
        LinkRefused: the link was not written here, or its person is no longer invited.
    """
    try:
        found = _invited(_signer(_TO_CHOICES).unsign(token))
    except BadSignature as error:
        raise LinkRefused from error
    gathering = found.gathering
    if gathering.status == Gathering.Status.CANCELLED:
        raise LinkExpired("cancelled")
    if gathering.ends_at is not None and gathering.ends_at <= now:
        raise LinkExpired("over")
    return found


def revoke_answer_links(*, attendance_id: int) -> None:
    """Switch off every link to this person's answer that a mail has carried so far. Later mails carry new ones."""
    Attendance.objects.filter(pk=attendance_id).update(link_version=F("link_version") + 1)


def _attendance(token: str, rows: QuerySet[Attendance]) -> tuple[Attendance, str]:
    """Return what a link is about, and the start that was asked about, be that so still or not."""
    try:
        pk, start, version = _signer(_TO_SESSIONS).unsign(token).split("-")
    except (BadSignature, ValueError) as error:
        raise LinkRefused from error
    found = rows.filter(pk=pk, link_version=version, person__is_active=True).first()
    if found is None:
        raise LinkRefused
    return found, start


def _invited(pk: str) -> GatheringAnswer:
    rows = GatheringAnswer.objects.select_related("person", "gathering__term__programme")
    found = rows.filter(pk=pk, person__is_active=True).first()
    if found is None:
        raise LinkRefused
    return found


def _check(held: DialogueSession | Gathering, start: str, now: datetime) -> None:
    """Refuse a link to what is not held any more as it was when the link was written."""
    if held.status == held.Status.CANCELLED:
        raise LinkExpired("cancelled")
    if held.status == DialogueSession.Status.PROPOSED:
        raise LinkExpired("put_off")
    if _start(held.starts_at) != start:
        raise LinkExpired("moved")
    if held.ends_at <= now or held.status != held.Status.CONFIRMED:
        raise LinkExpired("over")


def _start(starts_at: datetime) -> str:
    return f"{starts_at.astimezone(UTC):%Y%m%d%H%M}"


def _signer(purpose: str) -> Signer:
    return Signer(salt=purpose, sep=".")
