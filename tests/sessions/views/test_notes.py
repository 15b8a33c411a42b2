"""ひとこと帳: read by the circle alone, short, taken back, reported, and closed with the term."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import Membership, OutboundMessage, StaffRole
from dialogue.services.cohorts import end_participation
from sessions.models import CohortNote, DialogueSession
from sessions.services.noting import (
    MOST_IN_A_DAY,
    NotebookClosed,
    TooManyNotes,
    report_note,
    settle_report,
    take_note_back,
    write_note,
)
from tests.factories import NOW, make_cohort, make_session, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(chika, aoi, takeshi, fumi):
    return make_cohort(make_term(coordinator=chika), students=(aoi,), alumni=(takeshi,), facilitator=fumi)


@pytest.fixture
def note(cohort, aoi):
    return write_note(cohort_id=cohort.pk, author=aoi, text="先日の<b>灯</b>の話\n心に残りました", now=NOW)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def book(cohort) -> str:
    return reverse("notebook", args=[cohort.pk])


# Writing and reading


def test_a_note_is_read_by_the_cohort_and_its_facilitator_as_it_was_typed(cohort, note, takeshi, fumi):
    for person in (takeshi, fumi):
        page = client_of(person).get(book(cohort)).content.decode()
        assert "先日の&lt;b&gt;灯&lt;/b&gt;の話<br>心に残りました" in page


def test_a_note_is_written_on_the_page_and_mails_nobody(cohort, takeshi):
    answer = client_of(takeshi).post(book(cohort), {"text": "  ありがとう  "}, follow=True)

    assert "ありがとう" in answer.content.decode()
    assert [one.text for one in CohortNote.objects.all()] == ["ありがとう"]
    assert not OutboundMessage.objects.exists()


def test_no_coordinator_and_nobody_who_left_reads_along(cohort, note, chika, aoi):
    end_participation(participation_id=Membership.objects.get(participation__person=aoi).participation_id, now=NOW)

    for person in (chika, aoi):
        assert client_of(person).get(book(cohort)).status_code == 404
    with pytest.raises(CohortNote.DoesNotExist):
        take_note_back(note_id=note.pk, author=aoi)


def test_words_are_encrypted_where_they_lie(note):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM dialogue_sessions_cohortnote")
        assert "灯" not in cursor.fetchone()[0]


@pytest.mark.parametrize("text", ["", "   ", "あ" * 201])
def test_a_note_without_words_or_with_too_many_is_refused_by_name_and_kept_in_the_form(cohort, aoi, text):
    answer = client_of(aoi).post(book(cohort), {"text": text})
    page = answer.content.decode()

    assert answer.status_code == 200
    assert 'href="#id_text"' in page
    assert text.strip() in page
    assert not CohortNote.objects.exists()
    with pytest.raises(ValueError, match="characters"):
        write_note(cohort_id=cohort.pk, author=aoi, text=text, now=NOW)


def test_a_button_pressed_twice_writes_one_note(cohort, aoi, note):
    again = write_note(cohort_id=cohort.pk, author=aoi, text=note.text, now=NOW + timedelta(seconds=20))
    later = write_note(cohort_id=cohort.pk, author=aoi, text=note.text, now=NOW + timedelta(minutes=2))

    assert again == note
    assert later != note


def test_a_flood_is_stopped_until_tomorrow(cohort, aoi):
    for number in range(MOST_IN_A_DAY):
        write_note(cohort_id=cohort.pk, author=aoi, text=f"{number}", now=NOW)
    with pytest.raises(TooManyNotes):
        write_note(cohort_id=cohort.pk, author=aoi, text="more", now=NOW + timedelta(hours=23))

    assert write_note(cohort_id=cohort.pk, author=aoi, text="more", now=NOW + timedelta(hours=25))


def test_the_notebook_closes_two_weeks_after_the_last_session_and_stays_to_be_read(cohort, note, aoi, at):
    session = make_session(cohort)
    closes = session.ends_at + timedelta(days=14)

    write_note(cohort_id=cohort.pk, author=aoi, text="間に合いました", now=closes - timedelta(minutes=1))
    with pytest.raises(NotebookClosed):
        write_note(cohort_id=cohort.pk, author=aoi, text="遅れました", now=closes)
    at(closes)
    page = client_of(aoi).get(book(cohort)).content.decode()
    assert "2週間後か、グループが終わったときに閉じます" in page
    assert "心に残りました" in page
    assert "<textarea" not in page
    answer = client_of(aoi).post(book(cohort), {"text": "遅れました"}).content.decode()
    assert "そのあいだに閉じたので、保存していません" in answer
    assert "遅れました" in answer  # what was typed is not lost


def test_a_cancelled_last_session_does_not_hold_the_notebook_open(cohort, aoi):
    first = make_session(cohort)
    make_session(cohort, starts_at=first.starts_at + timedelta(days=70), status=DialogueSession.Status.CANCELLED)

    with pytest.raises(NotebookClosed):
        write_note(cohort_id=cohort.pk, author=aoi, text="もう", now=first.ends_at + timedelta(days=15))


def test_a_note_that_advises_is_asked_once_for_a_scene_and_goes_with_the_next_press(cohort, aoi):
    client = client_of(aoi)
    said = {"text": "若いうちに留学したほうがいいですよ。"}
    page = client.post(book(cohort), said).content.decode()

    assert 'id="own-scene"' in page
    assert said["text"] in page.partition("<textarea")[2]
    assert not CohortNote.objects.exists()
    client.post(book(cohort), {**said, "as_it_is": "seen"})
    assert CohortNote.objects.get().text == said["text"]


# Taking back and reporting


def test_one_takes_back_ones_own_note_and_nobody_elses(cohort, note, aoi, takeshi):
    address = reverse("note_take_back", args=[note.pk])

    assert client_of(takeshi).post(address).status_code == 404
    assert client_of(aoi).post(address).status_code == 302
    assert not CohortNote.objects.exists()


def test_a_reported_note_is_gone_from_the_circle_and_before_the_coordinators(cohort, note, takeshi, chika, fumi):
    address = reverse("note_report", args=[note.pk])
    assert "心に残りました" in client_of(takeshi).get(address).content.decode()
    client_of(takeshi).post(address)

    assert "心に残りました" not in client_of(fumi).get(book(cohort)).content.decode()
    listed = client_of(chika).get(reverse("term_reported_notes", args=[cohort.term_id])).content.decode()
    assert "心に残りました" in listed
    assert takeshi.preferred_name not in listed.partition("<main")[2].partition("</main>")[0]
    [row] = OutboundMessage.objects.select_related("recipient")
    mail = composed(row, kinds()["note_reported"], row.due_at)
    assert row.recipient == chika
    assert reverse("term_reported_notes", args=[cohort.term_id]) in mail.body
    assert "心に残りました" not in mail.body + mail.subject


def test_ones_own_note_is_taken_back_and_not_reported(note, aoi):
    assert client_of(aoi).get(reverse("note_report", args=[note.pk])).status_code == 404


def test_of_two_reports_the_first_counts_and_the_second_is_no_error(cohort, note, takeshi, fumi):
    report_note(note_id=note.pk, reader=takeshi, now=NOW)

    with pytest.raises(CohortNote.DoesNotExist):
        report_note(note_id=note.pk, reader=fumi, now=NOW)
    assert OutboundMessage.objects.count() == 1


def test_whoever_wrote_a_reported_note_cannot_make_it_vanish(note, takeshi, aoi):
    report_note(note_id=note.pk, reader=takeshi, now=NOW)

    assert client_of(aoi).post(reverse("note_take_back", args=[note.pk])).status_code == 404
    assert CohortNote.objects.exists()


@pytest.mark.parametrize("keeps", [True, False])
def test_a_coordinator_gives_it_back_or_deletes_it(cohort, note, takeshi, chika, keeps):
    report_note(note_id=note.pk, reader=takeshi, now=NOW)
    client_of(chika).post(reverse("note_settle", args=[note.pk]), {"do": "keep" if keeps else "delete"})

    assert CohortNote.objects.exists() is keeps
    assert ("心に残りました" in client_of(takeshi).get(book(cohort)).content.decode()) is keeps
    row = OutboundMessage.objects.get()
    assert not kinds()["note_reported"].still_wanted(row, NOW)
    with pytest.raises(CohortNote.DoesNotExist):
        settle_report(note_id=note.pk, coordinator=chika, keeps=True, now=NOW)


def test_a_coordinator_of_another_programme_settles_nothing(note, takeshi, sam):
    report_note(note_id=note.pk, reader=takeshi, now=NOW)
    make_term(coordinator=sam)

    assert StaffRole.objects.filter(person=sam).exists()
    assert client_of(sam).post(reverse("note_settle", args=[note.pk]), {"do": "delete"}).status_code == 404


# Where it is found


def test_home_and_session_lead_there_those_in_the_circle(cohort, aoi, fumi, chika):
    session = make_session(cohort)

    for person in (aoi, fumi):
        assert book(cohort) in client_of(person).get("/").content.decode()
        assert book(cohort) in client_of(person).get(reverse("session", args=[session.pk])).content.decode()
    assert book(cohort) not in client_of(chika).get(reverse("session", args=[session.pk])).content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_page_asks_the_database_alike_for_one_note_and_three(cohort, aoi, how_many, django_assert_num_queries):
    for number in range(how_many):
        write_note(cohort_id=cohort.pk, author=aoi, text=f"{number}", now=NOW + timedelta(minutes=number))
    client = client_of(aoi)
    client.get(book(cohort))
    with django_assert_num_queries(7):
        assert client.get(book(cohort)).status_code == 200
