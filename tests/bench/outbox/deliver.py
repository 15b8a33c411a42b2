"""`python -m tests.bench.outbox.deliver WHAT MOMENT`: what a worker does, until nothing is left.

A worker lives for weeks: it says that it is ready once it has loaded and written a first letter, and begins when told.
"""

import resource
import sys
from datetime import datetime

import django


def main() -> None:
    django.setup()
    from dialogue.delivery import deliver_due  # noqa: PLC0415  needs the site
    from sessions.services.booking import book_queued_series  # noqa: PLC0415

    do, now, done = {"deliver": deliver_due, "book": book_queued_series}[sys.argv[1]], sys.argv[2], 0
    load(datetime.fromisoformat(now))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    used = resource.getrusage(resource.RUSAGE_SELF)
    before = used.ru_utime + used.ru_stime
    while some := do(now=datetime.fromisoformat(now)):
        done += some
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.write(f"{done} {used.ru_utime + used.ru_stime - before:.2f}\n")


def load(now: datetime) -> None:
    """Write one letter and send it nowhere: templates, words and addresses are in memory from then on."""
    from dialogue.delivery import composed  # noqa: PLC0415  needs the site
    from dialogue.message_kinds import kinds  # noqa: PLC0415
    from dialogue.models import OutboundMessage  # noqa: PLC0415

    for row in OutboundMessage.objects.filter(kind="invitation").select_related("recipient")[:1]:
        composed(row, kinds()["invitation"], now).as_bytes()


if __name__ == "__main__":
    main()
