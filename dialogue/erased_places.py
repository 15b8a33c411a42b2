"""Which places were erased, written down outside the database: a restored backup has them still.

One number a line, no name. The file is copied with the backups; `after_restore` erases anew what it lists.
"""

import logging

from django.conf import settings

log = logging.getLogger(__name__)


def note(participation_id: int) -> None:
    """Add a place to the list. A list that cannot be written is told to whoever reads the log, and stops nothing."""
    try:
        settings.ERASED_FILE.parent.mkdir(parents=True, exist_ok=True)
        with settings.ERASED_FILE.open("a", encoding="ascii") as listed:
            listed.write(f"{participation_id}\n")
    except OSError:
        log.exception("participation %s was erased, and the list of these cannot be written", participation_id)


def noted() -> set[int]:
    """Return the places on the list. A line that was cut short is passed over."""
    if not settings.ERASED_FILE.exists():
        return set()
    return {int(line) for line in settings.ERASED_FILE.read_text(encoding="ascii").split() if line.isdecimal()}
