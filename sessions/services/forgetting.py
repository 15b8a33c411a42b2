"""Forget somebody: on request, or a year after their term. Calendars are told first, then the address goes too."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from dialogue import erased_places
from dialogue.models import Cohort, OutboundMessage, Participation, Person, Term
from dialogue.services.cohorts import end_participation
from dialogue.services.forgetting import NOWHERE, OPEN, erase_person, forget_what_was_given, without_another_part
from sessions.models import (
    Attendance,
    CalendarCopy,
    CalendarFeed,
    CohortNote,
    DialogueSession,
    Gathering,
    GatheringChoice,
    GatheringCopy,
    GreetingCard,
    LoneAsk,
    Reflection,
    RescheduleBallot,
    Room,
    SmallStep,
    Spoken,
    StandbyAsk,
)

KEPT_FOR: Final = timedelta(days=365)
"""What the consent says: until a year after the term."""

CALENDARS_READ_WITHIN: Final = timedelta(days=7)
"""For how long a name and an address stay at most, so that what leaves a calendar can still be told."""

TAKES_OUT: Final = ("session_cancelled", "gathering_cancelled")
AT_ONCE: Final = 200


class StillLeads(Exception):
    """The person leads a cohort that still meets. Somebody else has to take it over first."""


@transaction.atomic
def forget(*, participation_id: int, now: datetime, actor: Person | None = None) -> bool:
    """Erase what somebody gave and wrote in a term, and return whether it was there.

    What is still to come ends with it and leaves their calendar; only they hear of it. Name and address go as soon as
    that has left (`erase_the_forgotten`), unless they take part elsewhere. Repeated, it changes nothing.

    Raises:
        StillLeads: they lead a cohort of the term that still meets.
    """
    place = Participation.objects.select_related("person").get(pk=participation_id)
    if place.forgotten_at is not None:
        return False
    leads = Cohort.objects.running().filter(term=place.term_id, facilitation__person=place.person_id)
    # A date that nobody has chosen for a year is not waited for any more.
    if DialogueSession.objects.filter(cohort__in=leads, ends_at__gt=now - KEPT_FOR).to_come(now).exists():
        raise StillLeads
    if place.status in {"applied", "accepted"} or _meets_again(place, now):
        end_participation(participation_id=place.pk, now=now, actor=actor)
    forget_what_was_given(participation_id=place.pk, now=now, actor=actor)
    _forget_words(place)
    if not place.person.participations.filter(forgotten_at__isnull=True).exists():
        waiting = OutboundMessage.objects.filter(recipient=place.person_id, status="queued")
        waiting.exclude(kind__in=TAKES_OUT).update(status="void")
    return True


def _meets_again(place: Participation, now: datetime) -> bool:
    """Whether their cohort has sessions to come, or has yet to be given its dates."""
    mine = Cohort.objects.running().filter(memberships__participation=place, memberships__left_at__isnull=True)
    coming = DialogueSession.objects.filter(cohort=OuterRef("pk")).to_come(now)
    return mine.filter(Q(sessions__isnull=True) | Exists(coming)).exists()


def _forget_words(place: Participation) -> None:
    """Delete what somebody wrote in a term's cohorts. That they came, or did not, stays without a reason."""
    person, term = place.person_id, place.term_id
    for rows in (Reflection, SmallStep):
        rows.objects.filter(author=person, session__cohort__term=term).delete()
    CohortNote.objects.filter(author=person, cohort__term=term).delete()
    GreetingCard.objects.filter(person=person, cohort__term=term).delete()
    Spoken.objects.filter(person=person, term=term).delete()
    LoneAsk.objects.filter(person=person, session__cohort__term=term).delete()
    StandbyAsk.objects.filter(participation=place).delete()
    RescheduleBallot.objects.filter(person=person, reschedule__session__cohort__term=term).delete()
    GatheringChoice.objects.filter(person=person, option__gathering__term=term).delete()
    Attendance.objects.filter(person=person, session__cohort__term=term).update(reason="", hello="")


def forget_calendar_of(*, person_id: int) -> None:
    """Delete the address of somebody's feed, what their calendar was told, and their room for practice."""
    for rows in (CalendarFeed, CalendarCopy, GatheringCopy):
        rows.objects.filter(person=person_id).delete()
    Room.objects.filter(practised_by=person_id).delete()


def erase_the_forgotten(*, now: datetime) -> int:
    """Erase who they were, of everybody of whom nothing else is left, and return how many that were.

    Somebody whose calendar has yet to be told waits: for their mails to leave, or for their feed to be read, a week at
    most.
    """
    forgotten = without_another_part().filter(participations__isnull=False).exclude(email__endswith=NOWHERE)
    done = 0
    for person in forgotten.annotate(since=Max("participations__forgotten_at")).order_by("pk")[:AT_ONCE]:
        if person.since + CALENDARS_READ_WITHIN > now and _is_still_told(person):
            continue
        erase_person(person_id=person.pk, now=now)
        done += 1
    return done


def _is_still_told(person: Person) -> bool:
    by_feed = CalendarFeed.objects.filter(person=person, instead_of_mail=True)
    return by_feed.exists() or OutboundMessage.objects.filter(recipient=person, status__in=OPEN).exists()


def forget_after_a_year(*, now: datetime) -> int:
    """Forget who took part in terms that ended over a year ago, as consent says, and return how many that were."""
    places = list(_kept_too_long(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(forget(participation_id=pk, now=now) for pk in places)


def _kept_too_long(now: datetime) -> QuerySet[Participation]:
    over = now - KEPT_FOR
    of_term = {"term": OuterRef("pk")}
    ended = Term.objects.filter(
        ~Exists(DialogueSession.objects.filter(cohort__term=OuterRef("pk"), ends_at__gt=over)),
        ~Exists(Gathering.objects.filter(ends_at__gt=over, **of_term)),
        ~Exists(Participation.objects.filter(created_at__gt=over, **of_term)),
        starts_on__lte=over.date(),
    )
    return Participation.objects.filter(forgotten_at__isnull=True, term__in=ended.values("pk"))


def forget_anew(*, now: datetime) -> int:
    """Forget once more what a restored backup remembers, and return how many places that were."""
    places = Participation.objects.filter(pk__in=erased_places.noted(), forgotten_at__isnull=True)
    done = 0
    for pk in places.order_by("pk").values_list("pk", flat=True):
        with suppress(StillLeads):  # only a coordinator can say who leads instead
            done += forget(participation_id=pk, now=now)
    return done
