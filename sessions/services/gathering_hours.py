"""The hours that a gathering takes: of its video links, and of all who have not said that they cannot come."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from sessions.core.slots import quarters
from sessions.gathering_circle import still_invited
from sessions.models import BusyTime, Gathering, GatheringAnswer
from sessions.services.booking import TimeTaken
from sessions.splitting import free_links_apart

Answer = GatheringAnswer.Answer


def take_all_hours(gathering: Gathering, now: datetime) -> None:
    """Take the hours of the links, and of all who have not said that they cannot come.

    Raises:
        TimeTaken: a link is in use.
    """
    BusyTime.objects.filter(gathering=gathering).delete()
    used = {gathering.room_url: gathering.starts_at} if gathering.room_url else {}
    if gathering.splits_at is not None:
        used |= dict.fromkeys(free_links_apart(gathering), gathering.splits_at)
    try:
        with transaction.atomic():
            BusyTime.objects.bulk_create(
                BusyTime(gathering=gathering, room=room, quarter=quarter)
                for room, begins in used.items()
                for quarter in quarters(begins, gathering.ends_at)
            )
    except IntegrityError as error:
        raise TimeTaken from error
    take_hours_of(gathering, still_invited(gathering), now)


def take_hours_of(gathering: Gathering, people: Collection[int], now: datetime) -> None:
    """Take the hours of these people. Who is booked elsewhere then is noted as not coming.

    Raises:
        TimeTaken: somebody was booked this very moment.
    """
    said_no = set(gathering.answers.filter(answer=Answer.NO).values_list("person", flat=True))
    wanted = quarters(gathering.starts_at, gathering.ends_at)
    rows = BusyTime.objects.filter(person__isnull=False, quarter__in=list(wanted))
    elsewhere = set(rows.values_list("person", flat=True)) & set(people)
    gathering.answers.filter(person__in=elsewhere).update(answer=Answer.NO, answered_at=now)
    free = sorted(set(people) - said_no - elsewhere)
    try:
        with transaction.atomic():
            BusyTime.objects.bulk_create(
                [BusyTime(gathering=gathering, person_id=one, quarter=quarter) for one in free for quarter in wanted],
                batch_size=2000,
            )
    except IntegrityError as error:
        raise TimeTaken from error  # somebody was booked this very moment: asked again, they are left out
