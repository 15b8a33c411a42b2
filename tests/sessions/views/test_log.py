"""Who did what in a term: whole, in words, found by name, kind, person and day, and nothing of another term."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from dialogue.models import AuditEntry
from dialogue.services import audit
from matching.models import MatchRun
from sessions.log_words import WORDS
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term

pytestmark = pytest.mark.django_db

OWN = re.compile(
    r"safety_|note_|deck_|api_token_|prompt_(approved|left_out|restored|retired|rewritten|taken_in|written)|phone_"
    r"|second_factor|wish_left"
)
"""What is between a person and Madoi, or belongs to the whole host: it stands in no term's log."""


@pytest.fixture
def log(reading, chika, term):
    browser = reading(chika)

    def lines(**query) -> list[tuple[str, str, str]]:
        page = browser.get(reverse("term_log", args=[term.pk]), query)
        return [(str(one.what), one.about, one.by) for one in page.context["lines"]]

    return lines


def note(subject: str, action: str, *, actor=None, days: int = 0, **detail: object) -> None:
    audit.record(actor=actor, action=action, subject_key=subject, now=NOW - timedelta(days=days), detail=detail)


def test_everything_of_the_term_stands_there_the_latest_first(log, term, cohort, chika, aoi):
    session = make_session(cohort)
    run = MatchRun.objects.create(term=term, status="ready", engine_version="v1", created_at=NOW)
    one = term.participations.get(person=aoi)
    for days, (subject, action) in enumerate([
        (f"session:{session.pk}", "session_moved"), (f"cohort:{cohort.pk}", "cohort_locked"),
        (f"run:{run.pk}", "match_run_started"), (f"participation:{one.pk}", "identity_checked"),
        (f"term:{term.pk}", "term_changed"), (f"programme:{term.programme_id}", "coordinator_added"),
    ]):  # fmt: skip
        note(subject, action, actor=chika, days=days)
    note(f"session:{session.pk}", "facilitator_changed", days=9)

    assert [about for _what, about, _by in log()] == [
        f"グループ{cohort.number} 第{session.number}回の対話", f"グループ{cohort.number}", "", "青井 葵", "", "",
        f"グループ{cohort.number} 第{session.number}回の対話",
    ]  # fmt: skip
    assert {by for *_rest, by in log()} == {chika.full_name or chika.preferred_name, ""}


def test_nothing_of_another_term_and_nothing_without_words(log, term, chika):
    other = make_participation(make_term())
    note(f"participation:{other.pk}", "identity_checked", actor=chika)
    note(f"term:{other.term_id}", "term_changed")
    note(f"term:{term.pk}", "something_of_ones_own")

    assert log() == []


def test_it_is_narrowed_by_name_kind_person_and_day(log, term, cohort, chika, aoi, fumi):
    one = term.participations.get(person=aoi)
    note(f"participation:{one.pk}", "identity_checked", actor=chika)
    note(f"cohort:{cohort.pk}", "cohort_locked", actor=fumi, days=3)
    note(f"cohort:{cohort.pk}", "series_booked", days=5)

    assert [about for _what, about, _by in log(q="あおい")] == ["青井 葵"]
    assert log(q="だれも") == []
    assert len(log(what="cohorts")) == 1
    assert len(log(what="made-up")) == 3
    assert [by for *_rest, by in log(by=fumi.pk)] == [fumi.full_name or fumi.preferred_name]
    assert [by for *_rest, by in log(by="0")] == [""]
    assert len(log(until=f"{NOW - timedelta(days=3):%Y-%m-%d}")) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_as_much_for_three_of_each_as_for_one(reading, chika, term, number, django_assert_num_queries):
    for _ in range(number):
        cohort = make_cohort(term)
        session = make_session(cohort)
        one = make_participation(term)
        subjects = {"participation": one, "cohort": cohort, "session": session}
        for kind, action in (("participation", "signed_up"), ("cohort", "cohort_locked"), ("session", "session_moved")):
            note(f"{kind}:{subjects[kind].pk}", action, actor=one.person)
    browser = reading(chika)
    browser.get(reverse("term_log", args=[term.pk]))

    with django_assert_num_queries(10):
        browser.get(reverse("term_log", args=[term.pk]))


def test_no_detail_of_an_entry_is_shown(reading, chika, term):
    note(f"term:{term.pk}", "term_changed", actor=chika, reason="canary-of-a-detail")

    assert "canary-of-a-detail" not in reading(chika).get(reverse("term_log", args=[term.pk])).content.decode()


def test_whatever_coordinators_do_has_words():
    """An action that is written down anywhere has words, or is one that is not shown on purpose."""
    root = Path(django_settings.BASE_DIR)
    sources = [path for app in ("dialogue", "matching", "sessions") for path in (root / app).rglob("services/*.py")]
    found = {name for path in sources for name in re.findall(r'\baction="([a-z_]+)"', path.read_text("utf-8"))}
    assert len(found) > 50

    assert {name for name in found - set(WORDS) if not OWN.match(name)} <= NOT_OF_A_TERM


NOT_OF_A_TERM = {
    "address_corrected", "message_sent_again", "partner_added", "person_erased", "stepped_in", "note_reported",
    "facilitator_back",
}  # fmt: skip
"""Kept under a person, a message or a partner of the host; or what facilitators arrange among themselves."""


def test_stranger_finds_no_log(reading, sam, term):
    assert reading(sam).get(reverse("term_log", args=[term.pk])).status_code == 404


def test_term_in_which_nothing_was_done_says_so(reading, chika):
    term = make_term(coordinator=chika)
    AuditEntry.objects.all().delete()

    page = reading(chika).get(reverse("term_log", args=[term.pk])).content.decode()

    assert "この期では、まだ何も行われていません。" in page
