"""What a coordinator presses on the morning page: put off, settled, spoken, asked again; and what is done."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import AuditEntry, OutboundMessage, StaffRole
from dialogue.services.bulk_mail import Words, send_bulk_mail, take_bulk_mail_back
from sessions.models import CohortNote, FacilitatorRecord, QuorumDanger, Spoken, TodayMark
from sessions.services.noting import settle_report
from sessions.services.today import NotOfThisKind, settle
from sessions.today.morning import desk_of, morning_of
from tests import stopped_clock
from tests.factories import NOW, make_person, make_term
from tests.sessions.today.desks import healthy_cohorts
from tests.sessions.today.test_morning import (
    a_letter_was_given_up,
    a_note_is_reported,
    a_record_is_missing,
    consent_is_missing,
    found,
    letter,
    members_of,
    no_time_is_given,
    nobody_has_spoken_with_somebody,
    somebody_is_away_twice,
    the_facilitator_wishes_for_a_call,
    the_quorum_is_in_danger,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(settings):
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)


@pytest.fixture
def healthy(term):
    return healthy_cohorts(term, 2)


@pytest.fixture
def browser(chika):
    client = Client()
    client.force_login(chika)
    return client


def names(item, kind):
    return {"kind": kind, "key": item.key}


def press(browser, item):
    return browser.post(item.action.url, item.action.fields, follow=True).content.decode()


# Asking by mail


@pytest.mark.parametrize(("spoil", "purpose"), [(no_time_is_given, "times"), (consent_is_missing, "consent")])
def test_whoever_was_asked_by_mail_is_left_in_peace_for_three_days(chika, healthy, spoil, purpose):
    spoil(healthy[0])
    [place] = healthy[0].term.participations.filter(status="accepted")
    place.consents.all().delete()
    [(kind, [item])] = found(chika).items()
    assert f"purpose={purpose}&who={place.pk}-0" in item.action.url

    words = Words(subject="お返事をお待ちしています", text="ひとことで結構です。")
    order = {
        "term": place.term,
        "chosen": [place.pk],
        "purpose": purpose,
        "words": words,
        "actor": chika,
        "key": "0" * 16,
    }
    mail, _number = send_bulk_mail(now=NOW, **order)

    assert found(chika) == {}
    assert kind in found(chika, now=NOW + timedelta(days=3))
    take_bulk_mail_back(mail=mail, now=NOW)
    assert list(found(chika)) == [kind]


# Putting off


def test_what_is_put_off_is_away_until_its_day_and_for_every_coordinator(browser, chika, healthy):
    the_quorum_is_in_danger(healthy[0])
    [item] = found(chika)["quorum"]
    colleague = make_person()
    programme = healthy[0].term.programme
    StaffRole.objects.create(programme=programme, person=colleague, role="coordinator")

    browser.post(reverse("today_put_off", args=[item.term]), {**names(item, "quorum"), "until": "2026-11-26"})

    for person in (chika, colleague):
        assert found(person) == {}
        assert found(person, now=NOW + timedelta(days=1)) == {}
        assert list(found(person, now=NOW + timedelta(days=2))) == ["quorum"]
    assert "11月26日(木)" in browser.get("/today/").content.decode()


def test_what_was_put_off_is_taken_up_again(browser, chika, healthy):
    the_quorum_is_in_danger(healthy[0])
    [item] = found(chika)["quorum"]
    browser.post(reverse("today_put_off", args=[item.term]), {**names(item, "quorum"), "until": "2026-11-26"})

    browser.post(reverse("today_put_off", args=[item.term]), {**names(item, "quorum"), "do": "back"})

    assert list(found(chika)) == ["quorum"]


@pytest.mark.parametrize("until", ["", "never", "2026-11-24", "2026-11-01", "2027-06-01", "2026-13-40"])
def test_a_day_that_is_none_or_out_of_reach_puts_nothing_off(browser, chika, healthy, until):
    the_quorum_is_in_danger(healthy[0])
    [item] = found(chika)["quorum"]

    answer = browser.post(
        reverse("today_put_off", args=[item.term]), {**names(item, "quorum"), "until": until}, follow=True
    )

    assert answer.status_code == 200
    assert not TodayMark.objects.exists()


# Settling by hand


def test_a_call_is_settled_by_one_press_and_then_done(browser, chika, healthy):
    the_facilitator_wishes_for_a_call(healthy[0])
    [item] = found(chika)["help"]

    page = press(browser, item)

    assert found(chika) == {}
    assert "助けを求める声" in page


def test_only_what_no_row_could_tell_is_settled_by_hand(browser, chika, healthy):
    the_quorum_is_in_danger(healthy[0])
    [item] = found(chika)["quorum"]

    assert browser.post(reverse("today_settle", args=[item.term]), names(item, "quorum")).status_code == 404
    with pytest.raises(NotOfThisKind):
        settle(term=healthy[0].term, kind="nothing", key="1", actor=chika, now=NOW)
    assert list(found(chika)) == ["quorum"]


def test_letters_that_were_seen_to_come_back_only_with_a_new_one(browser, chika, healthy):
    a_letter_was_given_up(healthy[0])
    [item] = found(chika)["letters"]
    browser.post(reverse("today_settle", args=[item.term]), names(item, "letters"))
    assert found(chika) == {}

    letter(healthy[1], status="uncertain")

    [item] = found(chika)["letters"]
    assert "1通" in item.evidence


# 声かけ


@pytest.mark.parametrize("spoil", [somebody_is_away_twice, nobody_has_spoken_with_somebody])
def test_one_press_says_that_they_spoke_and_keeps_the_day_and_who(browser, chika, healthy, spoil):
    spoil(healthy[0])
    person = members_of(healthy[0])[0].person
    [[item]] = found(chika).values()

    page = press(browser, item)
    press(browser, item)

    assert found(chika) == {}
    [kept] = Spoken.objects.filter(person=person, by__isnull=False)
    assert (kept.on.isoformat(), kept.by) == ("2026-11-24", chika)
    assert "声をかけました" in page


def test_a_press_by_mistake_is_taken_back_by_who_made_it(browser, chika, healthy):
    nobody_has_spoken_with_somebody(healthy[0])
    [item] = found(chika)["speaking"]
    page = press(browser, item)
    assert '<input type="hidden" name="do" value="back">' in page

    browser.post(item.action.url, {**item.action.fields, "do": "back"})

    assert list(found(chika)) == ["speaking"]


def test_nobody_outside_the_term_can_be_spoken_with(browser, healthy, sam):
    url = reverse("today_spoken", args=[healthy[0].term_id])

    assert browser.post(url, {"person": sam.pk}).status_code == 404
    assert not Spoken.objects.filter(person=sam).exists()


# Records


def test_a_facilitator_is_asked_for_a_record_once_a_day_and_the_thing_is_back_in_two(browser, chika, healthy):
    a_record_is_missing(healthy[0])
    [item] = found(chika)["records"]

    press(browser, item)
    press(browser, item)

    [mail] = OutboundMessage.objects.filter(kind="record_due")
    assert mail.recipient == healthy[0].facilitation.person
    assert found(chika) == {}
    assert list(found(chika, now=NOW + timedelta(days=2))) == ["records"]


def test_nobody_is_asked_for_a_record_that_is_there(browser, chika, healthy):
    a_record_is_missing(healthy[0])
    [item] = found(chika)["records"]
    session = healthy[0].sessions.order_by("starts_at")[1]
    FacilitatorRecord.objects.create(
        session=session, author=session.facilitator, next_depth="same", saved_at=NOW, finished_at=NOW
    )

    press(browser, item)

    assert not OutboundMessage.objects.filter(kind="record_due").exists()


# What is done


def test_what_was_settled_stands_in_the_list_of_what_is_done_with_who_did_it(chika, healthy):
    the_quorum_is_in_danger(healthy[0])
    QuorumDanger.objects.update(status="decided", rescue="mini", closed_at=NOW, decided_by=chika)
    a_note_is_reported(healthy[0])
    settle_report(note_id=CohortNote.objects.get().pk, coordinator=chika, keeps=True, now=NOW)
    place = members_of(healthy[0])[0]
    for _ in range(2):
        AuditEntry.objects.create(
            at=NOW, actor=chika, action="reception_accept", subject_key=f"participation:{place.pk}"
        )

    done = morning_of(desk_of(chika, now=NOW)).done

    assert len(done) == 3
    assert {one.by for one in done} == {"千賀 千歌"}
    assert any("2件" in one.what for one in done)


def test_what_others_settled_in_their_programmes_is_not_told(chika, healthy):
    other = make_person()
    theirs = healthy_cohorts(make_term(coordinator=other), 1)[0]
    a_note_is_reported(theirs)
    settle_report(note_id=CohortNote.objects.get().pk, coordinator=other, keeps=False, now=NOW)
    place = members_of(theirs)[0]
    AuditEntry.objects.create(at=NOW, actor=other, action="reception_accept", subject_key=f"participation:{place.pk}")
    AuditEntry.objects.create(at=NOW, actor=other, action="address_corrected", subject_key=f"person:{place.person_id}")

    assert morning_of(desk_of(chika, now=NOW)).done == []
    assert len(morning_of(desk_of(other, now=NOW)).done) == 3


# Doors


@pytest.mark.parametrize("route", ["today_put_off", "today_settle", "today_spoken"])
def test_nothing_is_pressed_in_a_term_of_others(browser, healthy, route):
    other = healthy_cohorts(make_term(coordinator=make_person()), 1)[0]
    asked = {"kind": "letters", "key": "1", "until": "2026-11-26", "person": members_of(other)[0].person_id}

    assert browser.post(reverse(route, args=[other.term_id]), asked).status_code == 404
    assert not TodayMark.objects.exists()
    assert not Spoken.objects.filter(by__isnull=False).exists()


def test_a_record_of_others_is_not_asked_for(browser):
    other = healthy_cohorts(make_term(coordinator=make_person()), 1)[0]
    a_record_is_missing(other)
    session = other.sessions.order_by("starts_at")[1]

    assert browser.post(reverse("record_again", args=[session.pk])).status_code == 404


def test_a_quiet_day_says_so(browser, healthy):
    assert "今日することは、ありません。" in browser.get("/today/").content.decode()


def test_more_of_a_kind_than_fit_are_one_press_away(browser, term):
    for cohort in healthy_cohorts(term, 10):
        a_note_is_reported(cohort)

    page = browser.get("/today/").content.decode()

    assert page.count('class="todo__item"') == 8
    assert "あと2件を見る" in page
    assert browser.get("/today/?kind=help").content.decode().count('class="todo__item"') == 10
