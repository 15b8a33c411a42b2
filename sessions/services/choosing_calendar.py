"""Choose how one's dates come into one's calendar: with each mail, or by the feed alone."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dialogue.models import Person
from sessions.announcing import announce_by_mail_again, announce_handed_over
from sessions.copies import was_told_by_mail
from sessions.models import CalendarCopy, CalendarFeed, DialogueSession
from sessions.services.feeds import feed_of, mark_feeds_stale


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
    rows = DialogueSession.objects.filter(expected, status=DialogueSession.Status.CONFIRMED, ends_at__gt=now)
    sessions = [one for one in rows.distinct().order_by("starts_at") if was_told_by_mail(one, person)]
    for session in sessions:
        CalendarCopy.objects.outrank([session], person_id=person.pk, now=now)
    tell = announce_handed_over if instead_of_mail else announce_by_mail_again
    tell(sessions=sessions, person_id=person.pk, now=now)
    mark_feeds_stale([person.pk])
