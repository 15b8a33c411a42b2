"""A coordinator sees a cohort's prompts with their reasons, and puts another in the place of one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.models import Cohort, Deck, OwnDeck, Prompt, Term
from sessions.models import DialogueSession, FacilitatorRecord, SessionPrompt
from sessions.services.prompting import give_prompts
from tests.factories import NOW, make_cohort, make_session, make_term


def series_of(cohort: Cohort, how_many: int) -> list[DialogueSession]:
    made = [make_session(cohort, number=n + 1, starts_at=NOW + timedelta(days=8 + 7 * n)) for n in range(how_many)]
    give_prompts(cohort, made)
    return made


def address(cohort: Cohort) -> str:
    return reverse("cohort_prompts", args=[cohort.pk])


def test_the_series_says_in_words_why_each_prompt_stands_there(reading, cohort, chika):
    Cohort.objects.filter(pk=cohort.pk).update(shared_interests=["音楽"])
    cohort.refresh_from_db()
    series_of(cohort, 4)

    page = reading(chika).get(address(cohort)).content.decode()

    assert page.count("選んだ理由") == 8
    assert page.count("この問いを取りかえる") == 8
    assert "ふり返る問いです。最後の回のしめくくりに合います。" in page
    assert "この回は、深さ" in page
    assert "%(" not in page


def test_the_series_reads_whole_in_english(reading, cohort, chika):
    chika.language = "en"
    chika.save()
    series_of(cohort, 4)

    page = reading(chika).get(address(cohort), headers={"Accept-Language": "en"}).content.decode()

    assert "It looks back, as the last round of a series does." in page


def test_a_prompt_is_replaced_by_the_first_that_is_offered(reading, cohort, chika):
    sessions = series_of(cohort, 4)
    there = reverse("session_prompt", args=[sessions[1].pk, 2])
    client = reading(chika)
    offered = client.get(there).context["others"]

    page = client.post(there, {"slug": offered[0][0].slug}, follow=True).content.decode()

    assert "問いを取りかえました。" in page
    assert "手で選ばれた問いです。" in page
    assert SessionPrompt.objects.get(session=sessions[1], round=2).prompt.slug == offered[0][0].slug


def test_what_no_longer_fits_is_refused_in_words_and_changes_nothing(reading, cohort, chika):
    sessions = series_of(cohort, 4)
    before = SessionPrompt.objects.get(session=sessions[1], round=2).prompt

    page = reading(chika).post(
        reverse("session_prompt", args=[sessions[1].pk, 2]), {"slug": "the-words-i-never-said"}, follow=True
    )

    assert "いまの全体に合わなくなりました" in page.content.decode()
    assert SessionPrompt.objects.get(session=sessions[1], round=2).prompt == before


def test_the_series_is_drawn_anew_with_themes_left_out(reading, cohort, chika):
    series_of(cohort, 4)

    page = reading(chika).post(address(cohort), {"left_out": ["loss", "family"], "values": ["face"]}, follow=True)

    assert "問いを引き直しました。" in page.content.decode()
    assert page.context["form"].initial == {"values": ["face"], "left_out": ["family", "loss"], "ready": False}


def test_six_values_are_one_too_many_and_what_was_ticked_stays(reading, cohort, chika):
    series_of(cohort, 4)
    six = ["face", "humility", "tradition", "hedonism", "stimulation", "achievement"]

    page = reading(chika).post(address(cohort), {"values": six})

    assert "5つまで選べます。いまは6つ選ばれています。" in page.content.decode()
    assert page.content.decode().count("checked") == 6


def test_prompts_that_can_be_read_offer_no_change(reading, cohort, chika, at):
    sessions = series_of(cohort, 2)
    at(sessions[0].starts_at - timedelta(hours=23))

    page = reading(chika).get(address(cohort)).content.decode()

    assert page.count("この問いを取りかえる") == 2
    assert "残りの回を引き直す" in page
    assert (
        "もう読めるようになっているので"
        in reading(chika).get(reverse("session_prompt", args=[sessions[0].pk, 1])).content.decode()
    )


def test_a_cohort_without_sessions_says_when_prompts_come(reading, cohort, chika):
    assert "日程が決まると、グループの問いも決まります。" in reading(chika).get(address(cohort)).content.decode()


def test_a_round_that_does_not_exist_and_a_strangers_look_are_404(reading, cohort, chika, sam):
    [session] = series_of(cohort, 1)

    assert reading(chika).get(reverse("session_prompt", args=[session.pk, 3])).status_code == 404
    assert reading(sam).get(address(cohort)).status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_series_takes_the_same_queries_however_long_it_is(
    reading, cohort, chika, how_many, django_assert_num_queries
):
    series_of(cohort, how_many)
    client = reading(chika)
    client.get(address(cohort))

    with django_assert_num_queries(11):
        client.get(address(cohort))


def test_participants_read_follow_ups_and_find_sample_answers_behind_a_fold(reading, cohort, aoi, at):
    [session] = series_of(cohort, 1)
    row = SessionPrompt.objects.select_related("prompt").get(session=session, round=1)
    sample = row.prompt.samples["student"]["ja"]

    early = reading(aoi).get(reverse("session", args=[session.pk])).content.decode()
    at(session.starts_at - timedelta(hours=23))
    page = reading(aoi).get(reverse("session", args=[session.pk])).content.decode()

    assert row.prompt.text_ja not in early
    assert sample not in early
    assert all(text in page for text in row.prompt.follow_ups_ja)
    assert page.index('<details class="fold">') < page.index(sample)
    assert "答えの例を見る" in page


def test_a_cohort_of_another_programme_is_not_there(reading, chika):
    other = make_cohort(make_term(name="よその期"))

    assert reading(chika).get(address(other)).status_code == 404


@pytest.mark.parametrize(("wish", "told", "depth"), [("shallower", "軽く", 1), ("same", "同じくらい", 2)])
def test_the_depth_that_the_record_wishes_stands_beside_the_next_session_and_comes_first(
    reading, cohort, chika, fumi, at, wish, told, depth
):
    first, second, *_rest = series_of(cohort, 4)
    SessionPrompt.objects.filter(session=first, round=1).update(
        prompt=Prompt.objects.get(slug="mornings-with-their-own-rules")
    )
    FacilitatorRecord.objects.create(session=first, author=fumi, next_depth=wish, saved_at=NOW, finished_at=NOW)
    at(first.ends_at + timedelta(hours=2))
    client = reading(chika)

    page = client.get(address(cohort))
    offered = client.get(reverse("session_prompt", args=[second.pk, 1]))

    assert [told in one.wish for one in page.context["sessions"]] == [False, True, False, False]
    assert "第1回の記録" in offered.content.decode()
    lines, reasons = zip(*offered.context["others"], strict=True)
    depths = [Prompt.objects.get(slug=one.slug).depth for one in lines]
    assert depths == sorted(depths, key=lambda one: abs(one - depth))
    assert [f"深さ{depth}" in why[0] for why in reasons] == [one == depth for one in depths]


def own_prompt(cohort: Cohort, like: str, **fields) -> Prompt:
    """An approved prompt of the cohort's programme with the tags and texts of one of the library."""
    deck, _made = Deck.objects.get_or_create(programme=cohort.term.programme, defaults={"slug": "own", "name": "own"})
    row = Prompt.objects.get(slug=like)
    row.pk, row.deck, row.slug, row.position = None, deck, f"own-{like}", deck.prompts.count() + 1
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def test_every_own_prompt_that_fits_is_offered_first(reading, cohort, chika):
    sessions = series_of(cohort, 4)
    there = reverse("session_prompt", args=[sessions[1].pk, 2])
    offered = reading(chika).get(there).context["others"]
    last = offered[-1][0].slug

    own = own_prompt(cohort, last)
    now = reading(chika).get(there).context["others"]

    assert now[0][0].slug == own.slug
    assert [one.slug for one, _reasons in now[1:]] == [one.slug for one, _reasons in offered]


