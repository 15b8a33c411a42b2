"""Every mail about forming cohorts: a contents page."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage, Participation
from matching.engine.changes import ChangeKind
from matching.explanation_words import asked_starts, hours_of, weekly_times
from matching.models import MatchRun, TimeAsk, Unplaced


def _participation_of(row: OutboundMessage) -> Participation:
    _, pk = row.subject_key.split(":")
    return Participation.objects.select_related("person", "term__programme__organisation").get(pk=pk)


def _still_waits(row: OutboundMessage, now: datetime) -> bool:
    return _participation_of(row).status == Participation.Status.ACCEPTED


def _time_that_would_help(one: Participation) -> str:
    """Return the weekly times that would have placed them in the latest published run, if more of their time would."""
    rows = Unplaced.objects.filter(participation=one, run__status=MatchRun.Status.PUBLISHED).order_by("-run")
    change = rows.values_list("change", flat=True).first() or {}
    if change.get("kind") != ChangeKind.MORE_TIME.value or change.get("start") is None:
        return ""
    return weekly_times(one.term, asked_starts(change), show_zone=True, inside=True)


def _not_placed(row: OutboundMessage, now: datetime) -> Letter:
    one = _participation_of(row)
    return write_letter(
        "matching/email/not_placed",
        {
            "name": one.person.preferred_name,
            "organisation": one.term.programme.organisation.name,
            "programme": one.term.programme.title,
            "reason": one.get_waiting_reason_display(),
            "would_help": _time_that_would_help(one),
            "times_page": urljoin(settings.BASE_URL, reverse("answers_times", args=[one.pk])),
            "home": urljoin(settings.BASE_URL, reverse("home")),
            "contact": one.term.contact,
        },
    )


def _ask_of(row: OutboundMessage) -> TimeAsk:
    rows = TimeAsk.objects.select_related("participation__term__programme__organisation", "facilitation")
    return rows.get(pk=row.context["ask"])


def _still_asked(row: OutboundMessage, now: datetime) -> bool:
    ask = _ask_of(row)
    return ask.answer == "" and ask.participation.status == Participation.Status.ACCEPTED


def _time_asked(row: OutboundMessage, now: datetime) -> Letter:
    ask = _ask_of(row)
    term = ask.participation.term
    return write_letter(
        "matching/email/time_asked",
        {
            "name": row.recipient.preferred_name,
            "organisation": term.programme.organisation.name,
            "programme": term.programme.title,
            "leads": ask.facilitation is not None,
            "when": weekly_times(term, ask.starts, show_zone=True),
            "is_several": len(hours_of(term, ask.starts)) > 1,
            "page": urljoin(settings.BASE_URL, reverse("time_ask", args=[ask.pk])),
            "contact": term.contact,
        },
    )


register(MessageKind("time_asked", repeatable=True, still_wanted=_still_asked, render=_time_asked))
register(MessageKind("not_placed", repeatable=True, still_wanted=_still_waits, render=_not_placed))
