"""The mails that a term brings with it: thanks, the middle, the end, the next term, the eve, the week of the office.

None of them says how anybody should live, study or work, and none counts anything about a person.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone, translation

from dialogue.core.wall_clock import zone_named
from dialogue.core.wording import format_date, format_span
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import Cohort, ContactChoice, JoinLink, OutboundMessage, Participation, Programme, StaffRole, Term
from sessions.circle import everyone_of
from sessions.emails import coming
from sessions.guiding import wished_depth
from sessions.models import Attendance, DialogueSession
from sessions.reading import prompts_of
from sessions.session_letters import session_of, thread_of, to_go, words
from sessions.week_ahead import terms_with_a_week, what_waits

WEEK: Final = timedelta(days=7)
NEWS: Final = "news"
"""Goes to whoever wants every reminder, and says where to turn them off."""

Status = DialogueSession.Status


# Around a session


def _briefing(row: OutboundMessage, now: datetime) -> Letter:
    session = session_of(row)
    answers = dict(
        Attendance.objects.filter(session=session).values_list("answer").annotate(Count("pk")).order_by("answer")
    )
    return write_letter(
        "sessions/email/facilitator_briefing",
        {
            **words(row),
            **to_go(session.starts_at, now),
            "yes": answers.get("yes", 0),
            "late": answers.get("late", 0),
            "no": answers.get("no", 0),
            "open": answers.get("none", 0),
            "prompts": [prompt.text for prompt in prompts_of(session)],
            "depth": wished_depth(session),
            "eve_page": urljoin(settings.BASE_URL, reverse("session_eve", args=[session.pk])),
            "guide_page": urljoin(settings.BASE_URL, reverse("session_guide", args=[session.pk])),
        },
        thread=thread_of(session, row.recipient),
    )


def _was_there(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session was held and nobody has said that this person was missing."""
    _noun, pk = row.subject_key.split(":")
    mine = Attendance.objects.filter(session=pk, person=row.recipient_id, session__ends_at__lte=now)
    held = mine.filter(session__status__in=[Status.CONFIRMED, Status.HELD])
    return held.exclude(answer=Attendance.Answer.NO).exclude(came=False).exists()


def _thanks(row: OutboundMessage, now: datetime) -> Letter:
    session = session_of(row)
    rows = DialogueSession.objects.attended_by(row.recipient).filter(cohort__term=session.cohort.term_id)
    following = rows.filter(starts_at__gt=now).with_a_date().order_by("starts_at").first()
    return write_letter(
        "sessions/email/session_thanks",
        {
            **words(row),
            "reflection": urljoin(settings.BASE_URL, reverse("session_reflection", args=[session.pk])),
            "next_when": _span(following) if following else "",
        },
        thread=thread_of(session, row.recipient),
    )


# Around a series


def _cohort_of(row: OutboundMessage) -> Cohort:
    _noun, pk = row.subject_key.split(":")
    return Cohort.objects.select_related("term__programme__organisation", "facilitation").get(pk=pk)


def _in_cohort(row: OutboundMessage, now: datetime) -> bool:
    cohort = _cohort_of(row)
    return cohort.status != Cohort.Status.ENDED and row.recipient_id in everyone_of(cohort)


def _still_half_way(row: OutboundMessage, now: datetime) -> bool:
    cohort = _cohort_of(row)
    return _in_cohort(row, now) and cohort.sessions.to_come(now).exists()


def _still_over(row: OutboundMessage, now: datetime) -> bool:
    cohort = _cohort_of(row)
    return _in_cohort(row, now) and not cohort.sessions.to_come(now).exists()


def _of_a_cohort(template: str, row: OutboundMessage, now: datetime) -> Letter:
    cohort, term = _cohort_of(row), _cohort_of(row).term
    sessions = list(cohort.sessions.with_a_date().order_by("starts_at"))
    waiting = cohort.sessions.filter(status=Status.PROPOSED).count()
    return write_letter(
        template,
        {
            **_of_a_term(term, row),
            "facilitates": cohort.facilitation.person_id == row.recipient_id,
            "held": sum(one.ends_at <= now for one in sessions),
            "count": len(sessions) + waiting,
            "waiting": waiting,
            "coming": [_span(one) for one in sessions if one.ends_at > now],
            "past": [_span(one) for one in sessions if one.ends_at <= now and one.status != Status.MISSED],
        },
    )


def _middle(row: OutboundMessage, now: datetime) -> Letter:
    return _of_a_cohort("sessions/email/mid_term", row, now)


