"""Every mail about a gathering: a contents page."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dialogue.core.wall_clock import zone_named
from dialogue.core.wording import format_moment, format_span
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage
from dialogue.outbox import message_id_for
from sessions import calendar
from sessions.calendar_entries import calendar_page, mailbox_of, organiser
from sessions.copies import follows_feed, told_by_mail
from sessions.gathering_announcing import PUT_IT_IN
from sessions.gathering_choice import options_left, takes_choices
from sessions.gathering_entries import gathering_entry_for, gathering_url
from sessions.last_heard import Place, gathering_place
from sessions.models import Gathering, GatheringAnswer
from sessions.place_words import from_where_to_where
from sessions.services.answer_links import choosing_token, gathering_token
from sessions.session_letters import to_go

Status, Answer = Gathering.Status, GatheringAnswer.Answer


def _gathering_of(row: OutboundMessage) -> Gathering:
    pk = row.subject_key.split(":")[1]
    return Gathering.objects.select_related("term__programme__organisation").get(pk=pk)


def _mine(row: OutboundMessage) -> GatheringAnswer | None:
    pk = row.subject_key.split(":")[1]
    return GatheringAnswer.objects.filter(gathering=pk, person=row.recipient_id).first()


def _words(row: OutboundMessage, gathering: Gathering) -> dict[str, Any]:
    """What every mail about a gathering says, in the reader's language and zone."""
    here, language = timezone.get_current_timezone(), translation.get_language()
    term = gathering.term
    mine = _mine(row)
    by_link, page = _answer_page(mine, gathering), gathering_url(gathering)
    words = {
        "answer_page": by_link,
        "add_from": by_link or page,
        "name": row.recipient.preferred_name,
        "organisation": term.programme.organisation.name,
        "programme": term.programme.title,
        "kind": gathering.get_kind_display(),
        "note": gathering.note,
        "place": gathering.place,
        "has_link": bool(gathering.room_url),
        "together": gathering.together_minutes,
        "page": page,
        "contact": term.contact,
        "cannot": mine is not None and mine.answer == Answer.NO,
        "comes": mine is not None and mine.answer == Answer.YES,
        "when": "",
        "home_when": "",
        "day_and_time": "",
    }
    if gathering.starts_at is not None:
        span = {"starts_at": gathering.starts_at, "ends_at": gathering.ends_at, "language": language}
        words["when"] = format_span(zone=here, show_zone=True, **span)
        at_home = format_span(zone=zone_named(term.zone), show_zone=True, **span)
        words["home_when"] = at_home if at_home != words["when"] else ""
        words["day_and_time"] = format_moment(at=gathering.starts_at, zone=here, language=language)
    return words


def _answer_page(mine: GatheringAnswer | None, gathering: Gathering) -> str:
    """Return where this person answers without signing in; nothing for who is not invited, or before it has a time."""
    if mine is None or gathering.starts_at is None:
        return ""
    mine.gathering = gathering
    return urljoin(settings.BASE_URL, reverse("gathering_link", args=[gathering_token(mine)]))


def _thread(row: OutboundMessage, gathering: Gathering) -> str:
    return message_id_for(f"gathering-invited:{gathering.pk}:{row.recipient_id}:0")


def _standing(row: OutboundMessage, now: datetime) -> Gathering | None:
    """Return the gathering, if it is still to come as it was when the row was written and the person is invited."""
    gathering = _gathering_of(row)
    stands = gathering.status == Status.CONFIRMED and gathering.sequence == row.subject_version
    return gathering if stands and gathering.ends_at > now and _mine(row) is not None else None


def _stands(row: OutboundMessage, now: datetime) -> bool:
    return _standing(row, now) is not None


def _changed_so(row: OutboundMessage, now: datetime) -> bool:
    """Whether it is as the change left it, be it over by now: calendars may still show the old time."""
    gathering = _gathering_of(row)
    stands = gathering.status == Status.CONFIRMED and gathering.sequence == row.subject_version
    return stands and _mine(row) is not None


def _feed_took_over(row: OutboundMessage, now: datetime) -> bool:
    """Whether the person goes by the feed and is invited still: a cancel takes out everything by itself."""
    is_on = _gathering_of(row).status == Status.CONFIRMED and _mine(row) is not None
    return is_on and follows_feed(row.recipient)


