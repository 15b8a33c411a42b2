"""When a cohort usually meets."""

from datetime import datetime

from dialogue.models import Cohort, Person
from dialogue.services import audit


def set_window(*, cohort_id: int, weekday: int, starts: int, now: datetime, actor: Person | None = None) -> bool:
    """Say that a cohort meets in another weekly window from now on, in the caller's transaction.

    `weekday` counts from Monday = 0 and `starts` is minutes after midnight, both by the term's clock. Returns whether
    that is another window than before.
    """
    changed = (
        Cohort.objects.filter(pk=cohort_id)
        .exclude(weekday=weekday, starts=starts)
        .update(weekday=weekday, starts=starts)
    )
    if changed:
        audit.record(actor=actor, action="cohort_window_set", subject_key=f"cohort:{cohort_id}", now=now)
    return bool(changed)
