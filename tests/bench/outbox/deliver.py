"""`python -m tests.bench.outbox.deliver WHAT MOMENT`: what a worker does, until nothing is left."""

import resource
import sys
from datetime import datetime

import django


def main() -> None:
    django.setup()
    from dialogue.delivery import deliver_due  # noqa: PLC0415  needs the site
    from sessions.services.booking import book_queued_series  # noqa: PLC0415

    do, now, done = {"deliver": deliver_due, "book": book_queued_series}[sys.argv[1]], sys.argv[2], 0
    used = resource.getrusage(resource.RUSAGE_SELF)
    before = used.ru_utime + used.ru_stime
    while some := do(now=datetime.fromisoformat(now)):
        done += some
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.write(f"{done} {used.ru_utime + used.ru_stime - before:.2f}\n")


if __name__ == "__main__":
    main()
