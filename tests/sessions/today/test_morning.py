"""今日すること: every trouble is found, once and with its way out, and nothing is said of what is well."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.test import Client
from django.urls import resolve

from dialogue.core.wording import format_moment
from dialogue.models import (
    AvailabilityWindow,
    Cohort,
    FailingAddress,
    Guardianship,
    Membership,
    OutboundMessage,
    Participation,
    Person,
)
from sessions.models import (
    Attendance,
    CohortNote,
    DialogueSession,
    FacilitatorRecord,
    Gathering,
    QuorumDanger,
    SessionSeries,
    Spoken,
)
from sessions.services.gathering_answers import choose_times
from sessions.services.gatherings import GatheringOrder, fix_date, open_gathering
from sessions.today import KINDS
from sessions.today.kinds import Item, Kind, kinds, register
from sessions.today.morning import desk_of, morning_of
from tests import stopped_clock
from tests.factories import NOW, make_person, make_term
from tests.sessions.today.desks import JOINED, healthy_cohorts, make_place

pytestmark = pytest.mark.django_db


def found(person: Person, *, now=NOW) -> dict[str, list[Item]]:
    """Return what the person's morning holds, by kind."""
    return {one.kind.name: list(one.items) for one in morning_of(desk_of(person, now=now)).sections}


@pytest.fixture
def healthy(term):
    return healthy_cohorts(term, 4)


# Each spoils one cohort, or the term, in one way


def a_note_is_reported(cohort):
    author = members_of(cohort)[0].person
    CohortNote.objects.create(cohort=cohort, author=author, text="…", written_at=JOINED, reported_at=NOW)


def somebody_calls_from_a_room(cohort):
    DialogueSession.objects.filter(pk=last_of(cohort).pk).update(help_called_at=NOW)


def the_facilitator_wishes_for_a_call(cohort):
    FacilitatorRecord.objects.filter(session=last_of(cohort)).update(follow_up=True)


def everybody_has_chosen_a_date(cohort):
    starts = [NOW + timedelta(days=30), NOW + timedelta(days=31)]
    order = GatheringOrder(kind="closing", audience="everybody", starts=starts, minutes=60)
    gathering = open_gathering(term=cohort.term, order=order, now=NOW - timedelta(days=1))
    gathering.answers.update(chose_at=NOW)


def a_sign_up_waits(cohort):
    place_of(cohort, status="applied", waiting_reason="acceptance", created_at=NOW - timedelta(days=1))


def a_guardian_does_not_answer(cohort):
    one = place_of(cohort, status="applied", waiting_reason="guardian", under_18=True)
    Guardianship.objects.create(participation=one, guardian=make_person(), asked_at=NOW - timedelta(days=5))


def consent_is_missing(cohort):
    place_of(cohort, status="accepted", waiting_reason="consent", created_at=NOW - timedelta(days=3))


def no_time_is_given(cohort):
    one = place_of(cohort, status="accepted", waiting_reason="matching", created_at=NOW - timedelta(days=3))
    AvailabilityWindow.objects.filter(participation=one).delete()


def mail_comes_back(cohort):
    FailingAddress.objects.create(person=members_of(cohort)[0].person, code="5.1.1", noticed_at=NOW)


def the_quorum_is_in_danger(cohort):
    session = cohort.sessions.get(starts_at__gt=NOW)
    QuorumDanger.objects.create(session=session, starts_at=session.starts_at, found_at=NOW)


def somebody_is_left_alone(cohort):
    leave(cohort, members_of(cohort, "alumni")[:1])


def the_cohort_is_too_small(cohort):
    leave(cohort, [*members_of(cohort, "alumni"), *members_of(cohort, "student")[:0]])


def the_dates_could_not_be_booked(cohort):
    cohort.sessions.all().delete()
    SessionSeries.objects.filter(cohort=cohort).update(status="refused", booked_at=None, trouble="time_taken")


def the_next_session_was_cancelled(cohort):
    cohort.sessions.filter(starts_at__gt=NOW).update(status="cancelled")


def somebody_is_away_twice(cohort):
    person = members_of(cohort)[0].person
    Attendance.objects.filter(person=person, session__ends_at__lt=NOW).update(came=False)
    Spoken.objects.filter(person=person).update(on=(NOW - timedelta(days=9)).date())


def a_record_is_missing(cohort):
    session = last_of(cohort)
    FacilitatorRecord.objects.filter(session=session).delete()
    DialogueSession.objects.filter(pk=session.pk).update(
        status="confirmed", starts_at=NOW - timedelta(days=2, hours=2), ends_at=NOW - timedelta(days=2)
    )


