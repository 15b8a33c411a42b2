"""Whoever could place somebody with one time more is asked by one press, and only their own word changes it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Participation, Person, Term
from matching.explanation_words import Words
from matching.models import MatchRun, TimeAsk
from matching.services.asking import NotAskedAnyMore, NothingToAsk, answer_time, ask_for_time
from matching.services.runs import run_queued, start_run
from matching.wishes import Wishes
from tests.factories import NOW, make_facilitation, make_participation

pytestmark = pytest.mark.django_db

TUESDAY_EVENING = (1, 19 * 60, 20 * 60 + 30)


@pytest.fixture
def late(term: Term, fumi: Person, clock_stands: None) -> Participation:
    """Somebody who is free at no time, beside four who can form a cohort."""
    for generation in ("student", "student", "alumni", "alumni"):
        make_participation(term, generation=generation)
    make_facilitation(term, fumi)
    one = make_participation(term)
    one.windows.all().delete()
    return one


def formed(term: Term, wishes: Wishes | None = None) -> MatchRun:
    run = start_run(term=term, seed=1, now=NOW, wishes=wishes)
    run_queued(now=NOW)
    run.refresh_from_db()
    return run


def windows(one: Participation) -> list[tuple[int, int, int]]:
    return list(one.windows.order_by("weekday", "starts").values_list("weekday", "starts", "ends"))


def test_press_asks_by_one_mail_whose_page_keeps_the_answer(client: Client, chika: Person, late: Participation) -> None:
    run = formed(late.term)
    client.force_login(chika)
    page = client.get(reverse("run", args=[run.pk])).content.decode()
    assert reverse("run_ask", args=[run.pk, late.pk]) in page

    for _ in range(2):
        client.post(reverse("run_ask", args=[run.pk, late.pk]))

    row = OutboundMessage.objects.select_related("recipient").get(kind="time_asked")
    assert row.recipient == late.person
    ask = TimeAsk.objects.get()
    letter = composed(row, kinds()["time_asked"], NOW).body
    assert "毎週火曜 19:00〜20:30 日本時間" in letter
    assert reverse("time_ask", args=[ask.pk]) in letter
    assert "に尋ねました" in client.get(reverse("run", args=[run.pk])).content.decode()

    own = Client()
    own.force_login(late.person)
    address = reverse("time_ask", args=[ask.pk])
    assert "この時間も来られますか" in own.get(address).content.decode()
    own.post(address, {"answer": "yes"})

    assert windows(late) == [TUESDAY_EVENING]
    late.refresh_from_db()
    assert late.waiting_reason == "matching"
    assert not kinds()["time_asked"].still_wanted(row, NOW)
    seen = client.get(reverse("run", args=[run.pk])).content.decode()
    assert "来られるとのお返事でした" in seen
    assert reverse("run_rerun", args=[run.pk]) in seen
    assert formed(late.term).placed == 5


@pytest.mark.parametrize("language", ["ja", "en"])
def test_whoever_lacks_several_common_times_is_asked_for_all_of_them(
    language: str, client: Client, chika: Person, late: Participation
) -> None:
    """Each of the four is also free on one window of Thursday, and a cohort shall have three times in common."""
    for one in Participation.objects.exclude(pk=late.pk):
        one.windows.create(weekday=3, starts=19 * 60, ends=20 * 60 + 30)
    Person.objects.filter(pk__in=[chika.pk, late.person_id]).update(language=language)
    sentence, title, times, mail = {
        "ja": (
            "毎週火曜 19:00〜21:00と毎週木曜 19:00〜20:30 に来られるように、あと210分空けば、"
            "グループ1（毎週火曜 19:00〜20:30）に入れます。",
            "この時間も来られますか",
            "毎週火曜 19:00〜21:00と毎週木曜 19:00〜20:30 日本時間",
            "どの時間にも来られる方でグループを組みます",
        ),
        "en": (
            "If they had 210 more minutes free, so that they could come at these times: Tuesdays 19:00–21:00 and "
            "Thursdays 19:00–20:30. Then there would be a place: cohort 1, Tuesdays 19:00–20:30.",
            "Would these times do, too?",
            "Tuesdays 19:00–21:00 and Thursdays 19:00–20:30 (Tokyo)",
            "The cohort needs all of them in common",
        ),
    }[language]
    run = formed(late.term, Wishes(common_windows=3))
    client.force_login(chika)
    assert sentence in client.get(reverse("run", args=[run.pk])).content.decode()

    client.post(reverse("run_ask", args=[run.pk, late.pk]))

    row = OutboundMessage.objects.select_related("recipient").get(kind="time_asked")
    with translation.override(language):
        letter = composed(row, kinds()["time_asked"], NOW)
    assert title in letter.subject
    assert times in letter.body
    assert mail in letter.body
    own = Client()
    own.force_login(late.person)
    address = reverse("time_ask", args=[TimeAsk.objects.get().pk])
    page = own.get(address).content.decode()
    assert title in page
    assert times in page
    own.post(address, {"answer": "yes"})
    assert windows(late) == [(1, 19 * 60, 21 * 60), (3, 19 * 60, 20 * 60 + 30)]
    assert formed(late.term, Wishes(common_windows=3)).placed == 5


def test_no_changes_nothing_and_is_told(client: Client, chika: Person, late: Participation) -> None:
    run = formed(late.term)
    ask = ask_for_time(run_id=run.pk, participation_id=late.pk, now=NOW)

    answer_time(ask_id=ask.pk, yes=False, now=NOW)

    assert windows(late) == []
    client.force_login(chika)
    assert "来られないとのお返事でした" in client.get(reverse("run", args=[run.pk])).content.decode()
    with pytest.raises(NotAskedAnyMore):
        answer_time(ask_id=ask.pk, yes=True, now=NOW)
    assert windows(late) == []


def test_yes_is_kept_by_the_clock_of_whoever_says_it(late: Participation) -> None:
    Person.objects.filter(pk=late.person_id).update(zone="Asia/Kolkata")
    ask = ask_for_time(run_id=formed(late.term).pk, participation_id=late.pk, now=NOW)

    answer_time(ask_id=ask.pk, yes=True, now=NOW)

    assert windows(late) == [(1, 15 * 60 + 30, 17 * 60)]
    assert formed(late.term).placed == 5


def test_somebody_who_has_a_place_by_now_is_asked_no_more(client: Client, late: Participation) -> None:
    ask = ask_for_time(run_id=formed(late.term).pk, participation_id=late.pk, now=NOW)
    Participation.objects.filter(pk=late.pk).update(status="placed", waiting_reason="")

    with pytest.raises(NotAskedAnyMore):
        answer_time(ask_id=ask.pk, yes=True, now=NOW)

    client.force_login(late.person)
    page = client.get(reverse("time_ask", args=[ask.pk])).content.decode()
    assert "もう決まりました" in page
    assert 'name="answer"' not in page


def test_a_facilitator_is_asked_where_their_time_is_what_is_missing(term: Term) -> None:
    Term.objects.filter(pk=term.pk).update(size_max=4)
    term.refresh_from_db()
    for generation in ("student", "student", "alumni", "alumni") * 2:
        make_participation(term, generation=generation)
    make_facilitation(term, max_cohorts=1)
    idle = make_facilitation(term)
    idle.windows.all().delete()
    run = formed(term)
    waiting = run.unplaced.select_related("participation__person").earliest("pk").participation

    ask = ask_for_time(run_id=run.pk, participation_id=waiting.pk, now=NOW)

    assert OutboundMessage.objects.get(kind="time_asked").recipient == idle.person
    assert set(TimeAsk.objects.to(idle.person)) == {ask}
    assert not TimeAsk.objects.to(waiting.person).exists()
    answer_time(ask_id=ask.pk, yes=True, now=NOW)
    assert idle.windows.get().weekday == 1
    assert formed(term).placed == 8


def test_nobody_is_asked_for_what_no_time_would_cure(term: Term, late: Participation) -> None:
    alone = make_participation(term, languages=["en"])

    with pytest.raises(NothingToAsk):
        ask_for_time(run_id=formed(term).pk, participation_id=alone.pk, now=NOW)


def test_nobody_under_18_is_asked_to_stay_until_late(late: Participation) -> None:
    run = formed(late.term)
    Participation.objects.filter(pk=late.pk).update(under_18=True)
    run.unplaced.get(participation=late)
    Term.objects.filter(pk=late.term_id).update(session_minutes=150)

    with pytest.raises(NothingToAsk):
        ask_for_time(run_id=run.pk, participation_id=late.pk, now=NOW)

    assert not TimeAsk.objects.exists()


def test_nobody_under_18_is_asked_for_a_second_time_that_lasts_until_late(late: Participation) -> None:
    for one in Participation.objects.exclude(pk=late.pk):
        one.windows.update(ends=20 * 60 + 30)
        one.windows.create(weekday=3, starts=21 * 60, ends=22 * 60 + 30)
    Participation.objects.filter(pk=late.pk).update(under_18=True)
    run = formed(late.term, Wishes(common_windows=2))

    with pytest.raises(NothingToAsk):
        ask_for_time(run_id=run.pk, participation_id=late.pk, now=NOW)


def test_rhythm_in_the_middle_of_an_english_sentence_has_no_capital(late: Participation) -> None:
    Term.objects.filter(pk=late.term_id).update(cadence="fortnightly")
    late.refresh_from_db()
    change = {
        "kind": "more-time",
        "who": late.pk,
        "slots": [86, 87],
        "windows": [86],
        "start": 86,
        "language": "",
        "partner": None,
        "cohort": 1,
    }
    words = Words(late.term, people=[], facilitators=[])

    with translation.override("en"):
        one = words.change(change)
        both = words.change({**change, "windows": [86, 182]})

    assert one == "If they had 60 more minutes free: cohort 1, every other Tuesday 19:00–20:30."
    assert "every other Tuesday 19:00–20:30 and every other Thursday 19:00–20:30" in both


def test_all_the_times_of_one_person_that_place_several_are_named(late: Participation) -> None:
    words = Words(late.term, people=[late.pk], facilitators=[])

    one, before = words.hints({"person": [[late.pk, 86, 6, 2, [86, 182]], [late.pk, 86, 3, 2]]})

    assert "毎週火曜 19:00〜20:30と毎週木曜 19:00〜20:30 に来られれば、2人が入れます" in one
    assert "毎週火曜 19:00〜20:30 に来られれば、2人が入れます" in before
