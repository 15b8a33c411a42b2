"""Marks for safety: read by the safety contacts alone, told of without a word of them, taken up once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from dialogue.message_kinds import kinds
from dialogue.models import AuditEntry, OutboundMessage, StaffRole
from dialogue.second_factor import is_asked_for_it
from dialogue.services.partners import Contact
from dialogue.services.reaching import NotYours, correct_address
from dialogue.services.safety_contacts import add_safety_contact, remove_safety_contact
from sessions.models import SafetyMark
from sessions.services.safety import keep_mark, take_up
from sessions.services.seasons import queue_season_letters
from tests.factories import NOW, make_cohort, make_programme, make_session, make_term

WORDS = "今夜21時以降に電話をください"


@pytest.fixture
def contact(session, sam) -> StaffRole:
    """Sam, who is the safety contact of the session's programme."""
    programme = session.cohort.term.programme
    return add_safety_contact(programme=programme, contact=Contact(email=sam.email, name="Sam"), now=NOW)


@pytest.fixture
def mark(session, contact, fumi) -> SafetyMark:
    keep_mark(session=session, author=fumi, line=WORDS, gives=True, now=session.ends_at)
    return SafetyMark.objects.get()


def mails(kind: str) -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(kind=kind).order_by("pk"))


# Who reads them


def test_safety_contact_reads_the_mark_and_nobody_else_finds_the_page(reading, mark, sam, aoi, fumi, chika):
    assert WORDS in reading(sam).get("/safety/").content.decode()
    for person in (aoi, fumi, chika):
        assert reading(person).get("/safety/").status_code == 404
        assert reading(person).post(reverse("safety_take_up", args=[mark.pk])).status_code == 404
    mark.refresh_from_db()
    assert mark.taken_up_at is None


def test_safety_contact_can_write_to_whoever_set_the_mark(reading, mark, sam, fumi):
    assert f'href="mailto:{fumi.email}"' in reading(sam).get(reverse("safety")).content.decode()


def test_safety_contact_of_another_programme_reads_nothing(reading, session, fumi, takeshi):
    add_safety_contact(programme=make_programme(), contact=Contact(email=takeshi.email, name="x"), now=NOW)
    keep_mark(session=session, author=fumi, line=WORDS, gives=True, now=session.ends_at)

    page = reading(takeshi).get("/safety/").content.decode()

    assert WORDS not in page


def test_words_are_encrypted_where_they_lie(mark):
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM dialogue_sessions_safetymark")
        assert "電話" not in cursor.fetchone()[0]


def test_half_written_mark_is_nobodys_but_its_authors(reading, session, contact, fumi, sam):
    keep_mark(session=session, author=fumi, line=WORDS, gives=False, now=session.ends_at)

    assert WORDS not in reading(sam).get("/safety/").content.decode()
    assert mails("safety_marked") == []


# Telling and taking up


def test_mail_says_only_that_there_is_something_to_look_at(mark, sam, fumi):
    [row] = mails("safety_marked")
    text = kinds()[row.kind].render(row, NOW).text

    assert row.recipient == sam
    assert "/safety/" in text
    assert WORDS not in text
    assert fumi.preferred_name not in text
    assert WORDS not in f"{row.context} {row.subject_key} {row.dedupe_key}"


def test_mark_is_told_once_however_often_it_is_saved(session, mark, fumi):
    keep_mark(session=session, author=fumi, line="別の時間に", gives=True, now=session.ends_at)

    assert len(mails("safety_marked")) == 1
    assert SafetyMark.objects.get().line == "別の時間に"


def test_mark_that_nobody_takes_up_for_a_day_is_told_once_more(mark):
    for hours in (23, 25, 30, 49, 100):
        queue_season_letters(now=mark.given_at + timedelta(hours=hours))

    assert len(mails("safety_marked")) == 2


def test_mark_taken_back_is_gone_and_its_mail_does_not_go_out(session, mark, fumi):
    [row] = mails("safety_marked")
    keep_mark(session=session, author=fumi, line=None, gives=True, now=session.ends_at)

    assert not SafetyMark.objects.exists()
    assert not kinds()[row.kind].still_wanted(row, session.ends_at)


def test_mark_is_taken_up_once_and_the_audit_holds_no_word_of_it(reading, mark, sam):
    page = reading(sam)
    for _ in range(2):
        answer = page.post(reverse("safety_take_up", args=[mark.pk]), follow=True)

    assert WORDS in answer.content.decode()  # it stays readable, as one that is taken up
    with pytest.raises(SafetyMark.DoesNotExist):
        take_up(mark_id=mark.pk, reader=sam, now=NOW)
    entries = AuditEntry.objects.filter(subject_key=f"safety:{mark.pk}").order_by("pk")
    assert [(one.action, one.detail) for one in entries] == [("safety_marked", {}), ("safety_taken_up", {})]
    [row] = mails("safety_marked")
    assert not kinds()[row.kind].still_wanted(row, NOW)


