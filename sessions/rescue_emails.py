"""Every mail about a session in danger, its rescue, and another date for it: a contents page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from dialogue.core.wording import format_moment, format_name, format_span
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage, Person
from sessions.models import (
    Attendance,
    DialogueSession,
    LoneAsk,
    QuorumDanger,
    Reschedule,
    RescheduleBallot,
    StandbyAsk,
    StandInAsk,
)
from sessions.quorum_reading import verdict_of
from sessions.rescue_words import what_is_wrong
from sessions.services.link_signing import signed
from sessions.session_letters import session_of, standing, thread_of, words

ALONE, STAND_IN, STANDBY, DATES = "alone", "stand_in", "standby", "dates"
"""The purposes of links in these mails."""


def _stands(row: OutboundMessage, now: datetime) -> bool:
    return standing(row, now) is not None


def _address(route: str, *args: object) -> str:
    return urljoin(settings.BASE_URL, reverse(route, args=args))


def _letter(kind: str, row: OutboundMessage, **more: Any) -> Letter:
    session = session_of(row)
    said = {**words(row), "cohort": session.cohort.number, **more}
    return write_letter(f"sessions/email/{kind}", said, thread=thread_of(session, row.recipient))


# To whom it falls to decide


def _danger_is_open(row: OutboundMessage, now: datetime) -> bool:
    session = session_of(row)
    dangers = QuorumDanger.objects.filter(session=session, starts_at=session.starts_at, status=QuorumDanger.Status.OPEN)
    return session.sequence == row.subject_version and session.starts_at > now and dangers.exists()


def _danger(row: OutboundMessage, now: datetime) -> Letter:
    session = session_of(row)
    verdict = verdict_of(session)
    return _letter(
        "quorum_danger",
        row,
        wrong=what_is_wrong(verdict),
        coming=verdict.coming,
        unanswered=verdict.unanswered,
        rescue_page=_address("session_rescue", session.pk),
    )


# To one person


def _alone_is_asked(row: OutboundMessage, now: datetime) -> bool:
    asks = LoneAsk.objects.filter(pk=row.context["ask"], choice=LoneAsk.Choice.ASKED)
    return _stands(row, now) and asks.exists()


def _alone(row: OutboundMessage, now: datetime) -> Letter:
    return _letter("alone_asked", row, ask_page=_address("alone", signed(ALONE, row.context["ask"])))


def _stand_in_is_asked(row: OutboundMessage, now: datetime) -> bool:
    asks = StandInAsk.objects.filter(pk=row.context["ask"], status=StandInAsk.Status.ASKED)
    subject = DialogueSession.objects.filter(pk=session_of(row).pk, status="confirmed", starts_at__gt=now)
    return asks.exists() and subject.exists()


def _stand_in(row: OutboundMessage, now: datetime) -> Letter:
    ask = StandInAsk.objects.get(pk=row.context["ask"])
    by = format_moment(
        at=ask.answer_by or now, zone=timezone.get_current_timezone(), language=translation.get_language()
    )
    page = _address("stand_in", signed(STAND_IN, ask.pk))
    return _letter("stand_in_asked", row, ask_page=page, answer_by=by)


def _standby_is_asked(row: OutboundMessage, now: datetime) -> bool:
    asks = StandbyAsk.objects.filter(pk=row.context["ask"], status=StandbyAsk.Status.ASKED)
    subject = DialogueSession.objects.filter(pk=session_of(row).pk, status="confirmed", starts_at__gt=now)
    return asks.exists() and subject.exists()


def _standby(row: OutboundMessage, now: datetime) -> Letter:
    ask = StandbyAsk.objects.get(pk=row.context["ask"])
    by = format_moment(
        at=ask.answer_by or now, zone=timezone.get_current_timezone(), language=translation.get_language()
    )
    page = _address("standby_ask", signed(STANDBY, ask.pk))
    return _letter("standby_asked", row, ask_page=page, answer_by=by, choice_page=_address("standby"))


# To the cohort


def _another_leads(row: OutboundMessage, now: datetime) -> Letter:
    former = Person.objects.filter(pk=row.context.get("former"), is_active=True).first()
    name = format_name(name=former.preferred_name, language=translation.get_language()) if former else ""
    return _letter("facilitator_changed", row, former=name)


def _guest_comes(row: OutboundMessage, now: datetime) -> bool:
    guests = Attendance.objects.filter(session=session_of(row), person=row.context["guest"], guest__isnull=False)
    return _stands(row, now) and guests.exists()


def _joint_still(row: OutboundMessage, now: datetime) -> bool:
    together = DialogueSession.objects.filter(joint_with=row.context["host"])
    return _stands(row, now) and together.exists()


def _joint(row: OutboundMessage, now: datetime) -> Letter:
    host = DialogueSession.objects.select_related("facilitator").get(pk=row.context["host"])
    name = format_name(name=host.facilitator.preferred_name, language=translation.get_language())
    return _letter("session_joint", row, host_facilitator=name)


def _mini_still(row: OutboundMessage, now: datetime) -> bool:
    session = standing(row, now)
    return session is not None and session.is_mini


def _plain(kind: str) -> Callable[[OutboundMessage, datetime], Letter]:
    return lambda row, now: _letter(kind, row)


def _ballot_of(row: OutboundMessage) -> RescheduleBallot | None:
    ballots = RescheduleBallot.objects.filter(reschedule=row.context["choice"], person=row.recipient_id)
    return ballots.select_related("reschedule").first()


def _choice_is_open(row: OutboundMessage, now: datetime) -> bool:
    ballot = _ballot_of(row)
    asked = ballot is not None and ballot.reschedule.status == Reschedule.Status.OPEN
    return asked and _stands(row, now) and ballot.answered_at is None


def _dates(kind: str) -> Callable[[OutboundMessage, datetime], Letter]:
    def render(row: OutboundMessage, now: datetime) -> Letter:
        ballot = _ballot_of(row)
        if ballot is None:
            raise LookupError("this person is not asked")
        session = session_of(row)
        here, language = timezone.get_current_timezone(), translation.get_language()
        page = _address("dates_link", signed(DATES, ballot.pk))
        length = session.ends_at - session.starts_at
        options = [
            {
                "when": format_span(
                    starts_at=one.starts_at,
                    ends_at=one.starts_at + length,
                    zone=here,
                    language=language,
                    show_zone=True,
                ),
                "url": f"{page}?date={one.pk}",
            }
            for one in ballot.reschedule.options.order_by("starts_at")
        ]
        closes_at = format_moment(at=ballot.reschedule.closes_at or now, zone=here, language=language)
        return _letter(kind, row, proposals=options, none_url=f"{page}?date=none", closes_at=closes_at)

    return render


register(MessageKind("quorum_danger", repeatable=False, still_wanted=_danger_is_open, render=_danger))
register(MessageKind("alone_asked", repeatable=False, still_wanted=_alone_is_asked, render=_alone))
register(MessageKind("stand_in_asked", repeatable=False, still_wanted=_stand_in_is_asked, render=_stand_in))
register(MessageKind("standby_asked", repeatable=False, still_wanted=_standby_is_asked, render=_standby))
register(MessageKind("guest_joins", repeatable=True, still_wanted=_guest_comes, render=_plain("guest_joins")))
register(MessageKind("facilitator_changed", repeatable=True, still_wanted=_stands, render=_another_leads))
register(MessageKind("session_mini", repeatable=True, still_wanted=_mini_still, render=_plain("session_mini")))
register(MessageKind("session_joint", repeatable=True, still_wanted=_joint_still, render=_joint))
register(MessageKind("dates_asked", repeatable=True, still_wanted=_choice_is_open, render=_dates("dates_asked")))
register(MessageKind("dates_nudged", repeatable=False, still_wanted=_choice_is_open, render=_dates("dates_nudged")))
register(MessageKind("dates_kept", repeatable=True, still_wanted=_stands, render=_plain("dates_kept")))
