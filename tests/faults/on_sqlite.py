"""The drills that need a database in one file: no room left, and many writers."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import OperationalError, connection, connections

from config.settings.database import SQLITE_OPTIONS
from dialogue import clock
from dialogue.models import OutboundMessage
from sessions.models import DialogueSession, SessionSeries
from sessions.services.booking import book_series, queue_series
from tests.faults.stage import Stage, Violation
from tests.postgres import as_default

_template: list[Path] = []
WRITERS = 8


@contextmanager
def new_file(folder: Path) -> Iterator[Path]:
    """Make a migrated SQLite file, with the options of the real settings, the default database."""
    place = folder / f"drill-{time.monotonic_ns()}.sqlite3"
    if not _template:
        _template.append(Path(tempfile.mkdtemp(prefix="madoi-")) / "template.sqlite3")
        with as_default(_settings(_template[0])):
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(_template[0], place)
    with as_default(_settings(place)):
        yield place


def _settings(place: Path) -> dict[str, Any]:
    engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(place), "OPTIONS": dict(SQLITE_OPTIONS)}
    return {**connections["default"].settings_dict, **engine, "HOST": "", "PORT": "", "USER": "", "PASSWORD": ""}


def full_disk(stage: Stage) -> str:
    from tests.faults.drills import SESSIONS, cohorts  # noqa: PLC0415

    with new_file(stage.folder):
        some = cohorts(4)
        for cohort in some:
            queue_series(cohort_id=cohort, now=clock.now())
        cursor = connection.cursor()
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + stage.dice.randint(2, 12)}")
        refused = 0
        for pk in SessionSeries.objects.values_list("pk", flat=True):
            try:
                book_series(series_id=pk, now=clock.now())
            except OperationalError as error:
                if "full" not in str(error):
                    raise
                refused += 1
        _check_whole(SESSIONS)
        if not refused:
            raise Violation("the disk was never full")
        cursor.execute("PRAGMA max_page_count = 1000000")
        for pk in SessionSeries.objects.filter(status="queued").values_list("pk", flat=True):
            book_series(series_id=pk, now=clock.now())
        _check_whole(SESSIONS)
        if SessionSeries.objects.exclude(status="booked").exists():
            raise Violation("a series was not booked when there was room again")
    return f"{refused} of 4 bookings refused for want of room, none half done; all booked when there was room"


def _check_whole(sessions: int) -> None:
    for series in SessionSeries.objects.all():
        made = DialogueSession.objects.filter(cohort=series.cohort_id).values_list("pk", flat=True)
        keys = [f"session:{pk}" for pk in made]
        invited = OutboundMessage.objects.filter(kind="invitation", subject_key__in=keys).count()
        if (len(made), invited) not in {(0, 0), (sessions, sessions * 5)}:
            raise Violation(f"I4 a series of {len(made)} sessions and {invited} invitations")


def many_writers(stage: Stage) -> str:
    """Eight processes write 10,000 rows (800 in a short run) while the file is copied over and over."""
    writes = 100 if stage.short else 1250
    with new_file(stage.folder) as place:
        connection.close()
        command = [sys.executable, str(Path(__file__).with_name("sqlite_writer.py")), str(place), str(writes)]
        writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(WRITERS)]
        copies: list[int] = []
        done = threading.Event()

        def copy() -> None:
            while not done.is_set():
                target = place.with_suffix(f".copy{len(copies)}")
                with closing(sqlite3.connect(place, timeout=20)) as file:
                    file.execute("VACUUM INTO ?", [str(target)])
                with closing(sqlite3.connect(target)) as file:
                    if file.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                        raise Violation("a copy is broken")
                copies.append(1)
                target.unlink()

        copying = threading.Thread(target=copy)
        copying.start()
        locked = sum(int(writer.communicate()[0]) for writer in writers)
        done.set()
        copying.join()
        with closing(sqlite3.connect(place)) as file:
            (rows,) = file.execute("SELECT count(*) FROM dialogue_auditentry").fetchone()
    if locked or rows != WRITERS * writes:
        raise Violation(f"{locked} times locked, {rows} of {WRITERS * writes} rows")
    return f"{rows} rows by {WRITERS} writers, 0 times locked, {len(copies)} whole copies meanwhile"
