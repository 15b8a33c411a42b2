"""Match runs over the API: start, look, publish, take back; refusals say which."""

from datetime import timedelta

import pytest

from dialogue.models import Cohort, OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from matching.models import MatchRun
from matching.services.publish import publish_run
from matching.services.runs import run_queued
from tests.factories import NOW, make_facilitation, make_participation


@pytest.fixture
def people(term):
    """Four who make a cohort, one more who speaks another language, and somebody to facilitate."""
    make_facilitation(term)
    four = [make_participation(term, generation=name) for name in ("student", "student", "alumni", "alumni")]
    return [*four, make_participation(term, languages=["en"])]


@pytest.fixture
def run(people, term, chika, program):
    answer = program(chika).post(f"/api/v1/terms/{term.pk}/runs/", {"seed": 7}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"], answer.json()["seed"]) == (201, "queued", 7)
    run_queued(now=NOW)
    return MatchRun.objects.get()


def test_run_tells_its_proposals_and_who_waits_for_what(run, chika, program):
    told = program(chika).get(f"/api/v1/runs/{run.pk}/").json()

    assert (told["status"], told["people"], told["placed"], told["zone"]) == ("ready", 5, 4, "Asia/Tokyo")
    [proposal] = told["proposals"]
    assert sorted(one["generation"] for one in proposal["members"]) == ["alumni", "alumni", "student", "student"]
    assert [one["reason"] for one in told["unplaced"]] == ["no_shared_language"]
    assert told["created_at"].endswith("Z")


def test_publishing_makes_the_cohorts_once_and_tells_who_waits(run, chika, program):
    client = program(chika)

    first = client.post(f"/api/v1/runs/{run.pk}/publish/")
    again = client.post(f"/api/v1/runs/{run.pk}/publish/")

    assert [(answer.status_code, answer.json()["status"]) for answer in (first, again)] == 2 * [(200, "published")]
    assert Cohort.objects.count() == 1
    assert OutboundMessage.objects.filter(kind="not_placed").count() == 1
    assert Participation.objects.get(status="accepted").waiting_reason == "no_shared_language"


def test_second_run_at_a_time_is_a_conflict(people, term, chika, program):
    client = program(chika)
    client.post(f"/api/v1/terms/{term.pk}/runs/", content_type="application/json")

    answer = client.post(f"/api/v1/terms/{term.pk}/runs/", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (409, "run_under_way")
    assert MatchRun.objects.count() == 1


def test_run_without_anybody_is_a_conflict(term, chika, program):
    answer = program(chika).post(f"/api/v1/terms/{term.pk}/runs/", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_to_match")


@pytest.mark.parametrize("seed", ["many", -1, 2**31, [], None])
def test_seed_that_is_no_seed_is_refused_by_name(people, term, chika, program, seed):
    answer = program(chika).post(f"/api/v1/terms/{term.pk}/runs/", {"seed": seed}, content_type="application/json")

    assert (answer.status_code, list(answer.json())) == (400, ["seed"])
    assert not MatchRun.objects.exists()


def test_publishing_what_no_longer_holds_is_a_conflict_that_names_the_rules(run, people, chika, program):
    end_participation(participation_id=people[0].pk, now=NOW)

    answer = program(chika).post(f"/api/v1/runs/{run.pk}/publish/")

    assert (answer.status_code, answer.json()["code"]) == (409, "publish_refused")
    assert "unknown-participant" in answer.json()["rules"]
    assert answer.json()["detail"]
    assert not Cohort.objects.exists()


def test_run_that_is_not_ready_cannot_be_published(people, term, chika, program):
    client = program(chika)
    pk = client.post(f"/api/v1/terms/{term.pk}/runs/", content_type="application/json").json()["id"]

    answer = client.post(f"/api/v1/runs/{pk}/publish/")

    assert (answer.status_code, answer.json()["rules"]) == (409, ["not_ready"])


def test_publication_that_nobody_heard_of_is_taken_back(run, chika, program):
    client = program(chika)
    published = client.post(f"/api/v1/runs/{run.pk}/publish/").json()
    assert published["held_until"] > published["published_at"]

    first = client.post(f"/api/v1/runs/{run.pk}/unpublish/")
    again = client.post(f"/api/v1/runs/{run.pk}/unpublish/")

    assert [(answer.status_code, answer.json()["status"]) for answer in (first, again)] == 2 * [(200, "ready")]
    assert first.json()["held_until"] is None
    assert not Cohort.objects.exists()
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize(("hold", "why"), [(timedelta(), "not_held"), (timedelta(minutes=5), "left")])
def test_publication_that_stays_is_a_conflict_that_says_why(run, chika, program, hold, why):
    publish_run(run_id=run.pk, now=NOW, hold=hold)
    OutboundMessage.objects.filter(kind="not_placed").update(status="sent", sent_at=NOW)

    answer = program(chika).post(f"/api/v1/runs/{run.pk}/unpublish/")

    assert (answer.status_code, answer.json()["code"]) == (409, why)
    assert answer.json()["detail"]
    assert Cohort.objects.count() == 1
