"""Keep what the runs of a term are asked for."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person, Term
from dialogue.services import audit
from matching.models import UsualWishes
from matching.usual_wishes import usual_wishes
from matching.wishes import Wishes


@transaction.atomic
def keep_wishes(*, term: Term, wishes: Wishes, now: datetime, actor: Person | None = None) -> None:
    """Let runs of the term be asked for this while nobody says otherwise. What is so already is not written."""
    if usual_wishes(term) == wishes:
        return
    UsualWishes.objects.update_or_create(term=term, defaults={"wishes": wishes.as_row()})
    audit.record(actor=actor, action="usual_wishes_kept", subject_key=f"term:{term.pk}", now=now)
