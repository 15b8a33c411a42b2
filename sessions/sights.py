"""What is seen of a message's session when the message is about to leave: for a whole batch in five statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogue.models import OutboundMessage, Term
from sessions.models import Attendance, CalendarCopy, CalendarFeed, DialogueSession


@dataclass(frozen=True, slots=True)
class Sight:
    """A row's session with all that its words read, and what belongs to the row's recipient alone."""

    session: DialogueSession
    mine: Attendance | None
    copy: CalendarCopy | None
    in_feed: bool
    """Whether this person's dates come by the feed alone."""


def look(rows: Sequence[OutboundMessage], now: datetime) -> None:
    """Keep with these rows what their letters read of their sessions. A session that is gone is passed over."""
    for row, sight in _seen(rows):
        if row.kept is not None:
            row.kept["sight", row.pk] = sight


def sight_of(row: OutboundMessage) -> Sight:
    """Return what was seen of the row's session, or look now when nobody has.

    Raises:
        DialogueSession.DoesNotExist: the session is gone.
    """
    kept = row.kept if row.kept is not None else {}
    if ("sight", row.pk) not in kept:
        kept |= {("sight", one.pk): sight for one, sight in _seen([row])}
    if ("sight", row.pk) not in kept:
        raise DialogueSession.DoesNotExist(row.subject_key)
    return kept["sight", row.pk]  # type: ignore[no-any-return]


def _seen(rows: Sequence[OutboundMessage]) -> Iterable[tuple[OutboundMessage, Sight]]:
    subjects = {row.pk: _session_id(row) for row in rows}
    people = {row.recipient_id for row in rows}
    sessions = DialogueSession.objects.select_related("cohort", "facilitator").in_bulk(set(subjects.values()))
    terms = Term.objects.select_related("programme__organisation").in_bulk(
        {one.cohort.term_id for one in sessions.values()}
    )
    for session in sessions.values():
        session.cohort.term = terms[session.cohort.term_id]
    about = {"session__in": sessions, "person__in": people}
    attendances = Attendance.objects.filter(**about).only(
        "session", "person", "answer", "answered_at", "link_version", "guest"
    )
    mine = {(one.session_id, one.person_id): one for one in attendances}
    copies = {(one.session_id, one.person_id): one for one in CalendarCopy.objects.filter(**about)}
    feeds = CalendarFeed.objects.filter(person__in=people, instead_of_mail=True)
    in_feed = set(feeds.values_list("person", flat=True))
    for row in rows:
        session = sessions.get(subjects[row.pk])
        if session is None:
            continue
        theirs = (session.pk, row.recipient_id)
        if theirs in mine:
            mine[theirs].session = session
        yield row, Sight(session, mine.get(theirs), copies.get(theirs), row.recipient_id in in_feed)


def _session_id(row: OutboundMessage) -> int:
    _noun, pk = row.subject_key.split(":")
    return int(pk)
