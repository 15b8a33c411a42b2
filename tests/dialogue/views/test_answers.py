"""One's own answers after signing up."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dialogue.models import (
    AuditEntry,
    Cohort,
    ConsentRecord,
    Guardianship,
    JoinLink,
    NamedSlot,
    OutboundMessage,
    Participation,
    Person,
    Term,
)
from dialogue.services.join_links import close_link
from tests import stopped_clock
from tests.dialogue.sign_up import TIMES, Applicant, make_link
from tests.factories import NOW, make_facilitation, make_participation, make_person, make_term

Reason = Participation.WaitingReason
TUESDAY_EVENING = [f"1-{at}" for at in range(1140, 1260, 30)]
SHARES = ConsentRecord.Purpose.SHARE_WITH_PARTNER


@pytest.fixture(autouse=True)
def _mails_leave_at_once(db: None, settings) -> None:
    settings.NUMBER_MAIL_PAUSE = 0.0
    cache.clear()


@pytest.fixture
def one(term: Term, aoi: Person) -> Participation:
    return make_participation(term, aoi, interests={"働くこと": 5, "星": 2})


@pytest.fixture
def browser(client: Client, aoi: Person) -> Client:
    client.force_login(aoi)
    return client


def address(page: str, one: Participation) -> str:
    return reverse(page, args=[one.pk])


# Changing


def test_times_are_changed_and_nobody_is_moved(browser: Client, cohort: Cohort, aoi: Person) -> None:
    one = Participation.objects.get(person=aoi)

    browser.post(address("answers_times", one), {"ticked": ["5-600", "5-630", "5-660"], "do": "next"})

    one.refresh_from_db()
    assert list(one.windows.values_list("weekday", "starts", "ends")) == [(5, 600, 690)]
    assert (one.status, one.memberships.filter(left_at__isnull=True).count()) == ("placed", 1)
    entry = AuditEntry.objects.get(action="availability_changed")
    assert (entry.actor, entry.detail) == (aoi, {"placed": True})


@pytest.mark.parametrize("reason", [Reason.NO_AVAILABILITY, Reason.NO_VALID_COHORT, Reason.NOT_ENOUGH_PLACES])
def test_whoever_waited_for_their_times_waits_for_the_next_cohorts(browser: Client, one: Participation, reason) -> None:
    Participation.objects.filter(pk=one.pk).update(waiting_reason=reason)

    browser.post(address("answers_times", one), {"ticked": TUESDAY_EVENING, "do": "next"})

    one.refresh_from_db()
    assert one.waiting_reason == Reason.MATCHING


@pytest.mark.parametrize("reason", [Reason.CONSENT, Reason.GUARDIAN, Reason.HELD, Reason.ASKED_BACK])
def test_times_do_not_answer_what_else_is_waited_for(browser: Client, one: Participation, reason) -> None:
    Participation.objects.filter(pk=one.pk).update(waiting_reason=reason)

    browser.post(address("answers_times", one), {"ticked": TUESDAY_EVENING, "do": "next"})

    one.refresh_from_db()
    assert one.waiting_reason == reason


def test_window_that_no_half_hour_shows_keeps_what_the_matching_counts(browser: Client, one: Participation) -> None:
    one.windows.all().delete()
    one.windows.create(weekday=6, starts=22 * 60 + 10, ends=25 * 60)

    page = browser.get(address("answers_times", one)).content.decode()

    assert page.count("checked") == 5
    for value in ("6-1350", "6-1380", "6-1410", "0-0", "0-30"):
        assert f'value="{value}" checked' in page


def test_button_without_scripts_ticks_and_stores_nothing_yet(browser: Client, one: Participation) -> None:
    page = browser.post(address("answers_times", one), {"ticked": TUESDAY_EVENING, "do": "pick:2"})

    assert {"5-540", "6-690", "1-1140"} <= {f"{one.weekday}-{one.starts}" for one in page.context["form"].chosen}
    assert one.windows.get().ends == 21 * 60


def test_interests_keep_a_rating_that_they_had(browser: Client, one: Participation) -> None:
    browser.post(address("answers_interests", one), {"topics": ["働くこと"], "own": "星、山", "crossroads": "道"})

    one.refresh_from_db()
    assert one.interests == {"働くこと": 5, "星": 2, "山": 3}
    assert one.crossroads == "道"


def test_a_cohort_is_told_no_more_that_it_shares_what_somebody_took_back(
    browser: Client, cohort: Cohort, aoi: Person, takeshi: Person
) -> None:
    aoi.participations.update(interests={"旅": 3})
    takeshi.participations.update(interests={"旅": 3, "音楽": 3})
    cohort.shared_interests = ["旅"]
    cohort.save()

    browser.post(address("answers_interests", aoi.participations.get()), {"topics": ["音楽"], "own": ""})

    cohort.refresh_from_db()
    assert cohort.shared_interests == ["音楽"]


def test_phone_is_changed_and_taken_away(browser: Client, one: Participation, aoi: Person) -> None:
    browser.post(address("answers_phone", one), {"phone": "０３（００００）００００"})
    aoi.refresh_from_db()
    assert aoi.phone == "03(0000)0000"

    browser.post(address("answers_phone", one), {"phone": ""})
    aoi.refresh_from_db()
    assert aoi.phone == ""


def test_partner_is_told_no_more_after_one_press(term: Term) -> None:
    applicant = Applicant(make_link(term, partner="みどり野大学"))
    one = applicant.signs_up(agreements={"share_with_partner": "on"})
    assert "みどり野大学" in applicant.client.get(address("my_answers", one)).content.decode()

    for _ in range(2):
        applicant.client.post(address("answers_partner", one), {"do": "stop"})
    assert one.consents.filter(purpose=SHARES, withdrawn_at__isnull=False).count() == 1
    assert not one.consents.filter(purpose=SHARES, withdrawn_at__isnull=True).exists()

    for _ in range(2):
        applicant.client.post(address("answers_partner", one), {"do": "agree"})
    assert one.consents.filter(purpose=SHARES, withdrawn_at__isnull=True).count() == 1


def test_nobody_agrees_to_a_partner_that_they_do_not_have(browser: Client, one: Participation) -> None:
    browser.post(address("answers_partner", one), {"do": "agree"})

    assert not one.consents.filter(purpose=SHARES).exists()


def test_place_that_was_taken_back_is_left(browser: Client, cohort: Cohort, aoi: Person) -> None:
    one = Participation.objects.get(person=aoi)

    for _ in range(2):
        browser.post(address("answers_take_back", one))

    one.refresh_from_db()
    cohort.refresh_from_db()
    assert (one.status, one.end_reason) == ("ended", "left")
    assert cohort.status == Cohort.Status.NEEDS_REPAIR
    assert browser.get(address("my_answers", one)).status_code == 404


def test_word_in_parting_is_read_by_the_coordinators_alone(
    browser: Client, cohort: Cohort, aoi: Person, chika: Person, takeshi: Person, client: Client
) -> None:
    one = Participation.objects.get(person=aoi)
    Participation.objects.filter(pk=one.pk).update(note="前のメモ")
    assert 'name="words"' in browser.get(address("answers_take_back", one)).content.decode()

    browser.post(address("answers_take_back", one), {"words": "楽しかったです。"})

    one.refresh_from_db()
    assert one.note == "前のメモ\n\nやめるときのひとこと：楽しかったです。"
    client.force_login(chika)
    assert "楽しかったです。" in client.get(reverse("reception_person", args=[one.pk])).content.decode()
    client.force_login(takeshi)
    for page in (reverse("home"), reverse("reception_person", args=[one.pk])):
        assert "楽しかったです。" not in client.get(page).content.decode()


def test_nothing_need_be_said_in_parting_and_too_much_loses_nothing_typed(browser: Client, cohort: Cohort, aoi) -> None:
    one = Participation.objects.get(person=aoi)

    page = browser.post(address("answers_take_back", one), {"words": "長" * 501}).content.decode()
    assert "長" * 501 in page
    one.refresh_from_db()
    assert one.status == "placed"

    browser.post(address("answers_take_back", one), {"words": "　"})
    one.refresh_from_db()
    assert (one.status, one.note) == ("ended", "")


def test_guardian_is_asked_anew_by_whoever_comes_back(term: Term) -> None:
    link = make_link(term)
    guardian = {"name": "例田 母", "email": "mother@example.org"}
    first = Applicant(link)
    one = first.signs_up(generation={"adult": "no"}, guardian=guardian)
    Guardianship.objects.update(answered_at=NOW, agreed=True)
    first.client.post(address("answers_take_back", one))

    again = Applicant(link).signs_up(generation={"adult": "no"}, guardian=guardian)

    assert again.waiting_reason == Reason.GUARDIAN
    assert again.guardianship.agreed is None


def test_home_leads_to_ones_answers(browser: Client, one: Participation) -> None:
    assert address("my_answers", one) in browser.get("/").content.decode()


@pytest.mark.parametrize(
    "route", ["my_answers", "answers_times", "answers_interests", "answers_phone", "answers_take_back"]
)
def test_stranger_meets_nothing(client: Client, sam: Person, one: Participation, route: str) -> None:
    client.force_login(sam)

    assert client.get(address(route, one)).status_code == 404


def test_closed_link_leads_who_is_in_to_their_answers(browser: Client, one: Participation, term: Term) -> None:
    link = make_link(term)
    close_link(link=link, now=NOW)

    page = browser.get(reverse("join", args=[link.code]))

    assert page.status_code == 410
    assert address("my_answers", one) in page.content.decode()


# Named slots


@pytest.fixture
def slots(term: Term) -> list[NamedSlot]:
    return [
        NamedSlot.objects.create(term=term, name=name, weekday=day, starts=starts, ends=starts + 90)
        for name, day, starts in (("A", 1, 1170), ("B", 3, 1170), ("", 5, 600))
    ]


def test_term_with_slots_asks_about_them_alone(term: Term, slots: list[NamedSlot]) -> None:
    answers = {f"slot_{slot.pk}": answer for slot, answer in zip(slots, ("yes", "maybe", "no"), strict=True)}
    applicant = Applicant(make_link(term))

    one = applicant.signs_up(times=answers)

    assert list(one.slot_answers.order_by("slot").values_list("answer", flat=True)) == ["yes", "maybe", "no"]
    assert not one.windows.exists()
    assert list(one.exceptions.values_list("date", flat=True)) == [date(2026, 12, 8)]
    page = applicant.client.get(address("answers_times", one)).content.decode()
    assert page.count("checked") == 3


def test_slot_left_open_is_not_answered_and_all_left_open_is_refused(term: Term, slots: list[NamedSlot]) -> None:
    applicant = Applicant(make_link(term))
    applicant.begins()
    applicant.answers("name")
    applicant.answers("generation")
    assert applicant.answers("times").status_code == 200

    assert applicant.answers("times", **{f"slot_{slots[0].pk}": "yes"}).status_code == 302


def test_slot_that_went_away_meanwhile_is_left_out(term: Term, slots: list[NamedSlot]) -> None:
    applicant = Applicant(make_link(term))
    applicant.fills_in(times={f"slot_{slot.pk}": "yes" for slot in slots})
    slots[0].delete()

    applicant.types(applicant.asks_for_the_number())

    assert Participation.objects.get().slot_answers.count() == 2


def test_slot_of_another_term_is_no_answer(term: Term, slots: list[NamedSlot], chika: Person) -> None:
    other = NamedSlot.objects.create(term=make_term(coordinator=chika), weekday=1, starts=0, ends=90)
    applicant = Applicant(make_link(term))

    one = applicant.signs_up(times={f"slot_{slots[0].pk}": "yes", f"slot_{other.pk}": "yes"})

    assert one.slot_answers.count() == 1


# How well times fit


@pytest.fixture
def link(term: Term) -> JoinLink:
    return make_link(term)


def fit_page(link: JoinLink):
    applicant = Applicant(link)
    applicant.begins()
    for page in ("name", "generation"):
        applicant.answers(page)
    applicant.answers("times", **TIMES)
    return applicant, applicant.client.get(f"{applicant.base}fit/")


@pytest.mark.parametrize(("others", "told"), [(0, 0), (2, 0), (3, 3), (6, 5)])
def test_fit_counts_the_other_generation_in_steps_and_names_nobody(
    link: JoinLink, term: Term, others: int, told: int
) -> None:
    people = [make_participation(term, make_person(f"Zq{number}"), "alumni").person for number in range(others)]
    make_participation(term, make_person("Same"), "student")

    _applicant, page = fit_page(link)

    assert page.context["standing"].fit.others == told
    assert not [person for person in people if str(person) in page.content.decode()]


def test_one_more_time_is_offered_and_added_with_one_press(link: JoinLink, term: Term) -> None:
    for number in range(5):
        one = make_participation(term, make_person(f"Early {number}"), "alumni")
        one.windows.update(weekday=5, starts=9 * 60, ends=12 * 60)
        make_facilitation(term, make_person(f"Leads {number}"))
    applicant, page = fit_page(link)
    addition = page.context["standing"].addition
    assert (addition.value, addition.fit.others) == ("block:5:0", 5)

    applicant.client.post(f"{applicant.base}fit/", {"add": addition.value})

    after = applicant.client.get(f"{applicant.base}fit/")
    assert after.context["standing"].fit.others == 5
    assert after.context["standing"].addition is None


def test_times_shorter_than_a_session_are_said_to_be(link: JoinLink) -> None:
    applicant, _page = fit_page(link)
    applicant.answers("times", ticked=["1-1140"])

    assert not applicant.client.get(f"{applicant.base}fit/").context["standing"].is_long_enough


@pytest.mark.parametrize("value", ["", "block:9:9", "block:1", "slot:1", "slot:x", "block:-1:0", "pick:0", "x" * 500])
def test_made_up_addition_changes_nothing(link: JoinLink, value: str) -> None:
    applicant, before = fit_page(link)
    applicant.client.post(f"{applicant.base}fit/", {"add": value})

    assert applicant.client.get(f"{applicant.base}fit/").context["lines"] == before.context["lines"]


def test_person_abroad_keeps_the_hours_of_their_own_clock(link: JoinLink) -> None:
    one = Applicant(link).signs_up(times={"zone": "Europe/London"})

    assert one.person.zone == "Europe/London"
    assert one.windows.get().starts == 19 * 60


def test_known_person_abroad_gets_hours_by_their_clock(link: JoinLink) -> None:
    make_person("Known", email="minato@example.org", zone="Europe/London")

    one = Applicant(link).signs_up()

    window = one.windows.get()
    assert (window.weekday, window.starts, window.ends) == (1, 10 * 60, 13 * 60)


@pytest.mark.parametrize("count", [1, 3])
def test_fit_page_asks_the_database_equally_often_however_many_signed_up(
    link: JoinLink, term: Term, count: int, django_assert_max_num_queries
) -> None:
    for number in range(count):
        make_participation(term, make_person(f"One {number}"), "alumni")
        make_facilitation(term, make_person(f"Lead {number}"))
    applicant, _page = fit_page(link)

    with django_assert_max_num_queries(20):
        applicant.client.get(f"{applicant.base}fit/")


def test_mail_says_that_it_has_arrived_each_time_somebody_signs_up(link: JoinLink) -> None:
    first = Applicant(link)
    one = first.signs_up()
    first.client.post(address("answers_take_back", one))
    stopped_clock.stop_at(NOW + timedelta(days=1))
    Applicant(link).signs_up()

    assert OutboundMessage.objects.filter(kind="application_received").count() == 2