def the_facilitator_is_silent(cohort):
    """Their record is missing for over a week too, which is a thing of its own."""
    FacilitatorRecord.objects.filter(session__cohort=cohort).delete()
    cohort.sessions.filter(ends_at__lt=NOW).update(
        status="confirmed", starts_at=F("starts_at") - timedelta(days=1), ends_at=F("ends_at") - timedelta(days=1)
    )
    silent = make_person("しずか", last_login=NOW - timedelta(days=8))
    cohort.sessions.update(facilitator=silent)


def nobody_has_spoken_with_somebody(cohort):
    Spoken.objects.filter(person=members_of(cohort)[0].person).update(on=(NOW - timedelta(days=31)).date())


def a_letter_was_given_up(cohort):
    letter(cohort, status="dead")


def nobody_knows_whether_a_letter_arrived(cohort):
    letter(cohort, status="uncertain")


def a_reminder_came_too_late(cohort):
    letter(cohort, status="void", trouble="too late")


def members_of(cohort, generation="student"):
    rows = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    return list(rows.filter(generation=generation).order_by("pk"))


def place_of(cohort, **fields):
    return make_place(cohort.term, make_person("まつ"), "student", **fields)


def last_of(cohort):
    return cohort.sessions.filter(ends_at__lt=NOW).order_by("starts_at").last()


def leave(cohort, people):
    Membership.objects.filter(participation__in=people).update(left_at=NOW - timedelta(hours=1))
    Participation.objects.filter(pk__in=[one.pk for one in people]).update(status="ended", ended_at=NOW)
    Cohort.objects.filter(pk=cohort.pk).update(status="needs_repair")


def letter(cohort, **fields):
    return OutboundMessage.objects.create(
        kind="invitation",
        recipient=members_of(cohort)[0].person,
        subject_key=f"session:{last_of(cohort).pk}",
        dedupe_key=f"letter-{cohort.pk}-{fields}",
        due_at=NOW - timedelta(days=1),
        created_at=JOINED,
        message_id="<x@example.org>",
        **fields,
    )


INCIDENTS = {
    somebody_calls_from_a_room: {"room": "today_settle"},
    a_note_is_reported: {"help": "term_reported_notes"},
    the_facilitator_wishes_for_a_call: {"help": "today_settle"},
    the_quorum_is_in_danger: {"quorum": "session_rescue"},
    somebody_is_left_alone: {"alone": "cohort_repair"},
    the_cohort_is_too_small: {"repair": "cohort_repair"},
    the_dates_could_not_be_booked: {"series": "cohort"},
    the_next_session_was_cancelled: {"next_session": "session_add"},
    everybody_has_chosen_a_date: {"gatherings": "gathering"},
    a_sign_up_waits: {"sign_ups": "reception_person"},
    a_guardian_does_not_answer: {"consent": "reception_person"},
    consent_is_missing: {"consent": "term_mail_new"},
    no_time_is_given: {"availability": "term_mail_new"},
    mail_comes_back: {"addresses": "person_address"},
    a_letter_was_given_up: {"letters": "term_messages"},
    nobody_knows_whether_a_letter_arrived: {"letters": "term_messages"},
    a_reminder_came_too_late: {"missed": "term_messages"},
    somebody_is_away_twice: {"absences": "today_spoken"},
    the_facilitator_is_silent: {"facilitators": "today_spoken", "records": "record_again"},
    a_record_is_missing: {"records": "record_again"},
    nobody_has_spoken_with_somebody: {"speaking": "today_spoken"},
}


SOME = (a_note_is_reported, a_guardian_does_not_answer, somebody_is_away_twice, a_sign_up_waits, a_letter_was_given_up)


def test_nothing_is_said_of_cohorts_in_which_all_is_well(chika, healthy):
    assert found(chika) == {}


@pytest.mark.parametrize("spoil", INCIDENTS, ids=lambda spoil: spoil.__name__)
def test_each_incident_is_found_and_leads_to_what_mends_it(chika, healthy, spoil):
    spoil(healthy[1])

    morning = found(chika)

    assert {kind: {resolve(path_of(item)).url_name for item in items} for kind, items in morning.items()} == {
        kind: {route} for kind, route in INCIDENTS[spoil].items()
    }
    assert all(item.term == healthy[1].term_id for items in morning.values() for item in items)


def path_of(item: Item) -> str:
    return item.action.url.partition("?")[0].partition("#")[0]


def test_every_kind_has_an_incident_here_that_finds_it():
    assert {kind for expected in INCIDENTS.values() for kind in expected} == set(KINDS) == set(kinds())


