"""`python -m tests.bench.outbox.deliver MOMENT`: what a worker does, until nothing is due at that moment."""

import resource
import sys
from datetime import datetime

import django


def main() -> None:
    django.setup()
    from dialogue.delivery import deliver_due  # noqa: PLC0415  needs the site

    now, sent = datetime.fromisoformat(sys.argv[1]), 0
    while some := deliver_due(now=now):
        sent += some
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.write(f"{sent} {used.ru_utime + used.ru_stime:.2f}\n")


if __name__ == "__main__":
    main()
