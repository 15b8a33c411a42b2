"""Write down that somebody took a list of a term along as a file."""

from datetime import datetime
from typing import Final

from dialogue.models import Person, Term
from dialogue.services import audit

ACTION: Final = "list_taken"


def note_list_taken(
    *, term: Term, what: str, form: str, rows: int, narrowed: bool, actor: Person, now: datetime
) -> None:
    """Keep who took which list along, in which form and how many rows long. `narrowed`: not all that the list has."""
    audit.record(
        actor=actor,
        action=ACTION,
        subject_key=f"term:{term.pk}",
        now=now,
        detail={"list": what, "form": form, "rows": rows, "narrowed": narrowed},
    )