@pytest.mark.slow
def test_every_incident_is_found_among_200_healthy_cohorts_and_nothing_else(chika, term):
    healthy = healthy_cohorts(term, 200 + len(INCIDENTS))
    assert found(chika) == {}

    for number, spoil in enumerate(INCIDENTS):
        spoil(healthy[number * 7])

    morning = {kind: len(items) for kind, items in found(chika).items()}
    expected = dict.fromkeys(KINDS, 0)
    for routes in INCIDENTS.values():
        for kind in routes:
            expected[kind] += 1
    expected["letters"] = 1  # one line a term
    expected["records"] += 1  # the silent facilitator owes two
    assert morning == expected


# Whose morning it is


def test_a_coordinator_sees_the_terms_of_their_own_programmes_alone(chika, healthy):
    other = make_person()
    theirs = healthy_cohorts(make_term(coordinator=other), 1)
    for spoil in INCIDENTS:
        if spoil is not the_dates_could_not_be_booked:
            spoil(theirs[0])

    assert found(chika) == {}
    assert found(other) != {}


@pytest.mark.parametrize("who", ["aoi", "fumi", "sam"])
def test_the_page_does_not_exist_for_who_coordinates_nothing(request, cohort, who):
    client = Client()
    client.force_login(request.getfixturevalue(who))

    assert client.get("/today/").status_code == 404


@pytest.fixture
def at_noon(settings):
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three_of_everything(
    chika, term, at_noon, number, django_assert_num_queries
):
    for _ in range(number):
        other = make_term(programme=term.programme)
        for cohort in healthy_cohorts(other, number):
            for spoil in SOME:
                spoil(cohort)
    client = Client()
    client.force_login(chika)
    client.get("/today/")

    with django_assert_num_queries(35):
        page = client.get("/today/").content.decode()
    assert page.count('class="todo__item"') == 3 * min(8, number**2) + 2 * number


# Kinds


def test_two_kinds_of_one_name_are_refused():
    class Other(Kind):
        name = "quorum"
        heading = rule = ""

        def items(self, desk):
            return []

    with pytest.raises(ValueError, match="quorum"):
        register(Other)


# Gatherings that look for a date


@pytest.fixture
def looking(healthy):
    starts = [NOW + timedelta(days=12), NOW + timedelta(days=13)]
    order = GatheringOrder(kind="closing", audience="facilitators", starts=starts, minutes=60)
    return open_gathering(term=healthy[0].term, order=order, now=NOW)


def gatherings_of(person, now) -> list[tuple[str, str]]:
    return [(one.what, one.evidence) for one in found(person, now=now).get("gatherings", [])]


def test_while_people_choose_a_gathering_is_no_matter_for_its_coordinator(chika, looking):
    assert gatherings_of(chika, looking.closes_at - timedelta(minutes=1)) == []


def test_each_date_stands_there_with_how_many_could_come(chika, looking):
    [mine] = looking.answers.all()
    first, second = looking.options.order_by("starts_at")
    choose_times(gathering_id=looking.pk, person=mine.person, options=[second.pk], now=NOW)

    [(what, evidence)] = gatherings_of(chika, NOW)

    assert what == "修了会"
    assert evidence.startswith("1人全員が選びました。")
    for option, people in ((first, "0人"), (second, "1人")):
        when = format_moment(at=option.starts_at, zone=ZoneInfo("Asia/Tokyo"), language="ja")
        assert f"{when}：{people}" in evidence


def test_it_stands_there_once_choosing_has_closed_once_a_date_is_near_and_until_one_is_settled(chika, looking):
    first, second = looking.options.order_by("starts_at")

    [(_what, closed)] = gatherings_of(chika, looking.closes_at)
    assert "締め切りました。1人のうち0人" in closed
    Gathering.objects.update(closes_at=second.starts_at)
    assert gatherings_of(chika, first.starts_at - timedelta(days=3, minutes=1)) == []
    [(_what, near)] = gatherings_of(chika, first.starts_at - timedelta(days=3))
    assert "最初の候補日が近いか" in near
    [(_what, one_left)] = gatherings_of(chika, first.starts_at)
    assert one_left.count("0人") == near.count("0人") - 1
    [(_what, none_left)] = gatherings_of(chika, second.starts_at)
    assert "すべて過ぎました" in none_left

    fix_date(gathering_id=looking.pk, option_id=second.pk, now=first.starts_at)
    assert gatherings_of(chika, first.starts_at) == []
    settled = [one.what for one in morning_of(desk_of(chika, now=first.starts_at + timedelta(minutes=1))).done]
    assert "修了会の日が決まりました" in settled