def _mail_took_over(row: OutboundMessage, now: datetime) -> bool:
    return _stands(row, now) and not follows_feed(row.recipient)


def _comes(row: OutboundMessage, now: datetime) -> bool:
    mine = _mine(row)
    return _stands(row, now) and mine is not None and mine.answer != Answer.NO


def _said_yes(row: OutboundMessage, now: datetime) -> bool:
    mine = _mine(row)
    return _stands(row, now) and mine is not None and mine.answer == Answer.YES


def _may_choose(row: OutboundMessage, now: datetime) -> bool:
    mine, gathering = _mine(row), _gathering_of(row)
    may = mine is not None and mine.chose_at is None and takes_choices(gathering, now)
    return may and bool(options_left(gathering, now))


def _is_off(row: OutboundMessage, now: datetime) -> bool:
    """Whether it is out of this person's calendar: called off for all, or left by them."""
    return _gathering_of(row).status == Status.CANCELLED or _mine(row) is None


def _has_page(row: OutboundMessage, now: datetime) -> bool:
    return bool(_gathering_of(row).page_version) and _mine(row) is not None


def _asked(row: OutboundMessage, now: datetime) -> Letter:
    gathering, mine = _gathering_of(row), _mine(row)
    if mine is None or gathering.closes_at is None:
        raise LookupError("this person is not asked")
    here, language = timezone.get_current_timezone(), translation.get_language()
    page = urljoin(settings.BASE_URL, reverse("gathering_choose_link", args=[choosing_token(mine)]))
    length = timedelta(minutes=gathering.minutes)
    options = [
        {
            "when": format_span(
                starts_at=one.starts_at, ends_at=one.starts_at + length, zone=here, language=language, show_zone=True
            ),
            "url": f"{page}?date={one.pk}",
        }
        for one in options_left(gathering, now)
    ]
    until_now = row.context.get("until_now")
    closings = {"closes_at": gathering.closes_at, "until_now": datetime.fromisoformat(until_now) if until_now else None}
    closes = {
        name: format_moment(at=at, zone=here, language=language, show_zone=True) if at else ""
        for name, at in closings.items()
    }
    words = {**_words(row, gathering), "options": options, "none_url": f"{page}?date=none", **closes}
    return write_letter("sessions/email/gathering_asked", words)


def _had_before(row: OutboundMessage) -> bool:
    """Whether a mail of before this one may have put the gathering into the person's calendar."""
    earlier = OutboundMessage.objects.filter(
        recipient=row.recipient_id, subject_key=row.subject_key, kind__in=PUT_IT_IN
    ).exclude(status__in=["queued", "void"])
    return earlier.exclude(pk=row.pk).exists()


def _with_entry(template: str, row: OutboundMessage, words: dict[str, Any], gathering: Gathering) -> Letter:
    """Return a letter with the entry as it is now.

    Who has the feed gets none, nor who cannot come, unless their calendar holds an earlier one: that must not grow old.
    """
    thread = _thread(row, gathering) if template != "sessions/email/gathering_invited" else ""
    entry = gathering_entry_for(gathering, row.recipient)
    unwanted = words["cannot"] and not _had_before(row)
    if unwanted or entry.status == "CANCELLED" or follows_feed(row.recipient):
        return write_letter(template, words, thread=thread)
    written = calendar.request(entry, organiser(), mailbox_of(row.recipient))
    return write_letter(template, words, calendar=written, method="REQUEST", thread=thread)


def _without_entry(template: str, row: OutboundMessage, words: dict[str, Any], gathering: Gathering) -> Letter:
    """Return a letter that takes the gathering out of the calendar, where a mail may have brought it."""
    thread = _thread(row, gathering)
    told = told_by_mail(row.recipient, row.subject_key, PUT_IT_IN)
    if gathering.starts_at is None or not told:
        return write_letter(template, words, thread=thread)
    entry = gathering_entry_for(gathering, row.recipient)
    written = calendar.cancel(entry, organiser(), mailbox_of(row.recipient))
    return write_letter(template, words, calendar=written, method="CANCEL", thread=thread)


