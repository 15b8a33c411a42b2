"""A gathering that opens together and goes on in the cohorts: each cohort in a room that nobody else has then."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import Cohort, OutboundMessage
from sessions.gathering_entries import entry_of_gathering
from sessions.models import BusyTime, Gathering
from sessions.services.booking import TimeTaken
from sessions.services.gatherings import GatheringOrder, change_gathering, open_gathering
from sessions.splitting import apart_of, cohorts_apart
from tests.factories import NOW, make_cohort, make_session, make_term

pytestmark = pytest.mark.django_db

AT = NOW + timedelta(days=5)
SPLIT, END = AT + timedelta(minutes=30), AT + timedelta(minutes=90)
LINKS = [f"https://meet.example.org/{name}" for name in ("hall", "one", "two", "three")]


@pytest.fixture
def other(cohort) -> Cohort:
    """Beside the cohort of Aoi and Takeshi."""
    cohort.term.room_urls = LINKS
    cohort.term.save()
    return make_cohort(cohort.term)


def opened(term, **fields) -> Gathering:
    said = {"kind": "kickoff", "audience": "everybody", "minutes": 90, "together_minutes": 30, "room_url": LINKS[0]}
    return open_gathering(term=term, order=GatheringOrder(starts=[AT], **said | fields), now=NOW)


def links_of(gathering) -> list[str]:
    return [one.room_url for one in cohorts_apart(gathering)]


def test_each_cohort_has_a_link_of_its_own_from_the_split_on(cohort, other):
    gathering = opened(cohort.term)

    assert gathering.splits_at == SPLIT
    assert links_of(gathering) == LINKS[1:3]
    hours = BusyTime.objects.filter(gathering=gathering).exclude(room="")
    assert {room: hours.filter(room=room).count() for room in LINKS} == dict(zip(LINKS, (6, 4, 4, 0), strict=True))


def test_a_link_that_is_used_then_is_passed_over(cohort, other):
    elsewhere = make_session(make_cohort(make_term()), starts_at=END - timedelta(minutes=15))
    for quarter in range(4):
        at = int((END - timedelta(minutes=15)).timestamp()) // 900 + quarter
        BusyTime.objects.create(session=elsewhere, room=LINKS[1], quarter=at)

    assert links_of(opened(cohort.term)) == LINKS[2:4]


def test_with_too_few_links_all_stay_in_small_rooms_and_no_link_is_held(cohort, other):
    cohort.term.room_urls = LINKS[:2]
    cohort.term.save()

    gathering = opened(cohort.term)

    assert links_of(gathering) == ["", ""]
    assert not BusyTime.objects.filter(room=LINKS[1]).exists()


def test_a_link_that_ends_too_early_is_none(cohort, other):
    cohort.term.room_notes = {LINKS[1]: {"minutes": 40}}
    cohort.term.save()

    assert links_of(opened(cohort.term)) == LINKS[2:4]


def test_nobody_else_can_take_a_link_of_the_second_part(cohort, other):
    opened(cohort.term)

    with pytest.raises(TimeTaken):
        open_gathering(
            term=cohort.term,
            order=GatheringOrder(
                kind="training", audience="facilitators", starts=[SPLIT], minutes=60, room_url=LINKS[1]
            ),
            now=NOW,
        )


def test_a_change_of_the_split_takes_and_gives_hours_and_is_told(cohort, other):
    gathering = opened(cohort.term)
    as_it_is = {"starts_at": AT, "minutes": 90, "place": "", "room_url": LINKS[0], "note": "", "now": NOW}

    assert change_gathering(gathering_id=gathering.pk, seen=0, together_minutes=None, **as_it_is)

    gathering.refresh_from_db()
    assert (gathering.sequence, gathering.splits_at) == (1, None)
    assert not BusyTime.objects.filter(gathering=gathering, room=LINKS[1]).exists()
    assert OutboundMessage.objects.filter(kind="gathering_changed").count() == gathering.answers.count()
    assert not change_gathering(gathering_id=gathering.pk, seen=1, together_minutes=None, **as_it_is)


@pytest.mark.parametrize(
    ("language", "words"), [("ja", "はじめの30分は全員で"), ("en", "The first 30 minutes together")]
)
def test_the_entry_in_calendars_says_so(cohort, other, language, words):
    gathering = opened(cohort.term)

    with translation.override(language):
        assert words in entry_of_gathering(gathering).description
        gathering.together_minutes = None
        assert words not in entry_of_gathering(gathering).description


def test_everybody_goes_on_with_their_own_cohort(cohort, other, aoi, fumi):
    gathering = opened(cohort.term)

    assert [one.cohort for one in apart_of(gathering, aoi)] == [cohort]
    assert {one.cohort for one in apart_of(gathering, fumi)} == set(
        Cohort.objects.filter(facilitation__person=fumi, term=cohort.term)
    )


def test_the_way_to_ones_cohort_opens_at_the_split(cohort, other, aoi, client, at):
    gathering = opened(cohort.term)
    address = reverse("gathering", args=[gathering.pk])
    client.force_login(aoi)

    at(SPLIT - timedelta(minutes=1))
    before = client.get(address).content.decode()
    assert f"そのあとは、グループ{cohort.number}です。" in before
    assert LINKS[1] not in before
    at(SPLIT)
    after = client.get(address).content.decode()
    assert f'href="{LINKS[1]}"' in after
    assert LINKS[2] not in after


def test_the_coordinator_sees_which_cohort_goes_where(cohort, other, chika, client):
    client.force_login(chika)

    page = client.get(reverse("gathering", args=[opened(cohort.term).pk])).content.decode()

    assert "はじめの30分は全員で、そのあとはグループに分かれます。" in page
    assert LINKS[1] in page
    assert LINKS[2] in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "はじめの30分は全員で、そのあとはグループごとに話します。"),
        ("en", "The first 30 minutes are for everybody together"),
    ],
)
def test_the_invitation_says_so(cohort, other, aoi, language, words):
    aoi.language = language
    aoi.save()
    opened(cohort.term)
    row = OutboundMessage.objects.get(kind="gathering_invited", recipient=aoi)

    assert words in composed(row, kinds()[row.kind], NOW).body
