"""What the API tells, and to whom: the same as their pages."""

from datetime import timedelta

import pytest

from dialogue.models import Deck, Prompt
from dialogue.services.cohorts import end_participation
from sessions.models import Attendance, SessionPrompt
from tests import stopped_clock
from tests.factories import make_cohort, make_participation, make_person, make_session, make_term


@pytest.fixture
def session(cohort):
    return make_session(cohort)


def names(answer):
    return [one["name"] for one in answer.json()["results"]]


def test_terms_are_those_of_the_reader(program, cohort, aoi, chika, sam):
    make_term(name="Elsewhere")

    assert names(program(aoi).get("/api/v1/terms/")) == [cohort.term.name]
    assert names(program(chika).get("/api/v1/terms/")) == [cohort.term.name]
    assert names(program(sam).get("/api/v1/terms/")) == []
    assert program(aoi).get(f"/api/v1/terms/{cohort.term_id}/").json()["zone"] == "Asia/Tokyo"


def test_cohort_tells_names_in_kana_order_and_its_window(program, cohort, aoi, takeshi):
    told = program(aoi).get(f"/api/v1/cohorts/{cohort.pk}/").json()

    assert {"あおい", "たけし"} <= set(told["members"])
    assert told["members"].index("あおい") < told["members"].index("たけし")
    assert told["window"] == {"weekday": 1, "starts": 19 * 60 + 30, "ends": 21 * 60}
    assert (told["zone"], told["facilitator"], told["status"]) == ("Asia/Tokyo", "ふみ", None)


def test_standing_of_a_cohort_is_for_its_coordinators(program, cohort, chika, fumi):
    address = f"/api/v1/terms/{cohort.term_id}/cohorts/"

    assert [one["status"] for one in program(chika).get(address).json()["results"]] == ["active"]
    assert [one["status"] for one in program(fumi).get(address).json()["results"]] == [None]


def test_member_sees_their_own_cohort_and_no_other(program, cohort, aoi, chika):
    other = make_cohort(cohort.term)
    address = f"/api/v1/terms/{cohort.term_id}/cohorts/"

    assert [one["id"] for one in program(aoi).get(address).json()["results"]] == [cohort.pk]
    assert [one["id"] for one in program(chika).get(address).json()["results"]] == [cohort.pk, other.pk]
    assert program(aoi).get(f"/api/v1/cohorts/{other.pk}/").status_code == 404


def test_times_are_utc_with_the_zone_beside(program, session, aoi):
    [told] = program(aoi).get("/api/v1/sessions/").json()["results"]

    assert (told["starts_at"], told["ends_at"]) == ("2026-12-01T10:30:00Z", "2026-12-01T12:00:00Z")
    assert (told["zone"], told["my_answer"]) == ("Asia/Tokyo", "none")
    assert "room" not in str(told)


def test_answers_are_for_the_facilitator_and_coordinators(program, session, aoi, fumi, chika):
    Attendance.objects.filter(session=session, person=aoi).update(answer="yes", answered_at=session.created_at)
    address = f"/api/v1/sessions/{session.pk}/"

    def answer_of_aoi(reader):
        return {one["name"]: one["answer"] for one in program(reader).get(address).json()["people"]}["あおい"]

    assert [answer_of_aoi(reader) for reader in (aoi, fumi, chika)] == [None, "yes", "yes"]


def test_prompts_come_a_day_ahead_in_the_language_asked_for(program, session, aoi):
    deck = Deck.objects.create(slug="sample", name="見本")
    prompt = Prompt.objects.create(
        deck=deck, slug="sample-1", position=1, value="face", domain="work", depth=1, stage="background",
        text_ja="どんな朝でしたか。", text_en="What was your morning like?",
    )  # fmt: skip
    SessionPrompt.objects.create(session=session, prompt=prompt, round=1)
    address = f"/api/v1/sessions/{session.pk}/"
    client = program(aoi)

    assert client.get(address).json()["prompts"] == []
    stopped_clock.stop_at(session.starts_at - timedelta(days=1))
    assert client.get(address).json()["prompts"] == ["どんな朝でしたか。"]
    english = client.get(address, headers={"Accept-Language": "en"})
    assert english.json()["prompts"] == ["What was your morning like?"]


def test_after_leaves_out_what_is_over(program, session, aoi):
    client = program(aoi)

    assert client.get("/api/v1/sessions/?after=2026-12-01T11:00:00Z").json()["count"] == 1
    assert client.get("/api/v1/sessions/?after=2026-12-01T21:00:00%2B09:00").json()["count"] == 0
    assert client.get("/api/v1/sessions/?after=tomorrow").status_code == 400


def test_one_who_has_left_reads_nothing_more(program, session, cohort, aoi):
    client = program(aoi)
    end_participation(participation_id=aoi.participations.get().pk, now=session.created_at)

    assert client.get("/api/v1/sessions/").json()["count"] == 0
    assert client.get("/api/v1/terms/").json()["count"] == 0
    for address in (f"sessions/{session.pk}/", f"cohorts/{cohort.pk}/", f"terms/{cohort.term_id}/"):
        assert client.get(f"/api/v1/{address}").status_code == 404


def test_coordinator_reads_a_term_without_being_in_it(program, session, chika):
    client = program(chika)

    assert client.get(f"/api/v1/terms/{session.cohort.term_id}/sessions/").json()["count"] == 1
    assert client.get("/api/v1/sessions/").json()["count"] == 0
    assert client.get(f"/api/v1/sessions/{session.pk}/").json()["my_answer"] is None


@pytest.mark.parametrize("reader_name", ["aoi", "chika"])
@pytest.mark.parametrize("how_many", [1, 3])
def test_query_counts_do_not_grow(program, cohort, aoi, chika, reader_name, how_many, django_assert_max_num_queries):
    reader = {"aoi": aoi, "chika": chika}[reader_name]
    first = make_session(cohort)
    for extra in range(1, how_many):
        make_session(cohort, starts_at=first.starts_at + timedelta(weeks=extra))
        make_cohort(cohort.term)
        make_cohort(make_term(coordinator=chika), students=(aoi,))
    client = program(reader)
    client.get("/api/v1/terms/")  # the throttle's first look

    for address, most in {
        "terms/": 3,
        f"terms/{cohort.term_id}/cohorts/": 5,
        f"terms/{cohort.term_id}/sessions/": 4,
        "sessions/": 3,
        f"sessions/{first.pk}/": 3,
    }.items():
        with django_assert_max_num_queries(most + COSTS_OF_THE_RATE):
            answer = client.get(f"/api/v1/{address}")
        assert answer.status_code == 200
        assert answer.json().get("count", how_many) in {how_many, 1} or address == "sessions/"


COSTS_OF_THE_RATE = 7
"""Queries of the cache in the database: what was asked before, and one more."""


def test_names_alone_are_told_of_people(program, session, cohort, aoi, takeshi, chika):
    takeshi.email = "hidden@example.net"
    takeshi.save()
    make_participation(cohort.term, make_person("まつ"))

    for reader in (aoi, chika):
        client = program(reader)
        for address in ("terms/", f"cohorts/{cohort.pk}/", f"sessions/{session.pk}/", "sessions/"):
            body = client.get(f"/api/v1/{address}").content.decode()
            assert not any(word in body for word in ("@example.n", "竹田", "武", "たけだ"))
