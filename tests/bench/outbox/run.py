"""Book a large term and send its mail to a local sink; compare with a bare loop over the same mails.

    python -m tests.bench.outbox.run --cohorts 1000 --sessions 12 --mails 4000 [--postgres]

Everything runs on this machine: two worker processes, the sink, the database. The bare loop is one connection that
sends prebuilt bytes to the same sink, in the same run, before and after. Exit status 1 when a row is missing, a mail
was lost or doubled, or the outbox was slower than half of the bare loop. Not part of the plain test run.
"""

import argparse
import os
import resource
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests.bench.site import new_site

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
WORKERS = 2


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def cpu(who: int = resource.RUSAGE_SELF) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


@contextmanager
def running_sink() -> Iterator[int]:
    from tests.processes import free_port  # noqa: PLC0415  needs the site

    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.outbox.sink", str(port)])
    try:
        for _ in range(100):
            try:
                smtplib.SMTP("127.0.0.1", port).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def taken_by(port: int) -> int:
    line = smtplib.SMTP("127.0.0.1", port)
    _code, answer = line.docmd("HELP")
    line.close()
    return int(answer)


def workers(what: str, **environment: str) -> tuple[int, float, float]:
    """Have worker processes do something until nothing is left. Returns how much, wall and their own CPU seconds."""
    from django.conf import settings  # noqa: PLC0415  needs the site
    from django.db import connection  # noqa: PLC0415

    from tests.processes import database_url  # noqa: PLC0415

    connection.close()
    given = {**os.environ, "DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY, **environment}
    command = [sys.executable, "-m", "tests.bench.outbox.deliver", what, NOW.isoformat()]
    some = [
        subprocess.Popen(command, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for one in some:
        one.stdout.readline()  # it is ready
    wall = time.perf_counter()
    for one in some:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate()[0].split() for one in some]
    wall = time.perf_counter() - wall
    return sum(int(one[0]) for one in told), wall, sum(float(one[1]) for one in told)


def booked(cohorts: int, sessions: int) -> None:
    from dialogue.models import OutboundMessage  # noqa: PLC0415  needs the site
    from tests.bench.outbox.people import PEOPLE_OF_A_COHORT, make_waiting_series  # noqa: PLC0415

    make_waiting_series(cohorts=cohorts, sessions=sessions, now=NOW)
    how_many, wall, used = workers("book")
    invitations = OutboundMessage.objects.filter(kind="invitation").count()
    say(
        f"| book {how_many} series, {WORKERS} workers | {wall:.1f} | {used:.1f} | {invitations} invitations, "
        f"{OutboundMessage.objects.count()} rows in the outbox |"
    )
    if (how_many, invitations) != (cohorts, cohorts * sessions * PEOPLE_OF_A_COHORT):
        raise SystemExit("Something was not booked.")


def prebuilt(how_many: int) -> list[tuple[str, bytes]]:
    """Return the first invitations as the outbox would send them, made beforehand."""
    from dialogue.delivery import composed  # noqa: PLC0415  needs the site
    from dialogue.message_kinds import kinds  # noqa: PLC0415
    from dialogue.models import OutboundMessage  # noqa: PLC0415

    rows = OutboundMessage.objects.filter(kind="invitation").select_related("recipient").order_by("due_at", "pk")
    kind = kinds()["invitation"]
    return [(row.recipient.email, composed(row, kind, NOW).message().as_bytes()) for row in rows[:how_many]]


def bare_rate(mails: list[tuple[str, bytes]], port: int) -> float:
    wall, own = time.perf_counter(), cpu()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for address, content in mails:
            line.sendmail("madoi@example.org", [address], content)
    wall, own = time.perf_counter() - wall, cpu() - own
    rate = len(mails) / wall
    say(f"| bare loop, {len(mails)} mails | {wall:.1f} | {own:.1f} | {rate:.0f}/s |")
    return rate


def outbox_rate(how_many: int, port: int) -> float:
    """Have the workers deliver so many invitations, and nothing else."""
    from dialogue.models import OutboundMessage  # noqa: PLC0415  needs the site

    chosen = OutboundMessage.objects.filter(kind="invitation").order_by("due_at", "pk").values("pk")[:how_many]
    pks = list(chosen.values_list("pk", flat=True))
    OutboundMessage.objects.update(due_at=NOW + timedelta(days=300))
    for start in range(0, how_many, 500):
        OutboundMessage.objects.filter(pk__in=pks[start : start + 500]).update(due_at=NOW)
    before = taken_by(port)
    sent, wall, used = workers("deliver", EMAIL_URL=f"smtp://127.0.0.1:{port}")
    say(
        f"| outbox, {sent} mails, {WORKERS} workers | {wall:.1f} | {used:.1f} | {sent / wall:.0f}/s, "
        f"{1000 * used / sent:.1f} ms CPU a mail |"
    )
    if not sent == how_many == taken_by(port) - before == OutboundMessage.objects.filter(status="sent").count():
        raise SystemExit("A mail was lost or doubled.")
    return sent / wall


def measure(cohorts: int, sessions: int, how_many: int) -> bool:
    say("| step | wall s | own CPU s | |\n|---|---|---|---|")
    booked(cohorts, sessions)
    with running_sink() as port:
        mails = prebuilt(how_many)
        first = bare_rate(mails, port)
        ours = outbox_rate(how_many, port)
        bare = (first + bare_rate(mails, port)) / 2
    say(f"\nThe outbox ran at {100 * ours / bare:.0f} % of the bare loop's rate (it has to reach 50 %).")
    return ours >= bare / 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=1000)
    parser.add_argument("--sessions", type=int, default=12)
    parser.add_argument("--mails", type=int, default=4000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with new_site():
        if not given.postgres:
            return 0 if measure(given.cohorts, given.sessions, given.mails) else 1
        from tests.postgres import as_default, migrated_database, running_postgres  # noqa: PLC0415  needs the site

        with running_postgres() as url, migrated_database(url) as database, as_default(database):
            return 0 if measure(given.cohorts, given.sessions, given.mails) else 1


if __name__ == "__main__":
    raise SystemExit(main())