def _goodbye(row: OutboundMessage, now: datetime) -> Letter:
    return _of_a_cohort("sessions/email/goodbye", row, now)


def _open_link(row: OutboundMessage, now: datetime) -> JoinLink | None:
    _noun, pk = row.subject_key.split(":")
    links = JoinLink.objects.open_on(now.date()).filter(term=pk, partner__isnull=True)
    return links.select_related("term__programme__organisation").first()


def _may_join(row: OutboundMessage, now: datetime) -> bool:
    link = _open_link(row, now)
    if link is None or Participation.objects.filter(term=link.term, person=row.recipient_id).exists():
        return False
    return ContactChoice.objects.filter(person=row.recipient_id, next_terms_since__isnull=False).exists()


def _next_term(row: OutboundMessage, now: datetime) -> Letter:
    link = _open_link(row, now)
    if link is None:
        raise JoinLink.DoesNotExist(row.subject_key)
    term, language = link.term, translation.get_language() or "ja"
    until = format_date(day=term.sign_up_until, language=language) if term.sign_up_until else ""
    return write_letter(
        "sessions/email/next_term",
        {
            **_of_a_term(term, row),
            "term": term.name,
            "starts_on": format_date(day=term.starts_on, language=language, year=True),
            "count": term.session_count,
            "minutes": term.session_minutes,
            "until": until,
            "join": urljoin(settings.BASE_URL, reverse("join", args=[link.code])),
        },
    )


def _of_a_term(term: Term, row: OutboundMessage) -> dict[str, Any]:
    here = timezone.get_current_timezone()
    return {
        "name": row.recipient.preferred_name,
        "organisation": term.programme.organisation.name,
        "programme": term.programme.title,
        "home": urljoin(settings.BASE_URL, reverse("home")),
        "contact_page": urljoin(settings.BASE_URL, reverse("contact_choices")),
        "contact": term.contact,
        "zone_note": str(here) != term.zone,
        "zone": str(here),
    }


# The week of the office


def _coordinates(row: OutboundMessage, now: datetime) -> bool:
    _noun, pk = row.subject_key.split(":")
    return StaffRole.objects.filter(programme=pk, person=row.recipient_id, role="coordinator").exists()


def _digest(row: OutboundMessage, now: datetime) -> Letter:
    _noun, pk = row.subject_key.split(":")
    programme = Programme.objects.select_related("organisation").get(pk=pk)
    terms = terms_with_a_week(now=now, known_by=now, since=now - WEEK).filter(programme=programme)
    return write_letter(
        "sessions/email/staff_digest",
        {
            "name": row.recipient.preferred_name,
            "organisation": programme.organisation.name,
            "programme": programme.title,
            "terms": [_week_of(term, now) for term in terms.order_by("starts_on", "pk")],
        },
    )


def _week_of(term: Term, now: datetime) -> dict[str, Any]:
    sessions = DialogueSession.objects.filter(cohort__term=term)
    week = sessions.with_a_date().starting_between(now, now + WEEK).order_by("starts_at")
    zone, language = zone_named(term.zone), translation.get_language() or "ja"
    return {
        "name": term.name,
        "sessions": [
            {
                "cohort": one.cohort.number,
                "when": format_span(
                    starts_at=one.starts_at, ends_at=one.ends_at, zone=zone, language=language, show_zone=True
                ),
            }
            for one in week.select_related("cohort")[:30]
        ],
        "more": max(0, week.count() - 30),
        **what_waits(term, now=now),
        "page": urljoin(settings.BASE_URL, reverse("term", args=[term.pk])),
    }


def _span(session: DialogueSession) -> str:
    return format_span(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=timezone.get_current_timezone(),
        language=translation.get_language() or "ja",
        show_zone=False,
    )


register(MessageKind("facilitator_briefing", repeatable=False, still_wanted=coming, render=_briefing, reminder="24h"))
register(MessageKind("session_thanks", repeatable=False, still_wanted=_was_there, render=_thanks, reminder=NEWS))
register(MessageKind("mid_term", repeatable=False, still_wanted=_still_half_way, render=_middle, reminder=NEWS))
register(MessageKind("goodbye", repeatable=False, still_wanted=_still_over, render=_goodbye, reminder=NEWS))
register(MessageKind("next_term", repeatable=False, still_wanted=_may_join, render=_next_term, reminder=NEWS))
register(MessageKind("staff_digest", repeatable=False, still_wanted=_coordinates, render=_digest, reminder=NEWS))
