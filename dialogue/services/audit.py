"""Write down who changed what."""

from collections.abc import Mapping
from datetime import datetime

from dialogue.models import AuditEntry, Person


def record(
    *, actor: Person | None, action: str, subject_key: str, now: datetime, detail: Mapping[str, object] | None = None
) -> None:
    """Add an audit entry in the caller's transaction. `detail` holds keys and counts, never words or addresses."""
    AuditEntry.objects.create(at=now, actor=actor, action=action, subject_key=subject_key, detail=dict(detail or {}))
