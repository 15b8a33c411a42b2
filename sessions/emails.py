"""Every mail about cohorts and sessions: a contents page."""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from dialogue.core.recurrence import Cadence
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import format_name, format_span, format_weekly
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import Cohort, Facilitation, OutboundMessage, Participation
from sessions.announcing import REMINDERS
from sessions.calendar_entries import calendar_page, page_of
from sessions.copies import ahead, cancel_for, request_for
from sessions.models import Attendance, DialogueSession, StandbyAsk
from sessions.services.feeds import feed_of, token_of
from sessions.session_letters import (
    answer_page,
    entry,
    expecting,
    plain,
    reminding,
    session_of,
    standing,
    thread_of,
    words,
)
from sessions.sights import look, sight_of

Status = DialogueSession.Status


def _cohort_of(row: OutboundMessage) -> Cohort:
    _noun, pk = row.subject_key.split(":")
    return Cohort.objects.select_related("term__programme__organisation", "facilitation__person").get(pk=pk)


def _stands(row: OutboundMessage, now: datetime) -> bool:
    return standing(row, now) is not None


def _moved_so(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session is where the move put it, be it over by now: calendars may still show the old time."""
    session = expecting(row)
    return session is not None and session.status == Status.CONFIRMED and session.sequence == row.subject_version


def coming(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session still stands and the person has not said that they cannot come."""
    session, mine = standing(row, now), sight_of(row).mine
    if session is None or (mine is not None and mine.answer == Attendance.Answer.NO):
        return False
    return session.facilitator_id != row.recipient_id or session.facilitator_away_at is None


def _unanswered(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session stands and this person has not answered; the facilitator, who need not, is told too."""
    mine = sight_of(row).mine
    return _stands(row, now) and (mine is None or mine.answered_at is None)


def _cancelled_for(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session is out of this person's calendar: cancelled for all, or left by them."""
    session = expecting(row)
    return session is None or session.status == Status.CANCELLED


def _record_missing(row: OutboundMessage, now: datetime) -> bool:
    session = expecting(row)
    if session is None or session.status != Status.CONFIRMED:
        return False
    return session.sequence == row.subject_version and session.ends_at <= now


def _cohort_runs(row: OutboundMessage, now: datetime) -> bool:
    cohort = _cohort_of(row)
    mine = cohort.memberships.filter(participation__person=row.recipient, left_at__isnull=True)
    return cohort.status != Cohort.Status.ENDED and (cohort.facilitation.person_id == row.recipient_id or mine.exists())


def _short_reminder(row: OutboundMessage, now: datetime) -> str:
    """What goes to LINE, where others may look over a shoulder: when and where, no names and no stories."""
    session = session_of(row)
    when = format_span(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=True,
    )
    where = answer_page(sight_of(row)) or page_of(session)
    return "\n".join([_("Your dialogue: %(when)s") % {"when": when}, _("Answer and enter here:"), where])


def _request(row: OutboundMessage) -> dict[str, Any]:
    sight = sight_of(row)
    return request_for(row.recipient, sight.session, ahead(entry(row), sight.copy), in_feed=sight.in_feed)


def _cancel(row: OutboundMessage) -> dict[str, Any]:
    sight = sight_of(row)
    return cancel_for(row.recipient, sight.session, ahead(entry(row), sight.copy), in_feed=sight.in_feed)


def _invitation(row: OutboundMessage, now: datetime) -> Letter:
    return write_letter(
        "sessions/email/invitation",
        {**words(row), "in_feed": sight_of(row).in_feed, "replies_read": bool(settings.REPLIES_FROM)},
        **_request(row),
    )


def _moved(row: OutboundMessage, now: datetime) -> Letter:
    session = session_of(row)
    before = datetime.fromisoformat(row.context["previous_start"])
    previous = format_span(
        starts_at=before,
        ends_at=before + (session.ends_at - session.starts_at),
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=True,
    )
    return write_letter(
        "sessions/email/moved",
        {**words(row), "previous_when": previous, "in_feed": sight_of(row).in_feed},
        **_request(row),
        thread=thread_of(session, row.recipient),
    )


def _returned(row: OutboundMessage, now: datetime) -> Letter:
    return write_letter(
        "sessions/email/session_returned",
        {**words(row), "in_feed": sight_of(row).in_feed},
        **_request(row),
        thread=thread_of(session_of(row), row.recipient),
    )


def _by_feed(row: OutboundMessage, now: datetime) -> Letter:
    session = session_of(row)
    return write_letter(
        "sessions/email/by_feed",
        {**words(row), "calendar_page": calendar_page()},
        **_cancel(row),
        thread=thread_of(session, row.recipient),
    )


def _by_mail(row: OutboundMessage, now: datetime) -> Letter:
    session = session_of(row)
    return write_letter(
        "sessions/email/by_mail",
        {**words(row), "calendar_page": calendar_page()},
        **_request(row),
        thread=thread_of(session, row.recipient),
    )


def _feed_took_over(row: OutboundMessage, now: datetime) -> bool:
    """Whether the person still goes by the feed and still attends: a cancel takes out everything by itself."""
    session = expecting(row)
    return session is not None and session.status == Status.CONFIRMED and sight_of(row).in_feed


def _mail_took_over(row: OutboundMessage, now: datetime) -> bool:
    return _stands(row, now) and not sight_of(row).in_feed


def _cancelled(row: OutboundMessage, now: datetime) -> Letter:
    session = session_of(row)
    for_all = session.status == Status.CANCELLED
    relieved = Facilitation.objects.filter(term=session.cohort.term_id, person=row.recipient).exists()
    moved_on = Participation.objects.filter(term=session.cohort.term_id, person=row.recipient, status="placed").exists()
    stepped_in = StandbyAsk.objects.filter(
        session=session, participation__person=row.recipient, participation__status="placed", status="yes"
    )
    carried = _cancel(row)
    return write_letter(
        "sessions/email/cancelled",
        {
            **words(row),
            "for_all": for_all,
            "relieved": relieved,
            "moved_on": moved_on,
            "stepped_in": stepped_in.exists(),
            "by_mail": bool(carried),
        },
        **carried,
        thread=thread_of(session, row.recipient),
    )


def _welcome(row: OutboundMessage, now: datetime) -> Letter:
    cohort, person = _cohort_of(row), row.recipient
    here, language = timezone.get_current_timezone(), translation.get_language()
    term = cohort.term
    sessions = DialogueSession.objects.filter(cohort=cohort).to_come(now).order_by("starts_at")
    feed = urljoin(settings.BASE_URL, reverse("calendar_feed", args=[token_of(feed_of(person=person, now=now))]))
    window = WeeklyWindow(cohort.weekday, cohort.starts, cohort.starts + term.session_minutes)
    return write_letter(
        "sessions/email/welcome",
        {
            "name": person.preferred_name,
            "organisation": term.programme.organisation.name,
            "programme": term.programme.title,
            "facilitates": cohort.facilitation.person_id == person.pk,
            "facilitator": format_name(name=cohort.facilitation.person.preferred_name, language=language),
            "members": cohort.memberships.filter(left_at__isnull=True).count(),
            "window": format_weekly(
                window=window,
                language=language,
                zone=zone_named(term.zone),
                show_zone=True,
                every=Cadence(term.cadence),
            ),
            "interests": [name_of(key, language or "ja") for key in cohort.shared_interests[:3]],
            "dates": [
                (
                    one.number,
                    ""
                    if one.status == Status.PROPOSED
                    else format_span(
                        starts_at=one.starts_at, ends_at=one.ends_at, zone=here, language=language, show_zone=False
                    ),
                )
                for one in sessions
            ],
            "zone_note": str(here) != term.zone,
            "zone": str(here),
            "home": urljoin(settings.BASE_URL, reverse("home")),
            "card": urljoin(settings.BASE_URL, reverse("greeting_card", args=[cohort.pk])),
            "feed": feed,
            "contact": term.contact,
        },
    )


register(MessageKind("cohort_formed", repeatable=True, still_wanted=_cohort_runs, render=_welcome))
register(MessageKind("invitation", repeatable=True, still_wanted=_stands, render=_invitation, gather=look))
register(MessageKind("session_moved", repeatable=True, still_wanted=_moved_so, render=_moved, gather=look))
register(MessageKind("session_returned", repeatable=True, still_wanted=_moved_so, render=_returned, gather=look))
register(MessageKind("calendar_by_feed", repeatable=True, still_wanted=_feed_took_over, render=_by_feed, gather=look))
register(MessageKind("calendar_by_mail", repeatable=True, still_wanted=_mail_took_over, render=_by_mail, gather=look))
register(MessageKind("session_cancelled", repeatable=True, still_wanted=_cancelled_for, render=_cancelled, gather=look))
for _name in REMINDERS:
    register(
        MessageKind(
            _name,
            repeatable=False,
            still_wanted=_unanswered if _name == "reminder_72h" else coming,
            render=reminding(f"sessions/email/{_name}"),
            reminder=_name.removeprefix("reminder_"),
            short=_short_reminder,
            gather=look,
        )
    )
register(
    MessageKind(
        "record_due",
        repeatable=False,
        still_wanted=_record_missing,
        render=plain("sessions/email/record_due"),
        gather=look,
    )
)
