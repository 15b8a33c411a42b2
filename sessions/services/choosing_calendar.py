"""Choose how one's dates come into one's calendar: with each mail, or by the feed alone."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dialogue.models import OutboundMessage, Person
from sessions.announcing import announce_by_mail_again, announce_handed_over
from sessions.copies import TAKES_OUT, was_told_by_mail
from sessions.models import CalendarCopy, CalendarFeed, DialogueSession
from sessions.services.feeds import feed_of, mark_feeds_stale

Status = DialogueSession.Status


@transaction.atomic
def choose_calendar(*, person: Person, instead_of_mail: bool, now: datetime) -> None:
    """Keep the choice. Dates that mails had put into the calendar leave it for the feed, and come back after.

    Chosen again as it is, nothing changes and nothing is sent.
    """
    feed_of(person=person, now=now)
    # The conditional update is the claim: of two clicks at once, one tells.
    chosen = CalendarFeed.objects.filter(person=person, instead_of_mail=not instead_of_mail)
    if not chosen.update(instead_of_mail=instead_of_mail, chosen_at=now):
        return
    expected = Q(facilitator=person) | Q(attendances__person=person)
    rows = DialogueSession.objects.filter(expected, status=Status.CONFIRMED, ends_at__gt=now)
    sessions = [one for one in rows.distinct().order_by("starts_at") if was_told_by_mail(one, person)]
    for session in sessions:
        CalendarCopy.objects.outrank([session], person_id=person.pk, now=now)
    if instead_of_mail:
        announce_handed_over(sessions=[*sessions, *_going_out(person, now)], person_id=person.pk, now=now)
    else:
        announce_by_mail_again(sessions=sessions, person_id=person.pk, now=now)
    mark_feeds_stale([person.pk])


def _going_out(person: Person, now: datetime) -> list[DialogueSession]:
    """Return what stands in the calendar by mail until a letter that is still queued takes it out.

    That letter is dropped when the person is taken back, or a date is found, before it leaves: the entry has to go all
    the same, as mails no longer keep it.
    """
    queued = OutboundMessage.objects.filter(recipient=person, kind__in=TAKES_OUT, status=OutboundMessage.Status.QUEUED)
    about = [key.partition(":")[2] for key in queued.values_list("subject_key", flat=True)]
    rows = DialogueSession.objects.filter(pk__in=about, ends_at__gt=now).exclude(status=Status.CANCELLED)
    return [one for one in rows.order_by("starts_at") if was_told_by_mail(one, person)]
