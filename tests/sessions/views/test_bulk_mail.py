"""A mail to several people: each copy is seen before, nothing leaves for five minutes, a slip is taken back whole."""

import re
from datetime import timedelta

import pytest
from django.core import mail as post
from django.urls import reverse

from dialogue.delivery import deliver_due
from dialogue.models import BulkMail, OutboundMessage
from dialogue.services.bulk_mail import Words, send_bulk_mail
from tests.factories import NOW, make_participation, make_person, make_term

pytestmark = pytest.mark.django_db
SAID = {"subject": "お知らせ", "text": "次の回は、場所が変わります。"}


@pytest.fixture
def desk(reading, chika):
    return reading(chika)


@pytest.fixture
def people(term, aoi, takeshi):
    return [make_participation(term, aoi), make_participation(term, takeshi, "alumni")]


def marks(people):
    return [f"{one.pk}-0" for one in people]


def press(desk, term, do, people, **said):
    return desk.post(reverse("term_mail_new", args=[term.pk]), {"do": do, "who": marks(people), **SAID, **said})


def seen_on(answer) -> dict[str, str]:
    return {name: answer.context[name] for name in ("seen", "key")}


def send(desk, term, people, **said):
    """Look at the mails, then send what was looked at."""
    return press(desk, term, "send", people, **said, **seen_on(press(desk, term, "look", people, **said)))


def write(term, people, actor, key="0" * 16):
    words = Words(subject="件名", text="本文")
    ids = [one.pk for one in people]
    return send_bulk_mail(term=term, chosen=ids, purpose="own", words=words, now=NOW, actor=actor, key=key)


def test_each_persons_copy_is_seen_before_anything_is_written(desk, term, people):
    page = press(desk, term, "look", people).content.decode()

    assert "あおい 様" in page
    assert "たけし 様" in page
    assert "2通を送る" in page
    assert not OutboundMessage.objects.exists()


def test_mail_waits_five_minutes_and_then_reaches_each_once(desk, term, people):
    send(desk, term, people)

    rows = OutboundMessage.objects.filter(kind="bulk_mail")
    assert {row.due_at for row in rows} == {NOW + timedelta(minutes=5)}
    assert {row.recipient_id for row in rows} == {one.person_id for one in people}


def test_letter_says_the_words_to_each_by_name(desk, term, people):
    send(desk, term, people)

    deliver_due(now=NOW + timedelta(minutes=6))

    assert sorted(letter.to[0] for letter in post.outbox) == ["aoi@example.org", "takeshi@example.org"]
    assert all("場所が変わります" in letter.body and "お知らせ" in letter.subject for letter in post.outbox)


def test_mail_that_is_taken_back_reaches_nobody(desk, term, people):
    send(desk, term, people)
    mail = BulkMail.objects.get()

    answer = desk.post(reverse("mail_take_back", args=[term.pk, mail.pk]), follow=True)
    deliver_due(now=NOW + timedelta(minutes=6))

    assert "だれにも届きません" in answer.content.decode()
    assert post.outbox == []
    mail.refresh_from_db()
    assert mail.taken_back_at == NOW


def test_taking_back_late_says_how_many_had_left(desk, term, people):
    send(desk, term, people)
    first = OutboundMessage.objects.order_by("pk").first()
    OutboundMessage.objects.filter(pk=first.pk).update(status="sent", sent_at=NOW)

    page = desk.post(reverse("mail_take_back", args=[term.pk, BulkMail.objects.get().pk]), follow=True).content.decode()

    assert "1通は、もう送られていました" in page


def test_form_sent_twice_writes_once(desk, term, people):
    said = seen_on(press(desk, term, "look", people))
    for _ in range(2):
        press(desk, term, "send", people, **said)

    assert BulkMail.objects.count() == 1
    assert OutboundMessage.objects.count() == 2


def test_words_that_were_not_looked_at_are_not_sent(desk, term, people):
    said = seen_on(press(desk, term, "look", people))

    page = press(desk, term, "send", people, **{**said, "text": "別の文面"}).content.decode()

    assert "もう一度、メールを確かめてください" in page
    assert not OutboundMessage.objects.exists()


def test_somebody_who_was_not_looked_at_gets_nothing(desk, term, people):
    said = seen_on(press(desk, term, "look", people[:1]))

    press(desk, term, "send", people, **said)

    assert not OutboundMessage.objects.exists()


