"""前日のしおり in a browser: who comes, how deep and what to say, on one screen of a phone, in both languages."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from sessions.models import Attendance, FacilitatorRecord
from sessions.services.greeting import show_card
from tests.factories import NOW, make_member, make_person, make_session

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SMALL = """[...document.querySelectorAll('[data-eve] *')]
  .filter(each => parseFloat(getComputedStyle(each).fontSize) < 16).map(each => each.outerHTML.slice(0, 80))"""
ANSWERS = ("yes", "yes", "yes", "late", "no", "none")


@pytest.fixture
def full(session):
    """The second session of a cohort: every answer was given, people wrote something, a record says how deep."""
    for name in ("さくらこ", "けんたろう"):
        make_member(session.cohort, make_person(name))
    following = make_session(session.cohort, starts_at=session.starts_at.replace(day=15))
    session.session_prompts.update(session=following)
    people = Attendance.objects.filter(session=following).order_by("pk")
    for attendance, answer in zip(people, ANSWERS, strict=False):
        attendance.answer = answer
        attendance.answered_at = None if answer == "none" else NOW
        attendance.late_minutes = 10 if answer == "late" else None
        attendance.hello = "みなさんによろしく" if answer == "no" else ""
        attendance.brings_cards = answer == "late"
        attendance.save()
    show_card(
        cohort_id=session.cohort_id,
        person=people[0].person,
        interests=[],
        question="season",
        line="雪の朝のしずけさ",
        now=NOW,
    )
    FacilitatorRecord.objects.create(
        session=session, author=session.facilitator, next_depth="deeper", saved_at=NOW, finished_at=NOW
    )
    return following


@pytest.mark.parametrize("language", ["ja", "en"])
def test_one_screen_of_a_phone_holds_all_of_it(browser: Browser, live_server, full, fumi, language):
    fumi.language = language
    fumi.save()
    client = Client()
    client.force_login(fumi)
    context = browser.new_context(locale=language, viewport={"width": 360, "height": 740}, has_touch=True)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context.add_cookies([{**cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("session_eve", args=[full.pk]))

    wide, bottom = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('[data-eve]').getBoundingClientRect().bottom]"
    )
    small = page.evaluate(SMALL)
    context.close()

    assert bottom <= 740
    assert wide <= 360
    assert small == []