def test_where_nobody_is_named_the_coordinators_are_asked_to_name_somebody(session, fumi, chika, sam):
    keep_mark(session=session, author=fumi, line=WORDS, gives=True, now=session.ends_at)
    [row] = mails("safety_unheard")
    text = kinds()[row.kind].render(row, NOW).text

    assert row.recipient == chika
    assert WORDS not in text
    assert reverse("term_safety", args=[session.cohort.term_id]) in text
    add_safety_contact(programme=session.cohort.term.programme, contact=Contact(email=sam.email, name="Sam"), now=NOW)
    assert not kinds()[row.kind].still_wanted(row, NOW)


def test_removed_contact_reads_nothing_from_the_next_request_on(reading, contact, mark, sam):
    client = reading(sam)
    assert client.get("/safety/").status_code == 200

    remove_safety_contact(role=contact, now=NOW)

    assert client.get("/safety/").status_code == 404


@pytest.mark.parametrize("item_count", [1, 3])
def test_safety_page_query_count_does_not_grow(
    reading, session, contact, fumi, sam, item_count, django_assert_num_queries
):
    for number in range(item_count):
        one = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=number + 1))
        keep_mark(session=one, author=fumi, line=WORDS, gives=True, now=one.ends_at)
    client = reading(sam)

    with django_assert_num_queries(5):
        client.get("/safety/")


@pytest.mark.parametrize("wrong", [{"taken_up_at": NOW}, {"given_at": NOW, "taken_up_by": True}, {"line": "もう一つ"}])
def test_database_refuses_a_mark_out_of_order(session, fumi, wrong):
    usual = {"session": session, "author": fumi, "written_at": NOW}
    SafetyMark.objects.create(**usual)
    other = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=1))
    at = session if "line" in wrong else other
    if "taken_up_by" in wrong:
        wrong = wrong | {"taken_up_by": fumi}

    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyMark.objects.create(**usual | {"session": at} | wrong)


# Who is named


def test_coordinator_names_a_safety_contact_and_takes_the_page_away_again(reading, session, chika, sam):
    client = reading(chika)
    page = reverse("term_safety", args=[session.cohort.term_id])

    client.post(page, {"name": "さむ", "email": sam.email, "language": "ja"})
    role = StaffRole.objects.get(role="safety_contact")
    assert role.person == sam
    assert sam.email in client.get(page).content.decode()
    [row] = mails("safety_contact_named")
    assert reverse("safety") in kinds()[row.kind].render(row, NOW).text
    assert is_asked_for_it(sam)

    client.post(reverse("safety_contact_remove", args=[session.cohort.term_id, role.pk]))
    assert not StaffRole.objects.filter(role="safety_contact").exists()
    assert not is_asked_for_it(sam)
    assert [one.action for one in AuditEntry.objects.filter(actor=chika)][-2:] == [
        "safety_contact_added",
        "safety_contact_removed",
    ]


def test_mistake_about_a_contact_is_named_and_names_nobody(reading, session, chika):
    page = reading(chika).post(reverse("term_safety", args=[session.cohort.term_id]), {"email": "sam", "name": ""})

    assert set(page.context["form"].errors) == {"name", "email", "language"}
    assert not StaffRole.objects.filter(role="safety_contact").exists()


def test_coordinator_of_another_host_names_nobody_here(reading, session, contact, takeshi):
    make_cohort(make_term(coordinator=takeshi))
    client = reading(takeshi)
    term = session.cohort.term_id

    assert client.get(reverse("term_safety", args=[term])).status_code == 404
    assert client.post(reverse("safety_contact_remove", args=[term, contact.pk])).status_code == 404


@pytest.mark.parametrize("item_count", [1, 3])
def test_contacts_page_query_count_does_not_grow(reading, session, chika, item_count, django_assert_num_queries):
    for number in range(item_count):
        address = Contact(email=f"contact-{number}@example.org", name="まど")
        add_safety_contact(programme=session.cohort.term.programme, contact=address, now=NOW)
    client = reading(chika)

    with django_assert_num_queries(6):
        client.get(reverse("term_safety", args=[session.cohort.term_id]))


def test_address_of_a_safety_contact_is_not_a_coordinators_to_change(contact, sam, chika):
    with pytest.raises(NotYours):
        correct_address(person=sam, email="else@example.org", actor=chika, now=NOW)


def test_the_home_page_of_a_safety_contact_leads_to_the_marks(reading, contact, sam):
    page = reading(sam).get("/").text

    assert '<a class="button button--quiet" href="/safety/"' in page
    assert "まだ、お知らせできることがありません" not in page
