"""Choose how one's dates come into one's calendar: with each mail, or by the feed alone."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dialogue.models import OutboundMessage, Person
from sessions.announcing import announce_by_mail_again, announce_handed_over
from sessions.copies import CHANGES_ENTRY, told_by_mail, was_told_by_mail
from sessions.gathering_announcing import (
    PUT_IT_IN,
    gathering_by_mail_again,
    hand_over_gathering,
    subject_of_gathering,
)
from sessions.models import CalendarCopy, CalendarFeed, DialogueSession, Gathering, GatheringAnswer, GatheringCopy
from sessions.services.feeds import feed_of, mark_feeds_stale

Status = DialogueSession.Status
COMING = (GatheringAnswer.Answer.YES, GatheringAnswer.Answer.NONE)


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
        until = {one: one.ends_at for one in sessions} | _unsaid(person, now)
        announce_handed_over(until=until, person_id=person.pk, now=now)
    else:
        announce_by_mail_again(sessions=sessions, person_id=person.pk, now=now)
    _tell_of_gatherings(person, instead_of_mail, now)
    mark_feeds_stale([person.pk])


def _tell_of_gatherings(person: Person, instead_of_mail: bool, now: datetime) -> None:
    """Do the same for gatherings. One that the person has left is theirs again only by an invitation."""
    coming = Gathering.objects.filter(status=Gathering.Status.CONFIRMED, ends_at__gt=now)
    mine = dict(GatheringAnswer.objects.filter(person=person).values_list("gathering", "answer"))
    subjects = OutboundMessage.objects.filter(recipient=person, kind__in=PUT_IT_IN).values_list(
        "subject_key", flat=True
    )
    about = {key.partition(":")[2] for key in subjects}
    for gathering in coming.filter(pk__in=about).order_by("pk"):
        if not told_by_mail(person, subject_of_gathering(gathering), PUT_IT_IN):
            continue
        if gathering.pk in mine:
            GatheringCopy.objects.outrank([gathering], person_id=person.pk, now=now)
        if instead_of_mail:
            hand_over_gathering(gathering=gathering, person_id=person.pk, now=now)
        elif mine.get(gathering.pk) in COMING:
            gathering_by_mail_again(gathering=gathering, person_id=person.pk, now=now)


def _unsaid(person: Person, now: datetime) -> dict[DialogueSession, datetime]:
    """Return what stands in the calendar by mail until a letter that is still queued says otherwise, and until when.

    Such a letter is dropped when the person is taken back, or a date is found, before it leaves; and where it would say
    that the session was brought forward and is over, it says so to the feed alone. The entry has to go all the same.
    """
    rows = OutboundMessage.objects.filter(recipient=person, kind__in=CHANGES_ENTRY, expires_at__gt=now)
    queued = rows.filter(status=OutboundMessage.Status.QUEUED).order_by("expires_at")
    until = {int(key.partition(":")[2]): end for key, end in queued.values_list("subject_key", "expires_at")}
    found = DialogueSession.objects.filter(pk__in=until).exclude(status=Status.CANCELLED).order_by("starts_at")
    return {one: until[one.pk] for one in found if was_told_by_mail(one, person)}
