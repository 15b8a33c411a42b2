"""Let somebody in, or give a cohort another facilitator, by the road that repairs take."""

from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.models import Cohort, Facilitation, Participation
from dialogue.services.reseating import Seating, reseat
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile
from sessions.services.places import change_place


def let_in(cohort: Cohort, *, places: list[Participation], now: datetime) -> None:
    """Give these people, who wait, a place in the cohort.

    Raises:
        CohortRefused: a rule of the term would break, or one of them does not wait.
        TimeTaken: one of them is booked elsewhere.
    """
    _seat(cohort, also=[one.pk for one in places], now=now)


def give_to(cohort: Cohort, *, facilitation: Facilitation, now: datetime) -> None:
    """Give the cohort to another facilitator."""
    _seat(cohort, facilitation=facilitation.pk, now=now)


def _seat(cohort: Cohort, *, now: datetime, also: list[int] | None = None, facilitation: int | None = None) -> None:
    cohort = Cohort.objects.select_related("term").get(pk=cohort.pk)
    members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    wanted = dict.fromkeys([*members.order_by("pk").values_list("pk", flat=True), *(also or [])])
    seating = Seating(
        cohort_id=cohort.pk,
        facilitation_id=facilitation or cohort.facilitation_id,
        participation_ids=tuple(wanted),
    )
    try:
        with transaction.atomic():
            reseat(term=cohort.term, seatings=[seating], now=now)
    except IntegrityError as error:
        raise TimeTaken from error


def change_link(session, *, room_url: str, now: datetime) -> bool:
    """Hold one session behind another link, as it is stored now. Returns whether anything changed."""
    session.refresh_from_db()
    try:
        return bool(
            change_place(
                cohort_id=session.cohort_id,
                seen={session.pk: session.sequence},
                place=session.place,
                room_url=room_url,
                now=now,
            )
        )
    except (TimeTaken, ChangedMeanwhile):
        return False
