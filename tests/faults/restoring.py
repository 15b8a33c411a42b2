"""F12: the server is lost while people publish and mail goes out, and comes back from its last backup.

Backups are made as docs/operations.md says, one after the other (a quarter of an hour apart in production, a second
here). What is typed afterwards is typed into real processes, so that the time until a page is answered is a real one.
"""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from django.db import connection
from django.urls import reverse

from config.supervision import start
from dialogue import clock
from dialogue.models import Cohort, OutboundMessage, Participation
from tests.faults.browsing import Browser
from tests.faults.drills import booked, ready_run, some_have_arrived
from tests.faults.over_http import publish, somebody_at_work, somebody_who_waits
from tests.faults.stage import Stage, Violation, one_value
from tests.processes import ROOT, free_port, wait_until

PUBLISHED = 3
BETWEEN_BACKUPS = 1.0
NUMBER = "SELECT last_value FROM dialogue_sessions_dialoguesession_id_seq"


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole dump. What was committed before `began` (by the monotonic clock) is in it."""

    place: Path
    began: float
    took: float


class Backups:
    """Makes one backup after the other until the server is lost. One that was cut short never gets a name."""

    def __init__(self, stage: Stage) -> None:
        self.folder = stage.folder
        self.command = [str(stage.postgres.bin_path / "pg_dump"), "--format=custom", f"--dbname={address_of(stage)}"]
        self.made: list[Backup] = []
        self.lost = threading.Event()
        self.at_work = threading.Thread(target=self._go_on)

    def _go_on(self) -> None:
        while not self.lost.is_set():
            began, unfinished = time.monotonic(), self.folder / "new.dump"
            process = subprocess.Popen([*self.command, f"--file={unfinished}"])
            while process.poll() is None:
                if self.lost.wait(0.01):
                    process.kill()
                    process.wait()
                    return
            if process.returncode:
                return
            place = unfinished.rename(self.folder / f"backup-{len(self.made)}.dump")
            self.made.append(Backup(place, began, time.monotonic() - began))
            self.lost.wait(BETWEEN_BACKUPS)


def lose_and_restore(stage: Stage) -> set[str]:
    """Lose the server at a random moment and bring it back. Return the names of the mails that had left before.

    Raises:
        Violation: what was acknowledged before the backup is not there, or a number is given a second time.
    """
    programme, web, browser = somebody_at_work(stage)
    runs = [ready_run(1, programme) for _ in range(PUBLISHED)]
    waits = somebody_who_waits(programme)
    booked(stage)
    remind_one_by_one(stage)
    stage.order(pause=0.02)
    backups = Backups(stage)
    backups.at_work.start()
    wait_until(lambda: bool(backups.made), seconds=60)
    worker = stage.worker()
    told: dict[int, float] = {}
    for term, run in runs:
        if publish(browser, run):
            told[term.pk] = time.monotonic()
        time.sleep(stage.dice.uniform(0, BETWEEN_BACKUPS))
    some_have_arrived(stage, stage.dice.randint(5, 30))
    erase_somebody(browser, waits)

    lost_at = time.monotonic()
    backups.lost.set()
    for process in (worker, web):
        stage.kill(process)
    backups.at_work.join()
    number, mails = one_value(NUMBER), stage.mails()
    empty_database(stage)
    last = backups.made[-1]
    stage.log(f"server lost after {len(backups.made)} backups of {last.took:.2f} s, {len(mails)} mails had left")
    stage.order()
    restore(stage, last)
    page = first_page(stage, browser)
    stage.log(
        f"RPO {lost_at - last.began:.2f} s (with {BETWEEN_BACKUPS:.0f} s between backups), "
        f"RTO {time.monotonic() - lost_at:.1f} s to {page}"
    )
    check_restored(stage, told, last)
    if not Participation.objects.filter(pk=waits, forgotten_at__isnull=False).exists():
        raise Violation("somebody who was erased after the backup is remembered")
    if one_value(NUMBER) < number:
        raise Violation("a session gets a number that one of before had")
    return {mail["id"] for mail in mails}


def erase_somebody(browser: Browser, place: int) -> None:
    """Have the coordinator erase somebody who was there before the first backup.

    Raises:
        Violation: it was not acknowledged.
    """
    address = reverse("participation_forget", args=[place])
    browser.get(address)
    answer = browser.post(address, {})
    if answer is None or answer.status != 302:
        raise Violation("erasing was not acknowledged")


def remind_one_by_one(stage: Stage) -> None:
    """Have reminders come due all the while, so that some leave between the last backup and the loss."""
    rows = list(OutboundMessage.objects.filter(kind="reminder_24h"))
    for row in rows:
        row.due_at = clock.now() + timedelta(seconds=stage.dice.uniform(0, 10))
    OutboundMessage.objects.bulk_update(rows, ["due_at"])


def address_of(stage: Stage) -> str:
    return stage.postgres.get_uri(database=connection.settings_dict["NAME"])


def empty_database(stage: Stage) -> None:
    """Throw the database away with all that is in it, and make an empty one."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(stage.postgres.get_uri(), autocommit=True) as line:
        line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        line.execute(f'CREATE DATABASE "{name}"')


def restore(stage: Stage, backup: Backup) -> None:
    """Type what docs/operations.md says."""
    command = [str(stage.postgres.bin_path / "pg_restore"), "--no-owner", f"--dbname={address_of(stage)}"]
    subprocess.run([*command, str(backup.place)], check=True)
    for verb in ("make_ready", "after_restore"):
        if stage.saboteur:  # who takes a guard out is at home in the drill's own processes
            stage.wait_for(stage.child("call", errand="typed", **{"with": {"verb": verb}}), seconds=120)
        else:
            given = {**os.environ, **stage.environment}
            subprocess.run([sys.executable, "manage.py", verb], cwd=ROOT, env=given, check=True, capture_output=True)


def first_page(stage: Stage, browser: Browser) -> str:
    """Start the web server and ask for the coordinator's list of terms until it is there."""
    browser.port = free_port()
    command = [sys.executable, "-m", "config.web", "--port", str(browser.port)]
    before = dict(os.environ)
    os.environ.update(stage.environment)
    try:
        stage.processes["web"] = start(command, log=stage.folder / "web.log")
    finally:
        os.environ.clear()
        os.environ.update(before)
    address = reverse("terms")

    def is_there() -> bool:
        answer = browser.get(address)
        return answer is not None and answer.status == 200

    wait_until(is_there, seconds=120, log=stage.folder / "web.log")
    return address


def check_restored(stage: Stage, told: dict[int, float], backup: Backup) -> None:
    """Compare what coordinators were told with what is there."""
    standing = set(Cohort.objects.values_list("term", flat=True))
    kept = [term for term, at in told.items() if at < backup.began]
    stage.log(
        f"{len(told)} of {PUBLISHED} publications were acknowledged, {len(kept)} before the backup; "
        f"{len(standing & set(told))} are there"
    )
    if missing := set(kept) - standing:
        raise Violation(f"I1 {len(missing)} publications from before the backup are gone")
