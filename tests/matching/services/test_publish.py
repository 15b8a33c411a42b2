"""A run is published once, whole, and only while it still holds."""

import pytest

from dialogue.models import Cohort, Membership, OutboundMessage, PairWish, Participation
from dialogue.services.cohorts import end_participation
from matching.models import MatchRun
from matching.services import publish, runs
from matching.services.publish import PublishRefused, publish_run
from matching.services.runs import NobodyToMatch, RunUnderWay, discard_run, run_queued, start_run
from sessions.models import SessionSeries
from tests.factories import NOW, make_facilitation, make_participation, make_term
from tests.races import all_at_once


def fill(term, cohorts: int = 2) -> None:
    for _ in range(cohorts):
        for generation in ("student", "student", "alumni", "alumni"):
            make_participation(term, generation=generation)
        make_facilitation(term, max_cohorts=1)
    make_participation(term, generation="alumni", languages=["en"])


def ready_run(term) -> MatchRun:
    start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW)
    return MatchRun.objects.filter(term=term).latest("pk")


@pytest.fixture
def run(term) -> MatchRun:
    fill(term)
    return ready_run(term)


@pytest.mark.django_db
def test_a_published_run_places_everybody_it_proposed_and_tells_the_others_why(term, run):
    published = publish_run(run_id=run.pk, now=NOW)

    assert len(published.cohorts) == 2
    assert published.waiting == 1
    assert sorted(term.participations.values_list("status", "waiting_reason")) == [
        ("accepted", "no_shared_language"),
        *[("placed", "")] * 8,
    ]
    assert OutboundMessage.objects.filter(kind="not_placed").count() == 1
    assert set(SessionSeries.objects.values_list("status", flat=True)) == {"queued"}


@pytest.mark.django_db
def test_publishing_twice_changes_nothing(run):
    publish_run(run_id=run.pk, now=NOW)
    before = (Cohort.objects.count(), Membership.objects.count(), OutboundMessage.objects.count())

    assert publish_run(run_id=run.pk, now=NOW).cohorts == ()
    assert (Cohort.objects.count(), Membership.objects.count(), OutboundMessage.objects.count()) == before


def somebody_left(run):
    member = run.proposals.first().members.first()
    end_participation(participation_id=member.participation_id, now=NOW)


def two_were_blocked(run):
    first, second = sorted(run.proposals.first().members.values_list("participation", flat=True))[:2]
    PairWish.objects.create(term=run.term, first_id=first, second_id=second, kind="blocked")


def somebody_has_no_time_any_more(run):
    run.proposals.first().members.first().participation.windows.all().delete()


def the_facilitator_has_no_time_any_more(run):
    run.proposals.first().facilitation.windows.all().delete()


def the_facilitator_wants_fewer(run):
    facilitation = run.proposals.first().facilitation
    facilitation.max_cohorts = 0
    facilitation.save()


def the_term_wants_larger_cohorts(run):
    run.term.size_min = run.term.size_max = 6
    run.term.save()


def somebody_took_consent_back(run):
    run.proposals.first().members.first().participation.consents.update(withdrawn_at=NOW)


CHANGES = [
    somebody_left,
    two_were_blocked,
    somebody_has_no_time_any_more,
    the_facilitator_has_no_time_any_more,
    the_facilitator_wants_fewer,
    the_term_wants_larger_cohorts,
    somebody_took_consent_back,
]


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_run_that_no_longer_holds_is_refused_whole(term, run, change):
    change(run)
    before = list(Participation.objects.order_by("pk").values("status", "waiting_reason"))

    with pytest.raises(PublishRefused) as refused:
        publish_run(run_id=run.pk, now=NOW)

    assert refused.value.rules
    assert not Cohort.objects.exists()
    assert not SessionSeries.objects.exists()
    assert list(Participation.objects.order_by("pk").values("status", "waiting_reason")) == before
    run.refresh_from_db()
    assert (run.status, run.published_at) == ("ready", None)


@pytest.mark.django_db
def test_times_are_kept_by_the_check_at_publishing_alone(run, monkeypatch):
    """The control: without it a cohort would be formed that its facilitator cannot lead."""
    the_facilitator_has_no_time_any_more(run)
    monkeypatch.setattr(publish.Rulebook, "check_plan", lambda self, plan: [])

    assert len(publish_run(run_id=run.pk, now=NOW).cohorts) == 2


@pytest.mark.django_db
def test_a_second_run_takes_up_those_who_came_later(term, run):
    publish_run(run_id=run.pk, now=NOW)
    fill(term, cohorts=1)

    publish_run(run_id=ready_run(term).pk, now=NOW)

    assert sorted(Cohort.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert Membership.objects.filter(left_at__isnull=True).count() == 12


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["queued", "failed", "discarded"])
def test_only_a_ready_run_can_be_published(run, status):
    MatchRun.objects.filter(pk=run.pk).update(status=status)

    with pytest.raises(PublishRefused):
        publish_run(run_id=run.pk, now=NOW)

    assert not Cohort.objects.exists()


