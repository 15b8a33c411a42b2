"""Form cohorts: start a run, wait, look at what it proposes, set it aside."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import PairWish, Person, Term
from matching import explaining
from matching.models import CohortProposal, MatchRun, ProposedMember, Unplaced
from matching.services.publish import publish_run
from matching.services.runs import run_queued, start_run
from matching.wishes import Wishes
from tests.factories import NOW, make_facilitation, make_participation, make_person

Status = MatchRun.Status


@pytest.fixture(autouse=True)
def signed_in(client: Client, chika: Person, clock_stands: None) -> None:
    client.force_login(chika)


@pytest.fixture
def ready(full_term: Term) -> MatchRun:
    run = start_run(term=full_term, seed=7, now=NOW)
    run_queued(now=NOW)
    run.refresh_from_db()
    return run


def test_run_starts_and_leads_to_its_own_page(client: Client, full_term: Term, chika: Person) -> None:
    response = client.post(reverse("term_runs", args=[full_term.pk]), {"start": "1"})

    run = MatchRun.objects.get()
    assert response.headers["Location"] == reverse("run", args=[run.pk])
    assert (run.status, run.asked_by) == (Status.QUEUED, chika)


def test_seed_that_was_typed_is_used(client: Client, full_term: Term) -> None:
    client.post(reverse("term_runs", args=[full_term.pk]), {"seed": "42"})

    assert MatchRun.objects.get().seed == 42


@pytest.mark.parametrize("seed", ["-1", "many", "9" * 40, "1.5"])
def test_seed_that_is_no_number_is_refused_at_its_field(seed: str, client: Client, full_term: Term) -> None:
    response = client.post(reverse("term_runs", args=[full_term.pk]), {"seed": seed})

    assert list(response.context["form"].errors) == ["seed"]
    assert not MatchRun.objects.exists()


def test_second_run_at_a_time_is_refused_in_words(client: Client, full_term: Term) -> None:
    start_run(term=full_term, seed=1, now=NOW)

    response = client.post(reverse("term_runs", args=[full_term.pk]))

    assert response.context["form"].non_field_errors()
    assert MatchRun.objects.count() == 1


def test_run_without_people_is_refused_in_words(client: Client, term: Term) -> None:
    assert client.post(reverse("term_runs", args=[term.pk])).context["form"].non_field_errors()


def test_page_of_a_run_under_way_asks_again_by_itself(client: Client, full_term: Term) -> None:
    run = start_run(term=full_term, seed=1, now=NOW)

    page = client.get(reverse("run", args=[run.pk])).content.decode()
    part = client.get(reverse("run_progress", args=[run.pk]))

    assert f'hx-get="{reverse("run_progress", args=[run.pk])}"' in page
    assert "<noscript>" in page
    assert "hx-trigger" in part.content.decode()
    assert "HX-Refresh" not in part.headers


def test_progress_of_a_finished_run_asks_for_the_whole_page(client: Client, ready: MatchRun) -> None:
    part = client.get(reverse("run_progress", args=[ready.pk]))

    assert part.headers["HX-Refresh"] == "true"
    assert "hx-trigger" not in part.content.decode()


def test_proposal_shows_who_when_with_whom_and_why(client: Client, ready: MatchRun) -> None:
    response = client.get(reverse("run", args=[ready.pk]))

    [card] = response.context["cards"]
    assert "あおい" in {person.preferred_name for person in card.students}
    assert "たけし" in {person.preferred_name for person in card.alumni}
    assert (card.facilitator.preferred_name, card.window.weekday) == ("ふみ", 1)
    assert card.shared_interests == ("旅",)
    assert all(name in response.content.decode() for name in ("あおいさん", "青井 葵", "ふみさん", "旅"))


def test_proposal_names_interests_in_the_readers_language_and_those_that_lie_close(
    client: Client, full_term: Term, chika: Person
) -> None:
    students = full_term.participations.filter(generation="student").order_by("pk")
    students.filter(pk=students[0].pk).update(interests={"旅": 5, "子育て": 3, "織物": 2})
    full_term.participations.filter(generation="alumni").update(interests={"旅": 4, "教育": 3, "織物": 1})
    run = start_run(term=full_term, seed=1, now=NOW, actor=chika)
    run_queued(now=NOW)
    Person.objects.filter(pk=chika.pk).update(language="en")

    response = client.get(reverse("run", args=[run.pk]))

    [card] = response.context["cards"]
    assert card.shared_interests == ("Travel", "織物")
    assert card.related_interests == (("Raising children", "Education"),)
    assert "Raising children ~ Education" in response.content.decode()


def test_people_without_a_place_are_shown_by_reason(client: Client, ready: MatchRun) -> None:
    [group] = client.get(reverse("run", args=[ready.pk])).context["waiting"]

    assert (group.reason, len(group.people)) == ("no_availability", 1)


@pytest.mark.parametrize("proven", [True, False])
def test_only_a_proven_run_says_that_no_more_can_be_placed(proven: bool, client: Client, ready: MatchRun) -> None:
    MatchRun.objects.update(proven=proven)
    Person.objects.update(language="en")

    page = client.get(reverse("run", args=[ready.pk])).content.decode()

    assert ("No plan places more." in page) is proven
    assert ("We found no plan with more." in page) is not proven


def test_a_proven_run_says_how_it_is_proven(client: Client, ready: MatchRun) -> None:
    Person.objects.update(language="en")

    page = client.get(reverse("run", args=[ready.pk])).content.decode()

    assert ready.proven
    assert ready.bound_method == "reachable-people"
    assert "Proof: for nobody who waits is there any cohort that would keep the rules" in page


def test_a_run_that_is_not_proven_says_how_many_more_there_could_be_at_most(client: Client, ready: MatchRun) -> None:
    MatchRun.objects.update(proven=False, upper_bound=ready.placed + 1)
    Person.objects.update(language="en")

    page = client.get(reverse("run", args=[ready.pk])).content.decode()

    assert "It is proven that no plan places more than 1 person in addition." in page
    assert "Proof:" not in page


def test_in_japanese_only_a_proven_run_says_the_words_that_coordinators_look_for(
    client: Client, ready: MatchRun
) -> None:
    said = "これ以上は置けません"
    assert said in client.get(reverse("run", args=[ready.pk])).content.decode()

    MatchRun.objects.update(proven=False, upper_bound=ready.placed + 1)

    assert said not in client.get(reverse("run", args=[ready.pk])).content.decode()


def test_what_in_the_answers_stands_in_the_way_is_said_by_name(client: Client, full_term: Term) -> None:
    Person.objects.update(language="en")
    idle = make_facilitation(full_term, make_person("Rin"))
    idle.windows.all().delete()
    pair = [make_participation(full_term, make_person(name)) for name in ("Sora", "Umi")]
    pair[1].windows.update(weekday=4)
    PairWish.objects.create(term=full_term, first=pair[0], second=pair[1], kind=PairWish.Kind.TOGETHER)
    run = start_run(term=full_term, seed=7, now=NOW)
    run_queued(now=NOW)

    response = client.get(reverse("run", args=[run.pk]))

    assert response.context["help"].obstacles == [
        "Rin, who facilitates, is at no time free for a whole session.",
        "Sora and Umi wish to be together, but have too little time in common.",
    ]
    assert "What stands in the way" in response.content.decode()


def test_whom_no_single_change_places_is_told_so(client: Client, ready: MatchRun) -> None:
    Unplaced.objects.update(change={})
    Person.objects.update(language="en")

    [group] = client.get(reverse("run", args=[ready.pk])).context["waiting"]

    assert [one.change for one in group.people] == ["We found no single change that would be enough."]


def test_proposal_says_why_it_is_as_it_is_in_words(client: Client, ready: MatchRun) -> None:
    Person.objects.update(language="en")

    response = client.get(reverse("run", args=[ready.pk]))

    [card] = response.context["cards"]
    assert card.reasons.new_faces == "3/3"
    assert "あおい and たけし: Travel" in card.reasons.bridges
    assert len(card.unlinked) == 2  # the other of the second career has named nothing
    assert all(said.endswith("named nothing in common, and nothing that lies close.") for said in card.unlinked)
    assert card.unlinked[0] in response.content.decode()
    assert card.reasons.holds[0] == "Nobody who waits is free at its time."
    assert "The generations are even" in card.reasons.good
    assert str(CohortProposal.objects.get().quality) not in response.content.decode()


def test_parts_of_the_quality_stand_on_the_card_and_add_up(client: Client, ready: MatchRun) -> None:
    Person.objects.update(language="en")
    CohortProposal.objects.update(quality=0.61234)
    proposal = CohortProposal.objects.get()
    parts = {"affinity": 0.3111, "robust": 0.0666, "balance": 0.1500, "diversity": 0.0847}
    CohortProposal.objects.update(explanation={**proposal.explanation, "parts": parts})

    response = client.get(reverse("run", args=[ready.pk]))

    [card] = response.context["cards"]
    assert card.reasons.figures == (
        ("Interests in common", "31.1 of 50"),
        ("Other times in common", "6.6 of 20"),
        ("Even generations", "15.0 of 15"),
        ("Different fields", "8.5 of 15"),
    )
    assert card.reasons.together == "61.2 of 100"
    assert all(text in response.content.decode() for _name, text in card.reasons.figures)


def test_what_could_change_in_a_cohort_does_not_stand_as_something_that_holds_it(
    client: Client, ready: MatchRun
) -> None:
    [card] = client.get(reverse("run", args=[ready.pk])).context["cards"]
    page = client.get(reverse("run", args=[ready.pk])).content.decode()

    assert "別の時間に集まることもできます。" in card.reasons.holds
    assert "<h4>変えられないこと・変えられること</h4>" in page


def test_whoever_waits_is_shown_with_the_change_that_would_place_them(client: Client, ready: MatchRun) -> None:
    Person.objects.update(language="en")

    [group] = client.get(reverse("run", args=[ready.pk])).context["waiting"]

    assert [one.change for one in group.people] == ["If they had 90 more minutes free: cohort 1, Tuesdays 19:00–20:30."]


def test_what_would_help_the_whole_term_is_said(client: Client, full_term: Term) -> None:
    for generation in ("student", "student", "alumni", "alumni"):
        one = make_participation(full_term, generation=generation)
        one.windows.update(weekday=3)
    Person.objects.update(language="en")
    run = start_run(term=full_term, seed=7, now=NOW)
    run_queued(now=NOW)

    hints = client.get(reverse("run", args=[run.pk])).context["help"].hints

    assert "One facilitator more at this time would place 4 people: Thursdays 19:00–20:30." in hints


def test_rules_that_cost_nobody_a_place_are_named_too(client: Client, full_term: Term) -> None:
    full_term.student_affiliation = "hard"
    full_term.size_max = 5
    full_term.save()
    Person.objects.update(language="en")
    run = start_run(term=full_term, seed=7, now=NOW)
    run_queued(now=NOW)

    hints = client.get(reverse("run", args=[run.pk])).context["help"].hints

    rules = "Never two students of one school, Other sizes of cohorts than four to six"
    assert f"Nobody more was placed when we left out: {rules}." in hints
    assert "We found no time at which one facilitator more would place somebody." in hints


def test_a_term_too_large_to_form_anew_says_that_a_rule_is_not_weighed(
    client: Client, full_term: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "MOST_TO_FORM_ANEW", 0)
    full_term.student_affiliation = "hard"
    full_term.save()
    Person.objects.update(language="en")
    run = start_run(term=full_term, seed=7, now=NOW)
    run_queued(now=NOW)

    hints = client.get(reverse("run", args=[run.pk])).context["help"].hints

    rule = "Never two students of one school"
    assert f"With so many people it is not worked out what rules cost in places: {rule}." in hints


def test_failed_run_says_so_and_is_asked_for_again_with_its_wishes_and_what_it_was_to_keep(
    client: Client, ready: MatchRun
) -> None:
    wishes = Wishes(form_size=4, fair=False, spare_facilitators=True).as_row()
    keeps = {"cohorts": [], "frames": [], "pairs": [["1", "2"]]}
    failed = MatchRun.objects.create(
        term=ready.term, status=Status.FAILED, trouble="MemoryError", seed=9, wishes=wishes, rerun_of=ready,
        keeps=keeps, engine_version="v3", created_at=NOW,
    )  # fmt: skip

    page = client.get(reverse("run", args=[failed.pk])).content.decode()
    client.post(reverse("run_rerun", args=[failed.pk]))

    assert "MemoryError" not in page
    assert f'action="{reverse("run_rerun", args=[failed.pk])}"' in page
    again = MatchRun.objects.get(status=Status.QUEUED)
    assert (again.seed, again.wishes, again.rerun_of, again.keeps) == (9, wishes, ready, keeps)


def test_failed_run_is_not_asked_for_again_while_another_is_under_way(client: Client, ready: MatchRun) -> None:
    MatchRun.objects.update(status=Status.FAILED)
    start_run(term=ready.term, seed=7, now=NOW)

    response = client.post(reverse("run_rerun", args=[ready.pk]), follow=True)

    assert response.redirect_chain == [(reverse("run", args=[ready.pk]), 302)]
    assert MatchRun.objects.filter(status=Status.QUEUED).count() == 1
    assert client.get(reverse("run_rerun", args=[ready.pk])).status_code == 302


def test_run_is_set_aside_after_it_was_confirmed(client: Client, ready: MatchRun) -> None:
    address = reverse("run_discard", args=[ready.pk])
    client.get(address)
    assert MatchRun.objects.get().status == Status.READY

    client.post(address, {"version": 0})

    assert MatchRun.objects.get().status == Status.DISCARDED


def test_published_run_cannot_be_set_aside(client: Client, ready: MatchRun) -> None:
    publish_run(run_id=ready.pk, now=NOW)

    response = client.post(reverse("run_discard", args=[ready.pk]))

    assert response.headers["Location"] == reverse("run", args=[ready.pk])
    assert MatchRun.objects.get().status == Status.PUBLISHED


@pytest.mark.parametrize("proposals", [1, 3])
def test_page_of_a_run_costs_the_same_for_more_proposals(
    proposals: int, client: Client, term: Term, django_assert_max_num_queries: Callable
) -> None:
    run = MatchRun.objects.create(
        term=term, status=Status.READY, engine_version="v1", created_at=NOW, finished_at=NOW, people=4 * proposals
    )
    for number in range(1, proposals + 1):
        proposal = CohortProposal.objects.create(
            run=run, number=number, facilitation=make_facilitation(term), weekday=1, starts=1140, quality=1.0
        )
        for generation in ("student", "alumni"):
            ProposedMember.objects.create(
                run=run, proposal=proposal, participation=make_participation(term, generation=generation)
            )

    with django_assert_max_num_queries(13):
        client.get(reverse("run", args=[run.pk]))


@pytest.mark.parametrize("runs", [1, 3])
def test_list_of_runs_costs_the_same_for_more_runs(
    runs: int, client: Client, term: Term, chika: Person, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(runs):
        MatchRun.objects.create(term=term, status=Status.FAILED, engine_version="v1", created_at=NOW, asked_by=chika)

    with django_assert_max_num_queries(8):
        client.get(reverse("term_runs", args=[term.pk]))
