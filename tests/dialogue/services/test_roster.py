"""What a roster changes, and what it leaves alone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dialogue.core.roster import read_facilitators, read_participants
from dialogue.core.roster.cells import Interest
from dialogue.core.week import WeeklyWindow
from dialogue.models import (
    AuditEntry,
    AvailabilityWindow,
    Cohort,
    ConsentRecord,
    Facilitation,
    Generation,
    PairWish,
    Participation,
    Person,
)
from dialogue.services.cohorts import end_participation
from dialogue.services.roster import Outcome, import_facilitators, import_participants
from dialogue.services.roster_rows import ConsentStatement
from tests.factories import make_cohort, make_participation, make_person, make_term

pytestmark = pytest.mark.django_db

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CONSENT = ConsentStatement(collected_by="ほたび", given_on=date(2026, 11, 1), text_version="take-part-v1")


@pytest.fixture(scope="module")
def rows():
    """The first four people of the sample roster."""
    content = (ROSTERS / "roster.csv").read_bytes()
    everyone = read_participants(content=content, filename="roster.csv", today=NOW.date()).rows
    return [replace(row, keep_apart=(), keep_together=()) for row in everyone[:4]]


def bring(term, rows, *, consent=CONSENT) -> Outcome:
    return import_participants(term=term, rows=rows, consent=consent, now=NOW)


def of(term, row) -> Participation:
    return Participation.objects.get(term=term, person__email=row.email)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"preferred_name": "たーくん"}, lambda one: one.person.preferred_name == "たーくん"),
        ({"zone": "America/New_York"}, lambda one: one.person.zone == "America/New_York"),
        ({"generation": Generation.STUDENT}, lambda one: one.generation == "student"),
        ({"languages": ("en", "ja")}, lambda one: one.languages == ["en", "ja"]),
        ({"interests": (Interest("星", 5),)}, lambda one: one.interests == {"星": 5}),
        ({"affiliation": "ＡＢＣ 工房"}, lambda one: one.affiliation.name == "ＡＢＣ 工房"),
        ({"partner": "みなと校友会"}, lambda one: one.partner.name == "みなと校友会"),
        ({"under_18_or_high_school": True}, lambda one: one.under_18),
        (
            {"windows": (WeeklyWindow(2, 1080, 1200),)},
            lambda one: list(one.windows.values_list("weekday", "starts", "ends")) == [(2, 1080, 1200)],
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_changed_row_changes_its_person_and_nobody_else(term, rows, change, seen):
    bring(term, rows)
    others = list(Participation.objects.exclude(person__email=rows[0].email).order_by("pk").values())

    outcome = bring(term, [replace(rows[0], **change), *rows[1:]])

    assert outcome == Outcome(added=0, updated=1, unchanged=3)
    assert seen(of(term, rows[0]))
    assert list(Participation.objects.exclude(person__email=rows[0].email).order_by("pk").values()) == others


def test_the_same_roster_twice_writes_one_row_of_everything(term, rows):
    bring(term, rows)
    before = (Person.objects.count(), ConsentRecord.objects.count(), AvailabilityWindow.objects.count())

    assert bring(term, rows) == Outcome(added=0, updated=0, unchanged=4)
    assert (Person.objects.count(), ConsentRecord.objects.count(), AvailabilityWindow.objects.count()) == before


def test_a_row_that_is_missing_from_the_next_file_stays(term, rows):
    bring(term, rows)

    bring(term, rows[:1])

    assert term.participations.waiting().count() == 4


def test_somebody_known_from_another_programme_keeps_their_name_and_zone(term, rows):
    known = make_person("もとの名", email=rows[0].email, zone="Europe/Paris")
    make_participation(make_term(), known)

    bring(term, rows)

    known.refresh_from_db()
    assert (known.preferred_name, known.zone) == ("もとの名", "Europe/Paris")
    assert of(term, rows[0]).person == known


def test_somebody_of_this_programme_is_brought_up_to_date(term, rows):
    known = make_person("もとの名", email=rows[0].email)
    make_participation(make_term(programme=term.programme), known)

    bring(term, rows)

    known.refresh_from_db()
    assert known.preferred_name == rows[0].preferred_name


def test_somebody_who_left_stays_out(term, rows):
    bring(term, rows)
    end_participation(participation_id=of(term, rows[0]).pk, now=NOW)

    outcome = bring(term, [replace(rows[0], languages=("en",), windows=(WeeklyWindow(2, 1080, 1200),)), *rows[1:]])

    left = of(term, rows[0])
    assert (left.status, left.ended_at, left.languages) == ("ended", NOW, list(rows[0].languages))
    assert not left.windows.filter(weekday=2, starts=1080).exists()
    assert not outcome.added
    assert term.participations.to_be_matched().count() == 3


def test_wishes_follow_the_file_and_blocks_stay(term, rows):
    first, second, third, fourth = rows
    bring(term, [replace(first, keep_together=(second.email,)), second, third, fourth])
    one, other = sorted((of(term, third).pk, of(term, fourth).pk))
    PairWish.objects.create(term=term, first_id=one, second_id=other, kind=PairWish.Kind.BLOCKED)

    outcome = bring(
        term, [replace(first, keep_apart=(third.email,)), second, replace(third, keep_together=(fourth.email,)), fourth]
    )

    wishes = {frozenset((wish.first_id, wish.second_id)): wish.kind for wish in PairWish.objects.all()}
    assert wishes == {
        frozenset((of(term, first).pk, of(term, third).pk)): "apart",
        frozenset((one, other)): "blocked",
    }
    assert outcome.updated == 3


def test_consent_that_comes_later_releases_who_waits_for_it(term, rows):
    bring(term, rows, consent=None)
    end_participation(participation_id=of(term, rows[3]).pk, now=NOW)
    assert not term.participations.to_be_matched().exists()

    bring(term, rows)

    assert set(term.participations.waiting().values_list("waiting_reason", flat=True)) == {"matching"}
    assert term.participations.to_be_matched().count() == 3
    assert set(ConsentRecord.objects.values_list("collected_by", "text_version", "given_on", "method")) == {
        ("ほたび", "take-part-v1", date(2026, 11, 1), "roster")
    }


def test_a_file_without_the_statement_takes_no_consent_away(term, rows):
    bring(term, rows)

    bring(term, rows, consent=None)

    assert term.participations.to_be_matched().count() == 4


def test_a_placed_person_whose_generation_changes_has_their_cohort_marked(term, rows):
    bring(term, rows[:1])
    cohort = make_cohort(term, fill=True)
    leaver = cohort.memberships.filter(participation__generation="alumni").first()
    placed = of(term, replace(rows[0], generation=Generation.ALUMNI))
    Participation.objects.filter(pk=placed.pk).update(status="placed", waiting_reason="", generation="alumni")
    leaver.participation = placed
    leaver.save()
    mail_row = replace(rows[0], generation=Generation.ALUMNI)
    bring(term, [mail_row])
    cohort.refresh_from_db()
    assert cohort.status == Cohort.Status.ACTIVE

    bring(term, [replace(rows[0], generation=Generation.STUDENT)])

    cohort.refresh_from_db()
    assert cohort.status == Cohort.Status.NEEDS_REPAIR


def test_affiliations_that_differ_in_width_or_case_are_one(term, rows):
    bring(term, [replace(rows[0], affiliation="ＡＢＣ工房"), replace(rows[1], affiliation="abc 工房"), *rows[2:]])

    assert of(term, rows[0]).affiliation == of(term, rows[1]).affiliation


def test_the_log_says_how_many_and_no_names(term, rows, chika):
    import_participants(term=term, rows=rows, consent=CONSENT, now=NOW, actor=chika)

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.detail) == (
        chika,
        "roster_imported",
        {"added": 4, "updated": 0, "unchanged": 0},
    )


def test_people_are_read_in_the_language_they_speak(term, rows):
    bring(term, [replace(rows[0], languages=("en",)), *rows[1:]])

    assert of(term, rows[0]).person.language == "en"
    assert of(term, rows[1]).person.language == "ja"


def test_facilitators_are_added_once_and_brought_up_to_date(term):
    content = (ROSTERS / "facilitators.csv").read_bytes()
    rows = read_facilitators(content=content, filename="facilitators.csv").rows
    first = import_facilitators(term=term, rows=rows, now=NOW)

    changed = replace(rows[0], max_cohorts=4, windows=(WeeklyWindow(0, 600, 720),))
    second = import_facilitators(term=term, rows=[changed, *rows[1:]], now=NOW)

    assert (first.added, second) == (6, Outcome(added=0, updated=1, unchanged=5))
    one = Facilitation.objects.get(person__email=rows[0].email)
    assert (one.max_cohorts, list(one.windows.values_list("weekday", "starts", "ends"))) == (4, [(0, 600, 720)])