@pytest.mark.django_db
def test_a_published_run_cannot_be_set_aside(run):
    publish_run(run_id=run.pk, now=NOW)

    discard_run(run_id=run.pk, now=NOW)

    run.refresh_from_db()
    assert run.status == "published"


@pytest.mark.django_db
def test_a_term_runs_one_run_at_a_time_and_none_for_nobody(term):
    with pytest.raises(NobodyToMatch):
        start_run(term=term, seed=1, now=NOW)
    fill(term)
    start_run(term=term, seed=1, now=NOW)

    with pytest.raises(RunUnderWay):
        start_run(term=term, seed=2, now=NOW)

    assert MatchRun.objects.count() == 1


@pytest.mark.django_db
def test_a_run_whose_worker_died_is_taken_up_again_and_given_up_after_three(term):
    fill(term)
    run = start_run(term=term, seed=1, now=NOW)
    MatchRun.objects.update(status="running", attempts=1, leased_until=NOW)
    assert run_queued(now=NOW) == 0
    assert run_queued(now=NOW.replace(hour=5)) == 1
    run.refresh_from_db()
    assert (run.status, run.attempts, run.proposals.count()) == ("ready", 2, 2)

    MatchRun.objects.update(status="running", attempts=3, leased_until=NOW)
    assert run_queued(now=NOW.replace(hour=5)) == 0
    run.refresh_from_db()
    assert (run.status, run.trouble) == ("failed", "worker_lost")


@pytest.mark.django_db
def test_the_same_people_and_seed_give_the_same_run(term):
    fill(term)
    found = []
    for _ in range(2):
        run = ready_run(term)
        found.append((run.input_digest, sorted(run.proposals.values_list("number", "members__participation"))))

    assert found[0] == found[1]


# Races


@pytest.mark.postgres
def test_of_many_who_publish_one_run_at_once_one_forms_the_cohorts(term):
    fill(term)
    run = ready_run(term)

    found = all_at_once([lambda: len(publish_run(run_id=run.pk, now=NOW).cohorts)] * 4)

    assert sorted(found) == [0, 0, 0, 2]
    assert Cohort.objects.count() == 2
    assert SessionSeries.objects.count() == 2
    assert Membership.objects.count() == 8
    assert OutboundMessage.objects.filter(kind="not_placed").count() == 1


@pytest.mark.postgres
def test_of_two_runs_with_the_same_people_published_at_once_one_is_refused(term):
    fill(term)
    both = [ready_run(term), ready_run(term)]

    found = all_at_once([lambda pk=one.pk: publish_run(run_id=pk, now=NOW) for one in both])

    assert sorted(type(one).__name__ for one in found) == ["PublishRefused", "Published"]
    assert Cohort.objects.count() == 2
    assert Membership.objects.count() == 8


@pytest.mark.postgres
def test_of_two_who_start_a_run_at_once_one_does(term):
    fill(term)

    found = all_at_once([lambda: start_run(term=term, seed=1, now=NOW)] * 2)

    assert sorted(type(one).__name__ for one in found) == ["MatchRun", "RunUnderWay"]


@pytest.mark.postgres
def test_a_run_that_is_taken_up_by_many_is_carried_out_once(term):
    fill(term)
    start_run(term=term, seed=1, now=NOW)

    assert sorted(all_at_once([lambda: run_queued(now=NOW)] * 3)) == [0, 0, 1]
    assert MatchRun.objects.get().proposals.count() == 2


@pytest.mark.postgres
def test_somebody_who_leaves_while_their_run_is_published_is_in_no_cohort_afterwards(term):
    fill(term)
    run = ready_run(term)
    leaver = run.proposals.first().members.first().participation_id

    found = all_at_once(
        [
            lambda: publish_run(run_id=run.pk, now=NOW),
            lambda: end_participation(participation_id=leaver, now=NOW),
        ]
    )

    assert type(found[1]).__name__ == "Participation"
    assert type(found[0]).__name__ in {"Published", "PublishRefused"}
    assert Participation.objects.get(pk=leaver).status == "ended"
    assert not Membership.objects.filter(participation=leaver, left_at__isnull=True).exists()
    for cohort in Cohort.objects.all():
        whole = cohort.memberships.filter(left_at__isnull=True).count() == 4
        assert cohort.status == ("active" if whole else "needs_repair")


@pytest.mark.postgres
def test_without_the_claim_the_same_race_carries_one_run_out_twice(term, monkeypatch):
    """The control: the conditional update is what keeps the promise above."""
    fill(term)
    start_run(term=term, seed=1, now=NOW)
    monkeypatch.setattr(runs, "_claim", lambda pk, now: True)
    carried_out = []
    monkeypatch.setattr(runs, "_carry_out", lambda run, now, form: carried_out.append(run.pk))

    all_at_once([lambda: run_queued(now=NOW)] * 2)

    assert len(carried_out) == 2


@pytest.mark.django_db
def test_runs_of_two_terms_do_not_meet(term, chika):
    fill(term)
    other = make_term(coordinator=chika)
    fill(other)

    publish_run(run_id=ready_run(term).pk, now=NOW)

    assert not other.cohorts.exists()
    assert not other.participations.filter(status="placed").exists()
