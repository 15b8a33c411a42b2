"""The coordinators' week: when it leaves, and what waits for somebody in it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Person
from sessions.models import DialogueSession, Gathering, Postponement, QuorumDanger
from sessions.services.seasons import queue_season_letters
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=TOKYO)


@pytest.fixture
def session(settings, chika, fumi) -> DialogueSession:
    settings.BASE_URL = "https://madoi.example.org"
    return make_session(make_cohort(make_term(coordinator=chika), facilitator=fumi))


def digests() -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(kind="staff_digest").select_related("recipient").order_by("due_at"))


def body_of(person: Person, now: datetime = MONDAY) -> str:
    queue_season_letters(now=now.astimezone(UTC))
    [row] = digests()
    assert row.recipient == person
    return composed(row, kinds()[row.kind], now).body


@pytest.mark.parametrize(
    ("late", "leaves"),
    [
        (timedelta(minutes=-1), False),
        (timedelta(), True),
        (timedelta(hours=6), True),
        (timedelta(hours=12), False),  # eight in the evening
        (timedelta(days=1, hours=-1), False),  # before eight in the morning
        (timedelta(days=1), True),
        (timedelta(days=6, hours=11), True),
    ],
)
def test_it_leaves_on_monday_morning_or_by_day_as_soon_as_something_runs_again(session, late, leaves):
    DialogueSession.objects.update(starts_at=MONDAY + timedelta(days=9), ends_at=MONDAY + timedelta(days=9, hours=1))

    queue_season_letters(now=(MONDAY + late).astimezone(UTC))

    assert len(digests()) == leaves


def test_it_leaves_once_in_a_week_and_until_the_next_one_is_not_too_late(session):
    DialogueSession.objects.update(starts_at=MONDAY + timedelta(days=9), ends_at=MONDAY + timedelta(days=9, hours=1))
    for hours in (1, 2, 26, 100):
        queue_season_letters(now=(MONDAY + timedelta(hours=hours)).astimezone(UTC))
    [first] = digests()
    assert first.expires_at == MONDAY + timedelta(days=7)

    queue_season_letters(now=(MONDAY + timedelta(days=7)).astimezone(UTC))
    assert len(digests()) == 2


def test_what_began_after_the_morning_waits_for_the_next(session):
    DialogueSession.objects.update(created_at=MONDAY + timedelta(hours=1))

    queue_season_letters(now=(MONDAY + timedelta(hours=2)).astimezone(UTC))

    assert digests() == []


def test_where_nothing_waits_it_says_so_and_counts_nothing(session, chika):
    body = body_of(chika)

    assert "対応の必要なことは、ありません。" in body
    assert "　0" not in body


def test_each_thing_that_waits_is_a_count_with_its_page(session, chika, aoi):
    term = session.cohort.term
    QuorumDanger.objects.create(session=session, starts_at=session.starts_at, found_at=NOW)
    make_session(session.cohort, starts_at=MONDAY - timedelta(days=3))
    make_cohort(term, status="needs_repair")
    for status in ("dead", "uncertain", "held"):
        OutboundMessage.objects.create(
            kind="invitation", recipient=aoi, subject_key=f"session:{session.pk}", status=status, due_at=NOW,
            dedupe_key=status, created_at=NOW, message_id=f"<{status}@x>",
        )  # fmt: skip
    put_off = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7), status="proposed")
    Postponement.objects.create(session=put_off, made_at=NOW)
    Gathering.objects.create(term=term, kind="kickoff", uid="g", closes_at=NOW, created_at=NOW, changed_at=NOW)
    make_participation(term)

    site = "https://madoi.example.org"
    pages = ["quorum/", "postponed/", "gatherings/", "cohorts/", "messages/?show=trouble", "waiting/"]
    ours = [f"{site}/terms/{term.pk}/{page}" for page in pages]
    for language, lines in (
        ("ja", ["開けない回　1回", "ない回　1回", "全体会　1件", "グループ　1組", "お知らせ　3通", "いる人　1名"]),
        ("en", ["they stand: 1", "new date: 1", "a date: 1", "need repair: 1", "have arrived: 3", "a cohort: 1"]),
    ):
        Person.objects.filter(pk=chika.pk).update(language=language)
        body = body_of(chika)
        for line, page in zip(lines, ours, strict=True):
            assert f"{line}\n{page}\n" in body
        assert f"1{'回' if language == 'ja' else ''}\n{site}/today/" in body
        assert "対応の必要なことは" not in body
        assert "Nothing waits" not in body
