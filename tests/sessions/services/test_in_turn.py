from threading import Thread

import pytest
from django.db import connection, transaction

from sessions.services.in_turn import in_turn

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_taps_waits_for_who_is_writing():
    order = []

    def second() -> None:
        with in_turn():
            order.append("second")

    waiting = Thread(target=second)
    with in_turn():
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]


def test_nobody_waits_inside_a_transaction_which_may_hold_what_the_other_waits_for():
    done = []

    def inside() -> None:
        with transaction.atomic(), in_turn():
            done.append(True)
        connection.close()

    other = Thread(target=inside)
    with in_turn():
        other.start()
        other.join()

    assert done
