"""Celery's way in: read the clock once, then call the domain."""

import random

from celery import shared_task
from django.conf import settings

from dialogue import clock
from dialogue.services.wiping import empty_write_ahead_log
from sessions.services.after import drop_old_marks
from sessions.services.alone import pass_over_the_silent
from sessions.services.booking import book_queued_series
from sessions.services.bringing import drop_brought
from sessions.services.forgetting import erase_the_forgotten, forget_after_a_year
from sessions.services.greeting import drop_ended_cards
from sessions.services.quorum import check_quorum
from sessions.services.reading_replies import read_replies
from sessions.services.rescheduling import look_after_choices
from sessions.services.rescuing import decide_where_madoi_may
from sessions.services.room_signals import drop_old_signals
from sessions.services.rooms import look_after_rooms
from sessions.services.seasons import queue_season_letters
from sessions.services.standing_by import pass_on_standby_asks
from sessions.services.standing_in import pass_on_asks


@shared_task(name="sessions.book_queued_series", ignore_result=True)
def book_queued_series_task() -> None:
    """Every 30 seconds and after each publish. Safe to run late, twice or in parallel."""
    book_queued_series(now=clock.now(), turn=random.randrange(1000))  # noqa: S311  no secret


@shared_task(name="sessions.look_after_quorum", ignore_result=True)
def look_after_quorum_task() -> None:
    """Every minute. Safe to run late, twice or in parallel: each step claims its row."""
    now = clock.now()
    check_quorum(now=now)
    pass_over_the_silent(now=now)
    pass_on_asks(now=now)
    pass_on_standby_asks(now=now)
    look_after_choices(now=now)
    decide_where_madoi_may(now=now)


@shared_task(name="sessions.queue_season_letters", ignore_result=True)
def queue_season_letters_task() -> None:
    """Every ten minutes. Safe to run late, twice or in parallel: each letter has its own key."""
    queue_season_letters(now=clock.now())


@shared_task(name="sessions.read_calendar_replies", ignore_result=True)
def read_calendar_replies_task() -> None:
    """Every five minutes, where a mailbox is named. Safe to run late, twice or in parallel: the mailbox is locked."""
    if settings.REPLIES_FROM:
        read_replies(url=settings.REPLIES_FROM, now=clock.now())


@shared_task(name="sessions.drop_what_has_ended", ignore_result=True)
def drop_what_has_ended_task() -> None:
    """Every hour. Safe to run late, twice or in parallel: deleting is its own claim."""
    now = clock.now()
    drop_old_marks(now=now)
    drop_ended_cards(now=now)
    drop_brought(now=now)
    forget_after_a_year(now=now)
    erase_the_forgotten(now=now)


@shared_task(name="sessions.look_after_rooms", ignore_result=True)
def look_after_rooms_task() -> None:
    """Every minute. Safe to run late, twice or in parallel: closing a room twice is harmless."""
    now = clock.now()
    drop_old_signals(now=now)
    look_after_rooms(now=now)
    empty_write_ahead_log()
