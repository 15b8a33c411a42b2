"""The cohorts of a term with what its lists say of them: who belongs to each today, and when it meets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import F, Max, Min, Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dialogue.core.week import WeeklyWindow
from dialogue.models import Cohort, Generation, Membership, Participation, Term
from dialogue.querysets import CohortQuerySet
from sessions.models import DialogueSession, SessionSeries

SIDES: Final[Mapping[Generation, Promise]] = {
    Generation.STUDENT: gettext_lazy("Students"),
    Generation.ALUMNI: gettext_lazy("Second career"),
}
"""The generations as one says it of several people."""


def cohorts_of(term: Term, *, now: datetime) -> CohortQuerySet:
    """Return the cohorts of a term by number, with `next_start`, `series_status` and `members_of_today`.

    `put_off` is the key of a session that waits for its new date: the cohort meets again, nobody knows when.
    """
    coming = Q(sessions__status=DialogueSession.Status.CONFIRMED, sessions__ends_at__gt=now)
    return (
        term.cohorts.select_related("facilitation__person")
        .annotate(
            next_start=Min("sessions__starts_at", filter=coming),
            put_off=Max("sessions__pk", filter=Q(sessions__status=DialogueSession.Status.PROPOSED)),
            series_status=F("series__status"),
        )
        .prefetch_related(members_of_today())
        .order_by("number")
    )


def members_of_today() -> Prefetch:
    """Return what gives each cohort `members_of_today`, in 五十音 order."""
    today = Membership.objects.filter(left_at__isnull=True).select_related("participation__person")
    in_order = today.order_by("participation__person__family_kana", "participation__person__given_kana", "pk")
    return Prefetch("memberships", queryset=in_order, to_attr="members_of_today")


def by_generation(cohort: Cohort) -> Sequence[tuple[Promise, list[Participation]]]:
    """Return today's members of a cohort that was read with `members_of_today`, under the word of their generation."""
    people = [one.participation for one in cohort.members_of_today]
    return [(label, [one for one in people if one.generation == value]) for value, label in SIDES.items()]


def state_of(cohort: Cohort, *, series_status: str | None, meets_again: object) -> Cohort.Status:
    """Return the state of a cohort as pages and files say it: ended, too, once all that was booked is over."""
    is_over = series_status == SessionSeries.Status.BOOKED and not meets_again
    is_active = cohort.status == Cohort.Status.ACTIVE
    return Cohort.Status.ENDED if is_active and is_over else Cohort.Status(cohort.status)


def state_in(cohort: Cohort) -> Cohort.Status:
    """Return the state of a cohort of `cohorts_of`."""
    return state_of(cohort, series_status=cohort.series_status, meets_again=cohort.next_start or cohort.put_off)


def window_of(cohort: Cohort, term: Term) -> WeeklyWindow:
    """Return the weekly time of a cohort, by the wall clock of its term."""
    return WeeklyWindow(cohort.weekday, cohort.starts, cohort.starts + term.session_minutes)
