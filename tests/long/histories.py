"""Ten thousand random histories, replayed in calendars: `python3 bin/madoi test --long histories`.

Prints a table for docs/reliability.md: how many histories, steps and calendar objects, and what went wrong. About two
hours of processor time; `MADOI_HISTORIES=500` runs fewer, `MADOI_HISTORIES_FIRST=2000` begins there, so that a long run
can be made in parts. Every tenth history sends whole mails. `MADOI_HISTORIES_FAMILY=wide` has two cohorts that lend
each other people, and sessions that are put off (`tests/sessions/histories_wide.py`).
"""

import os
import random
import sys
import time
from collections import Counter

import pytest
from django.db import transaction

from tests.sessions.histories import ZONES, History, World
from tests.sessions.histories_wide import WideHistory, WideWorld

HISTORIES = int(os.environ.get("MADOI_HISTORIES", "10000"))
FIRST = int(os.environ.get("MADOI_HISTORIES_FIRST", "0"))
WHOLE_EVERY = 10
FAMILIES = {"": (World, History, int), "wide": (WideWorld, WideHistory, "wide.{}".format)}
"""By family: where its histories take place, what they are, and which seed a number has."""

make_world, make_history, seed_of = FAMILIES[os.environ.get("MADOI_HISTORIES_FAMILY", "")]


@pytest.mark.timeout(0)
@pytest.mark.django_db
def test_ten_thousand_histories_leave_no_ghost_no_duplicate_and_the_right_time(settings, capsys):
    settings.BASE_URL = "https://madoi.example.org"
    world = make_world.make()
    steps: Counter[str] = Counter()
    read = stale = 0
    wrong = []
    began = time.process_time()
    for number in range(FIRST, FIRST + HISTORIES):
        with transaction.atomic():
            history = make_history(world, random.Random(seed_of(number)), is_whole=number % WHOLE_EVERY == 0)
            try:
                history.run()
            except AssertionError as error:
                wrong.append(f"history {number}: {error}")
            steps += history.steps
            read += sum(calendar.told for calendar in history.calendars.values())
            stale += sum(calendar.stale for calendar in history.calendars.values())
            transaction.set_rollback(True)
    table = {
        **{f"steps: {name}": count for name, count in sorted(steps.items())},
        "calendar objects taken in": read,
        "that came too late and were passed over": stale,
        "zones compared": len(ZONES),
        "wrong pictures": len(wrong),
        "processor seconds": round(time.process_time() - began),
    }
    which = f"{FIRST} to {FIRST + HISTORIES - 1}"
    lines = [f"| histories | {which} |", "|---|---|", *(f"| {name} | {count} |" for name, count in table.items())]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))
    assert not wrong, "\n".join(wrong[:10])