def test_an_adapted_prompt_may_take_the_place_of_its_original_and_stands_nowhere_beside_it(reading, cohort, chika):
    sessions = series_of(cohort, 4)
    original = SessionPrompt.objects.get(session=sessions[1], round=2).prompt
    copy = own_prompt(cohort, original.slug, adapts=original)
    client = reading(chika)

    def offered(session: DialogueSession) -> list[str]:
        others = client.get(reverse("session_prompt", args=[session.pk, 2])).context["others"]
        return [one.slug for one, _reasons in others]

    assert offered(sessions[1])[0] == copy.slug
    assert copy.slug not in offered(sessions[2])
    added = make_session(cohort, starts_at=NOW + timedelta(days=90))
    Prompt.objects.exclude(pk__in=[copy.pk, original.pk]).update(status="retired")
    give_prompts(cohort, [added])
    assert not SessionPrompt.objects.filter(session=added).exists()


def test_the_deck_a_cohort_draws_from_is_chosen_on_its_page_and_said_there(reading, cohort, chika):
    sessions = series_of(cohort, 4)
    client, page = reading(chika), reading(chika).get(address(cohort)).text
    assert "問いを引くもと" not in page  # there is no deck
    deck = OwnDeck.objects.create(programme=cohort.term.programme, name="春の束")
    deck.prompts.set(Prompt.objects.drawn_for(cohort.term.programme_id))

    page = client.post(address(cohort), {"draws_from": deck.pk}, follow=True)

    assert "「春の束」の束だけから選ばれます：" in page.text
    assert page.context["form"].initial["draws_from"] == deck.pk
    assert "足りません" not in page.text
    assert "引いている束の問いです" in client.get(reverse("session_prompt", args=[sessions[1].pk, 2])).text


def test_what_the_chosen_deck_lacks_is_said_beside_the_choice_and_what_was_ticked_stays(reading, cohort, chika):
    series_of(cohort, 4)
    deck = OwnDeck.objects.create(programme=cohort.term.programme, name="春の束")
    before = list(SessionPrompt.objects.values_list("prompt", flat=True))

    page = reading(chika).post(address(cohort), {"draws_from": deck.pk, "values": ["face"]})

    said = " ".join(page.context["form"].errors["draws_from"])
    assert "何も引き直していません" in said
    assert "問いの数：8必要、いま0" in said
    assert page.context["form"]["values"].value() == ["face"]
    assert list(SessionPrompt.objects.values_list("prompt", flat=True)) == before


def test_a_cohort_says_what_its_terms_deck_lacks_for_it(reading, cohort, chika):
    series_of(cohort, 4)
    deck = OwnDeck.objects.create(programme=cohort.term.programme, name="春の束")
    Term.objects.filter(pk=cohort.term_id).update(own_deck=deck)

    page = reading(chika).get(address(cohort)).text

    assert "これからの回には、この束だけでは足りません" in page
    assert "期と同じ：「春の束」の束" in page
    assert "すべての問い" in page