def test_trial_goes_to_its_writer_alone_and_at_once(desk, term, people, chika):
    press(desk, term, "try", people)
    deliver_due(now=NOW)

    assert [letter.to for letter in post.outbox] == [[chika.email]]
    assert "場所が変わります" in post.outbox[0].body
    assert not BulkMail.objects.exists()


def test_who_reads_english_needs_english_words(desk, term, people, sam):
    people.append(make_participation(term, sam))

    page = press(desk, term, "look", people).content.decode()
    assert "件名を書いてください" in page

    answer = press(desk, term, "look", people, subject_en="A note", text_en="The place changes.")
    assert "Dear Sam," in answer.content.decode()
    assert "あおい 様" in answer.content.decode()


def test_words_that_advise_meet_the_quiet_line(desk, term, people):
    page = press(desk, term, "look", people, text="若いうちに海外へ行くべきです。").content.decode()

    assert 'id="own-scene"' in page
    assert 'id="own-scene"' not in press(desk, term, "look", people).content.decode()


def test_only_those_who_lack_it_are_asked(desk, term, people):
    people[0].windows.all().delete()
    people[1].consents.all().delete()

    for purpose, one in (("times", people[0]), ("consent", people[1])):
        answer = press(desk, term, "look", people, purpose=purpose)
        assert answer.context["names"] == [one.person.full_name]
        assert answer.context["others"] == [each.person.full_name for each in people if each != one]


def test_asking_for_times_begins_with_words_and_names_the_own_page(desk, term, people):
    people[0].windows.all().delete()
    address = reverse("term_mail_new", args=[term.pk])

    answer = desk.get(address, {"who": marks(people), "purpose": "times"})
    assert "参加できる時間を教えてください" in answer.content.decode()

    page = press(desk, term, "look", people, purpose="times").content.decode()
    assert reverse("answers_times", args=[people[0].pk]) in page


def test_everybody_who_is_found_can_be_written_to(desk, term, people):
    answer = desk.get(reverse("term_mail_new", args=[term.pk]), {"everybody": "1", "generation": "alumni"})

    assert answer.context["names"] == [people[1].person.full_name]
    assert dict(answer.context["kept"]) == {"everybody": "1", "generation": "alumni"}


def test_who_left_before_it_went_out_gets_nothing(desk, term, people):
    send(desk, term, people)
    people[0].status, people[0].waiting_reason, people[0].ended_at = "ended", "", NOW
    people[0].save()

    deliver_due(now=NOW + timedelta(minutes=6))

    assert [letter.to for letter in post.outbox] == [["takeshi@example.org"]]


def test_people_of_another_term_get_nothing(desk, term, people):
    stranger = make_participation(make_term())

    answer = press(desk, term, "look", [*people, stranger])

    assert answer.context["number"] == 2


def test_list_says_what_became_of_each(desk, term, people, chika):
    write(term, people, chika)
    OutboundMessage.objects.filter(recipient=people[0].person).update(status="sent", sent_at=NOW)

    page = re.sub(r"\s+", " ", desk.get(reverse("term_mails", args=[term.pk])).content.decode())

    assert "件名" in page
    assert "送る前 1" in page
    assert "送信ずみ 1" in page


def test_list_before_the_first_mail_says_how_to_begin(desk, term):
    assert "まとめて送ったメールは、まだありません" in desk.get(reverse("term_mails", args=[term.pk])).content.decode()


def test_words_lie_encrypted(term, people, chika):
    from django.db import connection  # noqa: PLC0415

    write(term, people, chika)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM dialogue_bulkmail")
        assert "本文" not in cursor.fetchone()[0]


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_as_much_for_three_as_for_one(desk, term, chika, number, django_assert_num_queries):
    people = [make_participation(term, make_person()) for _ in range(number)]
    for one in range(number):
        write(term, people, chika, key=f"{one:016x}")
    desk.get(reverse("term_mails", args=[term.pk]))

    with django_assert_num_queries(7):
        desk.get(reverse("term_mails", args=[term.pk]))
    with django_assert_num_queries(5):
        press(desk, term, "look", people)


def test_others_find_nothing(reading, term, sam, people, chika):
    mail, _number = write(term, people, chika)
    stranger = reading(sam)

    assert stranger.get(reverse("term_mails", args=[term.pk])).status_code == 404
    assert press(stranger, term, "send", people).status_code == 404
    assert stranger.post(reverse("mail_take_back", args=[term.pk, mail.pk])).status_code == 404
