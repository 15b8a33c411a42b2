"""The database holds the library as its files say it, whatever it held before."""

import pytest

from dialogue.models import Deck, Prompt
from dialogue.services.prompts import load_library, written_library

pytestmark = pytest.mark.django_db


def test_a_new_database_holds_the_whole_library_with_its_sample_answers() -> None:
    assert Prompt.objects.filter(deck__slug="library").count() == 160
    assert all(set(one.samples) == {"student", "alumni"} for one in Prompt.objects.all())


def test_loading_again_changes_nothing() -> None:
    before = list(Prompt.objects.order_by("pk").values())

    load_library()

    assert list(Prompt.objects.order_by("pk").values()) == before


def test_a_prompt_of_the_first_deck_keeps_its_row_and_the_empty_deck_goes() -> None:
    old = Deck.objects.create(slug="first", name="はじめの問いの束")
    row = Prompt.objects.get(slug="colour-of-the-sky")
    place = row.position
    Prompt.objects.filter(pk=row.pk).update(deck=old, position=1, samples={}, text_ja="古い文")

    load_library()

    row.refresh_from_db()
    assert (row.deck.slug, row.position) == ("library", place)
    assert row.text_ja.startswith("最近、空の色")
    assert not Deck.objects.filter(slug="first").exists()


def test_prompts_that_change_places_do_not_stand_in_each_others_way() -> None:
    one, other = Prompt.objects.filter(deck__slug="library").order_by("position")[:2]
    places = (one.position, other.position)
    Prompt.objects.filter(pk=one.pk).update(position=9_999)
    Prompt.objects.filter(pk=other.pk).update(position=places[0])
    Prompt.objects.filter(pk=one.pk).update(position=places[1])

    load_library()

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.position, other.position) == places
    assert len(written_library().prompts) == 160
