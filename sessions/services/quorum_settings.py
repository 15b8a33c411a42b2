"""How a term looks after its quorum."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person, Term
from dialogue.services import audit
from sessions.models import QuorumSetting


@transaction.atomic
def set_quorum(*, term: Term, least: int, decides: str, now: datetime, actor: Person | None = None) -> QuorumSetting:
    """Keep how many people a session of the term needs and who decides about one in danger."""
    values = {"least": least, "decides": decides}
    setting, new = QuorumSetting.objects.get_or_create(term=term, defaults=values)
    if not new and (setting.least, setting.decides) == (least, decides):
        return setting
    setting.least, setting.decides = least, decides
    setting.save(update_fields=["least", "decides"])
    audit.record(actor=actor, action="quorum_set", subject_key=f"term:{term.pk}", now=now, detail=values)
    return setting