def _invited(row: OutboundMessage, now: datetime) -> Letter:
    gathering = _gathering_of(row)
    words = {**_words(row, gathering), "in_feed": follows_feed(row.recipient)}
    return _with_entry("sessions/email/gathering_invited", row, words, gathering)


def _changed(row: OutboundMessage, now: datetime) -> Letter:
    gathering = _gathering_of(row)
    starts_at, ends_at = (datetime.fromisoformat(text) for text in row.context["before"])
    previous = format_span(
        starts_at=starts_at,
        ends_at=ends_at,
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=True,
    )
    moved = (starts_at, ends_at) != (gathering.starts_at, gathering.ends_at)
    there, said = gathering_place(gathering), row.context
    was = Place(*said["place"]) if "place" in said else there
    places = from_where_to_where(was, there)
    words = {
        **_words(row, gathering),
        "previous_when": previous,
        "moved": moved,
        "place_before": places["before"],
        "place_now": places["after"],
        "other_plan": said.get("together", gathering.together_minutes) != gathering.together_minutes,
        "together_before": said.get("together"),
    }
    return _with_entry("sessions/email/gathering_changed", row, words, gathering)


def _cancelled(row: OutboundMessage, now: datetime) -> Letter:
    gathering = _gathering_of(row)
    words = {**_words(row, gathering), "for_all": gathering.status == Status.CANCELLED}
    return _without_entry("sessions/email/gathering_cancelled", row, words, gathering)


def _by_feed(row: OutboundMessage, now: datetime) -> Letter:
    gathering = _gathering_of(row)
    words = {**_words(row, gathering), "calendar_page": calendar_page()}
    return _without_entry("sessions/email/gathering_by_feed", row, words, gathering)


def _by_mail(row: OutboundMessage, now: datetime) -> Letter:
    gathering = _gathering_of(row)
    words = {**_words(row, gathering), "calendar_page": calendar_page()}
    return _with_entry("sessions/email/gathering_by_mail", row, words, gathering)


def _reminder(row: OutboundMessage, now: datetime) -> Letter:
    gathering = _gathering_of(row)
    words = {**_words(row, gathering), **to_go(gathering.starts_at, now)}
    return write_letter("sessions/email/gathering_reminder", words, thread=_thread(row, gathering))


def _short_reminder(row: OutboundMessage, now: datetime) -> str:
    """What goes to LINE, where others may look over a shoulder: what, when and where, no names and no stories."""
    words = _words(row, _gathering_of(row))
    lines = [f"{words['kind']}{_(': ')}{words['when']}", _("Answer here, without signing in:"), words["answer_page"]]
    return "\n".join([*lines, *([_("Enter here:"), words["page"]] if words["has_link"] else [])])


def _page(row: OutboundMessage, now: datetime) -> Letter:
    gathering = _gathering_of(row)
    return write_letter("sessions/email/gathering_page", _words(row, gathering), thread=_thread(row, gathering))


register(MessageKind("gathering_asked", repeatable=False, still_wanted=_may_choose, render=_asked))
register(MessageKind("gathering_invited", repeatable=True, still_wanted=_stands, render=_invited))
register(MessageKind("gathering_changed", repeatable=True, still_wanted=_changed_so, render=_changed))
register(MessageKind("gathering_by_feed", repeatable=True, still_wanted=_feed_took_over, render=_by_feed))
register(MessageKind("gathering_by_mail", repeatable=True, still_wanted=_mail_took_over, render=_by_mail))
register(MessageKind("gathering_cancelled", repeatable=True, still_wanted=_is_off, render=_cancelled))
for _kind, _ahead, _wanted in (
    ("gathering_reminder_72h", "72h", _said_yes),
    ("gathering_reminder", "24h", _comes),
    ("gathering_reminder_1h", "1h", _said_yes),
):
    register(
        MessageKind(
            _kind,
            repeatable=False,
            still_wanted=_wanted,
            render=_reminder,
            reminder=_ahead,
            short=_short_reminder,
        )
    )
register(MessageKind("gathering_page", repeatable=False, still_wanted=_has_page, render=_page))
