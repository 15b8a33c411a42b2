"""A cohort's prompts are drawn for it, can be drawn anew and replaced until they are read, and keep their rules."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from dialogue.core.prompts.cohort_profile import CohortProfile
from dialogue.core.prompts.kept import broken_by
from dialogue.core.prompts.prompt import Depth
from dialogue.core.prompts.ramp import depth_ramp
from dialogue.core.prompts.series_plan import plan_series
from dialogue.core.prompts.sufficing import Lack, LackCode
from dialogue.core.prompts.wishes import Never, Wish
from dialogue.models import AuditEntry, Cohort, Deck, OutboundMessage, OwnDeck, Prompt, Term
from dialogue.services.own_decks import DeckLacks, DrawsFrom
from sessions.models import DialogueSession, PromptWishes, SessionPrompt
from sessions.prompt_plans import planned_series, profile_of
from sessions.services.prompting import DoesNotFit, PromptsFixed, draw_prompts_anew, give_prompts, replace_prompt
from tests.dialogue.core.prompts.sample import library
from tests.factories import NOW, make_cohort, make_person, make_session, make_term

NOTHING = {"values": [], "left_out": [], "ready": False}


@pytest.fixture
def sessions(cohort: Cohort) -> list[DialogueSession]:
    """Four weekly sessions, the first in eight days, with their prompts."""
    made = [make_session(cohort, number=n, starts_at=NOW + timedelta(days=1 + 7 * n)) for n in (1, 2, 3, 4)]
    give_prompts(cohort, made)
    return made


def slugs_of(cohort: Cohort) -> list[str]:
    rows = SessionPrompt.objects.filter(session__cohort=cohort).order_by("session__number", "round")
    return list(rows.values_list("prompt__slug", flat=True))


def broken(cohort: Cohort) -> frozenset[object]:
    series = planned_series(cohort, now=NOW)
    laid = [[place.session_prompt.prompt for place in one.prompts] for one in series.sessions]
    ramp = depth_ramp(how_many_sessions=len(laid), deepest=series.profile.deepest)
    return broken_by(laid, ramp=ramp, cohort=series.profile)


def test_a_series_has_two_prompts_a_session_and_keeps_every_rule(cohort, sessions):
    assert len(set(slugs_of(cohort))) == 8
    assert broken(cohort) == frozenset()


def test_somebody_who_returns_meets_no_prompt_twice(cohort, sessions, aoi):
    again = make_cohort(make_term(name="次の期"), students=(aoi,))
    later = [make_session(again, starts_at=NOW + timedelta(days=100 + n)) for n in range(4)]

    give_prompts(again, later)

    assert profile_of(again).met == set(slugs_of(cohort))
    assert not set(slugs_of(again)) & set(slugs_of(cohort))


def test_somebody_who_returns_has_met_what_was_adapted_from_the_same_prompt(cohort, sessions, aoi):
    again = make_cohort(make_term(name="次の期"), students=(aoi,))
    original = SessionPrompt.objects.filter(session=sessions[0]).first().prompt
    deck = Deck.objects.create(programme=again.term.programme, slug="own", name="own")
    for name, met in (("copy", original), ("other", Prompt.objects.get(slug="the-words-i-never-said"))):
        Prompt.objects.create(deck=deck, slug=name, position=met.pk, adapts=met, depth=1, value="face", domain="work")

    assert profile_of(again).met == {*slugs_of(cohort), "copy"}


def test_a_cancelled_session_counts_as_not_met(cohort, sessions, aoi):
    DialogueSession.objects.filter(cohort=cohort).update(status="cancelled")
    again = make_cohort(make_term(name="次の期"), students=(aoi,))

    assert profile_of(again).met == frozenset()


def test_drawing_anew_keeps_what_was_said_and_leaves_out_what_it_names(cohort, sessions, chika):
    before = slugs_of(cohort)
    what = {"values": ["tradition"], "left_out": ["family", "loss", "health", "money"], "ready": True}

    draw_prompts_anew(cohort_id=cohort.pk, **what, now=NOW, actor=chika)

    assert slugs_of(cohort) != before
    rows = SessionPrompt.objects.filter(session__cohort=cohort)
    assert set(rows.values_list("prompt__sensitivity", flat=True)) == {"none"}
    assert broken(cohort) == frozenset()
    assert profile_of(cohort).values == {"tradition"}
    assert AuditEntry.objects.filter(action="prompts_drawn", actor=chika).count() == 1


def test_each_draw_gives_another_order(cohort, sessions):
    orders = []
    for _ in range(3):
        draw_prompts_anew(cohort_id=cohort.pk, values=[], left_out=[], ready=False, now=NOW)
        orders.append(tuple(slugs_of(cohort)))

    assert len(set(orders)) == 3
    assert PromptWishes.objects.get(cohort=cohort).draw == 3


EVERYTHING = ["family", "health", "loss", "money"]


def test_what_is_said_after_session_1_counts_for_every_session_that_nobody_can_have_read(cohort, sessions):
    before = slugs_of(cohort)
    in_week_2 = sessions[1].starts_at - timedelta(hours=23)

    drawn = draw_prompts_anew(cohort_id=cohort.pk, values=[], left_out=EVERYTHING, ready=True, now=in_week_2)

    assert drawn == sessions[2:]
    assert slugs_of(cohort)[:4] == before[:4]
    assert not set(slugs_of(cohort)[4:]) & set(before[:4])
    later = SessionPrompt.objects.filter(session__in=drawn)
    assert set(later.values_list("prompt__sensitivity", flat=True)) == {"none"}
    assert broken(cohort) <= {Never.LEFT_OUT}  # by what has been read alone
    assert profile_of(cohort).deepest == Depth.REGRET


def test_alternatives_are_judged_by_what_was_said_last(cohort, sessions):
    draw_prompts_anew(
        cohort_id=cohort.pk, values=[], left_out=EVERYTHING, ready=False, now=sessions[0].starts_at - timedelta(hours=1)
    )

    others = planned_series(cohort, now=NOW).others_for(sessions[2], 2)

    assert others
    assert {prompt.sensitivity for prompt, _ in others} == {"none"}


def test_when_all_can_be_read_what_was_said_is_kept_and_nothing_is_drawn(cohort, sessions):
    before = slugs_of(cohort)

    drawn = draw_prompts_anew(cohort_id=cohort.pk, values=[], left_out=["loss"], ready=False, now=sessions[3].starts_at)

    assert drawn == []
    assert slugs_of(cohort) == before
    assert PromptWishes.objects.get(cohort=cohort).left_out == ["loss"]


def test_a_prompt_is_replaced_by_one_that_fits_and_nobody_is_told(cohort, sessions, chika):
    [other, *_] = planned_series(cohort, now=NOW).others_for(sessions[1], 2)
    told = OutboundMessage.objects.count()

    assert replace_prompt(session_id=sessions[1].pk, round_=2, slug=other[0].slug, now=NOW, actor=chika)
    assert not replace_prompt(session_id=sessions[1].pk, round_=2, slug=other[0].slug, now=NOW, actor=chika)

    row = SessionPrompt.objects.get(session=sessions[1], round=2)
    assert (row.prompt, row.by_hand) == (other[0], True)
    assert broken(cohort) == frozenset()
    assert AuditEntry.objects.filter(action="prompt_replaced").count() == 1
    assert OutboundMessage.objects.count() == told


@pytest.mark.parametrize("slug", ["the-words-i-never-said", "no-such-prompt"])
def test_a_prompt_that_would_break_a_rule_is_refused(cohort, sessions, slug):
    before = slugs_of(cohort)

    with pytest.raises(DoesNotFit):
        replace_prompt(session_id=sessions[0].pk, round_=1, slug=slug, now=NOW)

    assert slugs_of(cohort) == before


def test_a_prompt_that_can_be_read_already_stays(cohort, sessions):
    [other, *_] = planned_series(cohort, now=NOW).others_for(sessions[0], 1)
    a_day_ahead = sessions[0].starts_at - timedelta(hours=23)

    with pytest.raises(PromptsFixed):
        replace_prompt(session_id=sessions[0].pk, round_=1, slug=other[0].slug, now=a_day_ahead)


def test_an_added_session_gets_prompts_that_the_cohort_has_not_had(cohort, sessions):
    added = make_session(cohort, number=5, starts_at=NOW + timedelta(days=60))

    give_prompts(cohort, [added])

    assert len(set(slugs_of(cohort))) == len(slugs_of(cohort)) == 10
    assert not broken(cohort) - {Wish.DEPTH_FLOOR}  # a fourth session that was to be the last one is light


def deck_of(cohort: Cohort, how_many: int, seeds: int = 2) -> OwnDeck:
    """A deck of the prompts of some series of this length."""
    found: set[str] = set()
    for seed in range(seeds):
        plan = plan_series(prompts=library().prompts, how_many_sessions=how_many, cohort=CohortProfile(), seed=seed)
        found |= {slug for slugs in plan.slugs() for slug in slugs}
    deck = OwnDeck.objects.create(programme=cohort.term.programme, name=f"{how_many}回の束")
    deck.prompts.set(Prompt.objects.filter(slug__in=found))
    return deck


def slugs_in(deck: OwnDeck) -> set[str]:
    return set(deck.prompts.values_list("slug", flat=True))


def test_a_cohort_draws_from_the_deck_that_was_chosen_for_it_alone(cohort, sessions, chika):
    deck = deck_of(cohort, 4)

    draw_prompts_anew(cohort_id=cohort.pk, **NOTHING, now=NOW, actor=chika, draws_from=DrawsFrom(deck=deck))

    assert set(slugs_of(cohort)) <= slugs_in(deck)
    assert (len(slugs_of(cohort)), broken(cohort)) == (8, frozenset())
    cohort.refresh_from_db()
    others = planned_series(cohort, now=NOW).others_for(sessions[1], 2)
    assert {prompt.slug for prompt, _ in others} <= slugs_in(deck)
    draw_prompts_anew(cohort_id=cohort.pk, **NOTHING, now=NOW)
    assert set(slugs_of(cohort)) <= slugs_in(deck)


def test_a_deck_that_lacks_something_for_the_cohort_is_refused_and_nothing_changes(cohort, sessions):
    before, deck = slugs_of(cohort), deck_of(cohort, 4, seeds=1)
    touching = deck.prompts.first()
    Prompt.objects.filter(pk=touching.pk).update(sensitivity="loss")

    with pytest.raises(DeckLacks) as refused:
        draw_prompts_anew(
            cohort_id=cohort.pk, values=[], left_out=["loss"], ready=False, now=NOW, draws_from=DrawsFrom(deck=deck)
        )

    assert Lack(LackCode.PROMPTS, 8, 7) in refused.value.verdict.lacks
    cohort.refresh_from_db()
    assert (slugs_of(cohort), cohort.own_deck, PromptWishes.objects.count()) == (before, None, 0)


def test_what_was_read_stays_and_the_deck_is_asked_only_for_the_sessions_to_come(cohort, sessions):
    kept, deck = slugs_of(cohort)[:4], deck_of(cohort, 4)
    in_week_2 = sessions[1].starts_at

    draw_prompts_anew(cohort_id=cohort.pk, **NOTHING, now=in_week_2, draws_from=DrawsFrom(deck=deck))

    assert slugs_of(cohort)[:4] == kept
    assert set(slugs_of(cohort)[4:]) <= slugs_in(deck)


def test_cohorts_draw_from_their_terms_deck_unless_something_else_was_chosen_for_them(cohort, term):
    deck = deck_of(cohort, 4)
    Term.objects.filter(pk=term.pk).update(own_deck=deck)
    cohort.refresh_from_db()
    made = [make_session(cohort, number=n, starts_at=NOW + timedelta(days=1 + 7 * n)) for n in (1, 2, 3, 4)]

    give_prompts(cohort, made)

    assert set(slugs_of(cohort)) <= slugs_in(deck)
    draw_prompts_anew(cohort_id=cohort.pk, **NOTHING, now=NOW, draws_from=DrawsFrom(all=True))
    assert not set(slugs_of(cohort)) <= slugs_in(deck)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(own_deck=deck)


def test_a_deck_that_became_too_small_still_is_all_that_is_drawn_from_and_the_series_says_so(cohort, sessions):
    deck = deck_of(cohort, 4, seeds=1)
    draw_prompts_anew(cohort_id=cohort.pk, **NOTHING, now=NOW, draws_from=DrawsFrom(deck=deck))
    cohort.refresh_from_db()
    assert planned_series(cohort, now=NOW).deck_verdict().suffices
    deck.prompts.remove(deck.prompts.first())

    draw_prompts_anew(cohort_id=cohort.pk, **NOTHING, now=NOW)

    assert set(slugs_of(cohort)) <= slugs_in(deck)
    assert Lack(LackCode.PROMPTS, 8, 7) in planned_series(cohort, now=NOW).deck_verdict().lacks


def test_a_deck_of_another_programme_is_chosen_for_nobody(cohort, sessions):
    other = OwnDeck.objects.create(programme=make_term(coordinator=make_person("よそ")).programme, name="よその束")

    with pytest.raises(ValueError, match="none of the programme"):
        draw_prompts_anew(cohort_id=cohort.pk, **NOTHING, now=NOW, draws_from=DrawsFrom(deck=other))
