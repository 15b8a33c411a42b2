"""The cohorts that still meet, and those of them that no longer keep the rules of their term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q

from dialogue.models import Cohort, Generation
from dialogue.querysets import CohortQuerySet
from sessions.models import DialogueSession
from sessions.today.kinds import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A cohort that needs repair, with its people of today and the moment at which the last of them left."""

    pk: int
    term: int
    number: int
    students: int
    alumni: int
    since: datetime

    @property
    def somebody_is_alone(self) -> bool:
        return 1 in (self.students, self.alumni)


def cohorts_that_meet(desk: Desk) -> CohortQuerySet:
    """Return the cohorts of the desk with a session to come, be its date still looked for."""
    coming = DialogueSession.objects.filter(cohort=OuterRef("pk")).to_come(desk.now)
    return Cohort.objects.running().filter(Exists(coming), term__in=desk.term_ids)


def broken_cohorts(desk: Desk) -> Sequence[Broken]:
    """Return the cohorts of the desk that need repair and are not over: those without a session are not over either."""
    standing = DialogueSession.objects.filter(cohort=OuterRef("pk")).standing()
    goes_on = Q(pk__in=cohorts_that_meet(desk).values("pk")) | ~Exists(standing)
    here = Q(memberships__left_at__isnull=True)
    rows = Cohort.objects.filter(goes_on, term__in=desk.term_ids, status=Cohort.Status.NEEDS_REPAIR).annotate(
        students=Count("memberships", filter=here & Q(memberships__participation__generation=Generation.STUDENT)),
        alumni=Count("memberships", filter=here & Q(memberships__participation__generation=Generation.ALUMNI)),
        left=Max("memberships__left_at"),
    )
    columns = ("pk", "term", "number", "students", "alumni", "left", "created_at")
    return [
        Broken(pk=pk, term=term, number=number, students=students, alumni=alumni, since=left or created_at)
        for pk, term, number, students, alumni, left, created_at in rows.values_list(*columns)
    ]
