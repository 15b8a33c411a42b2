"""The matrix would see it: a new route, a scope taken out, a field too many, a hint of a block, a word in a log."""

import logging
from base64 import b64decode

import pytest
from django.db import connection
from django.urls import reverse

from dialogue.models import OutboundMessage, PairWish, Programme, Term
from dialogue.prepared import forget_all
from dialogue.querysets import CohortQuerySet, ParticipationQuerySet, TermQuerySet
from matching.querysets import MatchRunQuerySet
from sessions.people_reading import Expected
from sessions.querysets import (
    DialogueSessionQuerySet,
    GreetingCardQuerySet,
    ReflectionQuerySet,
    SafetyMarkQuerySet,
    SmallStepQuerySet,
)
from tests.authz import matrix
from tests.authz.canaries import found

ROWS = matrix.rows()


def test_walker_sees_a_route_without_a_row():
    assert matrix.unmatched("tests.authz.one_more") == ({"unguarded"}, set())


@pytest.fixture
def prepared_anew():
    """Statements that were put together under a scope outlive it, so they are dropped on either side."""
    forget_all()
    yield forget_all
    forget_all()


@pytest.mark.parametrize(
    ("rows", "scope", "route", "role"),
    [
        (TermQuerySet, "managed_by", "term", "yuki"),
        (TermQuerySet, "visible_to", "api_term", "former"),
        (ParticipationQuerySet, "managed_by", "participation_end", "yuki"),
        (CohortQuerySet, "managed_by", "cohort", "aoi"),
        (CohortQuerySet, "visible_to", "api_cohort", "haru"),
        (MatchRunQuerySet, "managed_by", "run_publish", "yuki"),
        (DialogueSessionQuerySet, "visible_to", "session", "rei"),
        (DialogueSessionQuerySet, "attended_by", "session_answer", "fumi"),
        (ReflectionQuerySet, "of", "session_reflection", "aoi"),
        (SafetyMarkQuerySet, "told_to", "safety_take_up", "fumi"),
        (SmallStepQuerySet, "of", "session_reflection", "aoi"),
        (GreetingCardQuerySet, "readable_by", "session_eve", "chika"),
    ],
)
def test_matrix_sees_a_scope_taken_out(rows, scope, route, role, world, monkeypatch, prepared_anew):
    assert matrix.troubles(world, ROWS[route], roles=[role], methods=["GET", "POST"]) == []

    monkeypatch.setattr(rows, scope, lambda self, reader: self.order_by("-pk"))
    prepared_anew()

    assert matrix.troubles(world, ROWS[route], roles=[role], methods=["GET", "POST"]) != []


def test_scan_sees_an_address_among_the_names(world, monkeypatch):
    monkeypatch.setattr(
        "sessions.views.participant.expected_at",
        lambda session: [Expected(person_id=1, name=world.people["takeshi"].email, answer="")],
    )

    assert matrix.troubles(world, ROWS["session"], roles=["aoi"], methods=["GET"]) == [
        "GET session as aoi: tells ['mail-takeshi']"
    ]


def test_scan_reads_birth_years_and_folded_lines(world):
    year = world.people["takeshi"].birth_year

    assert set(found(world, f"<td>{year}</td> DESCRIPTION:zq-mail-ta\r\n keshi")) == {
        ("birth", "takeshi"),
        ("mail", "takeshi"),
    }


def test_block_shows_nowhere(world):
    """Who is blocked could otherwise tell from what a page says or leaves out."""

    def seen() -> dict[str, int]:
        pages = ["home", "facilitator", "session", "api_terms", "api_term", "api_cohort", "api_session", "api_sessions"]
        return {
            f"{page} {role}": len(matrix.text_of(matrix.ask(world, ROWS[page], role, "GET")))
            for page in pages
            for role in ("aoi", "haru", "fumi")
        }

    with_the_block = seen()
    PairWish.objects.all().delete()

    assert seen() == with_the_block


def test_private_words_are_in_no_log_message_cache_or_column(world, caplog, settings):
    caplog.set_level(logging.DEBUG)
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"token": "100/min"}}
    for route in (
        "session",
        "session_reflection",
        "term_people",
        "run_publish",
        "api_session",
        "calendar_feed",
    ):
        matrix.troubles(world, ROWS[route], roles=["anonymous", "aoi", "chika"])
    for route, role in (("session_record", "fumi"), ("safety", "sachi")):
        matrix.troubles(world, ROWS[route], roles=[role])
    world.programs["aoi"].get("/api/v1/sessions/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM django_cache")
        kept = "\n".join(f"{key} {b64decode(value).decode('latin-1')}" for key, value in cursor.fetchall())

    assert "api-token" in kept
    assert list(found(world, kept)) == []
    logged = "\n".join(f"{record.getMessage()} {record.__dict__.get('fields', '')}" for record in caplog.records)
    assert list(found(world, logged)) == []
    queued = OutboundMessage.objects.exclude(recipient=world.people["takeshi"])
    assert list(found(world, str(list(queued.values("context", "dedupe_key", "subject_key", "kind"))))) == []
    stored = list(found(world, "\n".join(matrix.dump())))
    assert stored
    assert not [kind for kind, _ in stored if kind in {"story", "step", "hail", "dear", "token", "safety"}]


def test_programme_of_others_cannot_be_named_in_a_form(world):
    """A coordinator who sends another's ids in the body meets the same wall as in the address."""
    others = Programme.objects.get(name="zq-programme-a")
    before = Term.objects.count()
    values = {"programme": others.pk, "name": "Mine", "starts_on": "2027-01-10", "cadence": "weekly"}

    answer = world.browsers["yuki"].post(reverse("term_new"), values)

    assert (answer.status_code, Term.objects.count()) == (200, before)
