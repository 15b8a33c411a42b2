"""In any order the rules hold. MADOI_ORDERS and MADOI_ORDER_STEPS try more orders, and longer ones."""

import os

import pytest

from tests.sessions.any_order import try_orders
from tests.thoroughness import EVERYTHING

ORDERS = int(os.environ.get("MADOI_ORDERS", "12" if EVERYTHING else "4"))
STEPS = int(os.environ.get("MADOI_ORDER_STEPS", "25" if EVERYTHING else "15"))


@pytest.mark.django_db
def test_in_any_order_the_rules_hold(settings):
    settings.EMAIL_BACKEND = "tests.sessions.post.Post"
    settings.BASE_URL = "https://madoi.example.org"
    try_orders(orders=ORDERS, steps=STEPS)
