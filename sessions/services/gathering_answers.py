"""What people say to a gathering: at which times they could come, whether they come, and that they have left."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.models import OutboundMessage, Participation, Person
from sessions.core.slots import quarters
from sessions.gathering_announcing import invite_after_all, subject_of_gathering, tell_of_cancel
from sessions.gathering_choice import options_left, takes_choices
from sessions.models import BusyTime, Gathering, GatheringAnswer, GatheringChoice
from sessions.services.booking import TimeTaken
from sessions.services.feeds import mark_feeds_stale
from sessions.services.gatherings import GatheringMoved, GatheringRefused, locked_gathering

Status, Answer = Gathering.Status, GatheringAnswer.Answer


@transaction.atomic
def choose_times(*, gathering_id: int, person: Person, options: Collection[int], now: datetime) -> bool:
    """Keep at which of the alternatives a person could come; a later choice replaces it, and none is an answer too.

    One that has passed cannot be chosen; whoever had chosen it before keeps that.

    Returns whether the date stands already. Who answers as late as that comes, if the date is among those they chose.

    Raises:
        GatheringRefused: choosing has closed, the date is fixed and they did not choose it, it is off or over, every
            alternative has passed, or they are not invited.
        TimeTaken: the date is fixed, and the person is booked elsewhere then.
    """
    gathering = locked_gathering(gathering_id)
    fixed = gathering.options.filter(pk__in=list(options), starts_at=gathering.starts_at)
    if gathering.status == Status.CONFIRMED and fixed.exists():
        answer_gathering(gathering_id=gathering_id, person=person, comes=True, now=now)
        return True
    left = options_left(gathering, now)
    mine = GatheringAnswer.objects.filter(gathering=gathering, person=person)
    if not left or not takes_choices(gathering, now) or not mine.update(chose_at=now):
        raise GatheringRefused
    GatheringChoice.objects.filter(option__in=left, person=person).delete()
    GatheringChoice.objects.bulk_create(
        GatheringChoice(option=one, person=person) for one in left if one.pk in set(options)
    )
    return False


def answer_gathering(
    *, gathering_id: int, person: Person, comes: bool, now: datetime, given_for: datetime | None = None
) -> None:
    """Keep whether a person comes; a later answer replaces it. A no gives their time back, a yes takes it.

    Who had said no, or was booked elsewhere, and comes after all gets the invitation, with its entry for a calendar.
    `given_for` is the start that the person was asked about: where the gathering has moved meanwhile, nothing is kept.

    Raises:
        GatheringRefused: it has no time yet, is off or over, or the person is not invited.
        GatheringMoved: it no longer starts at `given_for`.
        TimeTaken: the person is booked elsewhere then.
    """
    try:
        with transaction.atomic():
            gathering = locked_gathering(gathering_id)
            mine = gathering.answers.filter(person=person)
            if gathering.status != Status.CONFIRMED or gathering.ends_at <= now or not mine.exists():
                raise GatheringRefused
            if given_for is not None and gathering.starts_at != given_for:
                raise GatheringMoved
            BusyTime.objects.filter(gathering=gathering, person=person).delete()
            if comes and mine.filter(answer=Answer.NO).exists():
                invite_after_all(gathering=gathering, person_id=person.pk, now=now)
            if comes:
                BusyTime.objects.bulk_create(
                    BusyTime(gathering=gathering, person=person, quarter=quarter)
                    for quarter in quarters(gathering.starts_at, gathering.ends_at)
                )
            mine.update(answer=Answer.YES if comes else Answer.NO, answered_at=now)
            mark_feeds_stale([person.pk])
    except IntegrityError as error:
        raise TimeTaken from error


@transaction.atomic
def leave_gatherings(*, participation_id: int, now: datetime) -> None:
    """Take somebody whose participation ended out of the term's gatherings to come. Only they hear of it."""
    participation = Participation.objects.select_related("person").get(pk=participation_id)
    person = participation.person
    if participation.term.facilitations.filter(person=person).exists():
        return  # they still lead in this term, and are invited as that
    mine = Gathering.objects.select_for_update(of=("self",)).filter(
        term=participation.term, answers__person=person, status__in=[Status.ASKING, Status.CONFIRMED]
    )
    for gathering in mine.exclude(ends_at__lte=now).order_by("pk"):
        BusyTime.objects.filter(gathering=gathering, person=person).delete()
        GatheringChoice.objects.filter(option__gathering=gathering, person=person).delete()
        gathering.answers.filter(person=person).delete()
        OutboundMessage.objects.filter(
            subject_key=subject_of_gathering(gathering), recipient=person, status=OutboundMessage.Status.QUEUED
        ).update(status=OutboundMessage.Status.VOID)
        tell_of_cancel(gathering=gathering, people=[person.pk], now=now, for_all=False)
    mark_feeds_stale([person.pk])
