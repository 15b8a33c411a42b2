"""Two thousand orders of fifty steps each: `python3 bin/madoi test --long machine`.

Booking, moving, putting off, finding a date, answering, leaving, gatherings, posting, crashes and retries in any order,
with every rule of `tests/sessions/any_order.py` checked after each step. `MADOI_ORDERS=200` tries fewer,
`MADOI_ORDER_STEPS=25` shorter ones, `MADOI_ORDER_SEED=2` others. Prints a row for docs/reliability.md; what breaks a
rule is cut down to the fewest steps that do, and printed.
"""

import os
import sys
import time

import pytest

from tests.sessions.any_order import AnyOrder, try_orders

ORDERS = int(os.environ.get("MADOI_ORDERS", "2000"))
STEPS = int(os.environ.get("MADOI_ORDER_STEPS", "50"))
SEED = int(os.environ.get("MADOI_ORDER_SEED", "1"))


@pytest.mark.timeout(0)
@pytest.mark.django_db
def test_two_thousand_orders_break_no_rule(settings, capsys):
    settings.EMAIL_BACKEND = "tests.sessions.post.Post"
    settings.BASE_URL = "https://madoi.example.org"
    began = time.process_time()

    try_orders(orders=ORDERS, steps=STEPS, seed_=SEED)

    lived, seconds = AnyOrder.lived, time.process_time() - began
    with capsys.disabled():
        sys.stdout.write(
            "\n| seed | orders | steps | mails that arrived | rules broken | processor seconds |\n"
            "|---|---|---|---|---|---|\n"
            f"| {SEED} | {lived['orders']} | {lived['steps']} | {lived['mails']} | 0 | {seconds:.0f} |\n"
        )
