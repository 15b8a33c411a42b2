"""What coordinators write down about proposed cohorts, for each other alone."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person
from dialogue.services import audit
from matching.models import CohortProposal, MatchRun


class RemarkChanged(Exception):
    """Somebody has written meanwhile. `text` is what stands there now."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


@transaction.atomic
def write_remark(
    *, run_id: int, number: int | None, text: str, before: str, now: datetime, actor: Person | None = None
) -> None:
    """Let a text take the place of `before`, the one that was looked at: of a cohort, or with None of the whole run.

    Written twice, it is written once.

    Raises:
        CohortProposal.DoesNotExist: the run has no cohort of this number.
        RemarkChanged: another text stands there by now.
    """
    run = MatchRun.objects.select_for_update().get(pk=run_id)
    row: MatchRun | CohortProposal = run if number is None else run.proposals.get(number=number)
    if row.note == text:
        return
    if row.note != before:
        raise RemarkChanged(row.note)
    row.note = text
    row.save(update_fields=["note"])
    audit.record(
        actor=actor, action="run_note_written", subject_key=f"run:{run.pk}", now=now, detail={"cohort": number or 0}
    )
