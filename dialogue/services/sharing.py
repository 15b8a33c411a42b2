"""Whether a cohort is asked for scenes of its own before texts go to others."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Cohort, Person
from dialogue.services import audit


@transaction.atomic
def ask_own_scene(*, cohort_id: int, asks: bool, now: datetime, actor: Person | None = None) -> Cohort:
    """Switch the quiet line before sending on or off for one cohort. Doing it twice is harmless."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort_id)
    if cohort.asks_own_scene == asks:
        return cohort
    cohort.asks_own_scene = asks
    cohort.save(update_fields=["asks_own_scene"])
    action = "own_scene_asked" if asks else "own_scene_not_asked"
    audit.record(actor=actor, action=action, subject_key=f"cohort:{cohort.pk}", now=now)
    return cohort
