"""A programme's decks (問いの束): named choices of prompts, which a term or a cohort draws from alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dialogue.core.prompts.sufficing import Verdict, verdict_on
from dialogue.models import Cohort, OwnDeck, Person, Programme, Prompt, Term
from dialogue.services import audit


class NameTaken(Exception):
    """The programme has a deck of this name already."""


class DeckLacks(Exception):
    """The deck alone does not suffice; `verdict` says what it lacks. Nothing has changed."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"{len(verdict.lacks) or len(verdict.broken)} rules cannot be kept.")
        self.verdict = verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawsFrom:
    """What a cohort's prompts come from: a deck, every prompt, or, with neither, what its term's come from."""

    deck: OwnDeck | None = None
    all: bool = False


@transaction.atomic
def name_deck(*, programme: Programme, name: str, actor: Person, now: datetime, deck: OwnDeck | None = None) -> OwnDeck:
    """Make an empty deck of a programme, or give `deck` another name.

    Raises:
        NameTaken: another deck of the programme has this name.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # two of one name, one after the other
    if programme.own_decks.filter(name=name).exclude(pk=deck and deck.pk).exists():
        raise NameTaken
    named = deck or OwnDeck(programme=programme)
    named.name = name
    named.save()
    _record("deck_renamed" if deck else "deck_made", named, actor, now)
    return named


@transaction.atomic
def choose_prompts(
    *, deck: OwnDeck, shown: Collection[int], chosen: Collection[int], actor: Person, now: datetime
) -> None:
    """Let a deck hold what was chosen of the prompts that were shown, and leave the others of it as they are.

    What the programme's cohorts cannot be given is passed over. With a prompt goes what was adapted from the same one.
    """
    OwnDeck.objects.select_for_update(of=("self",)).get(pk=deck.pk)
    there = Prompt.objects.drawn_for(deck.programme_id).filter(pk__in=shown)
    gone = there.exclude(pk__in=chosen).values("pk")
    deck.prompts.remove(*Prompt.objects.alike(gone).filter(own_decks=deck))
    deck.prompts.add(*there.filter(pk__in=chosen))
    _record("deck_changed", deck, actor, now)


@transaction.atomic
def remove_deck(*, deck: OwnDeck, actor: Person, now: datetime) -> None:
    """Take a deck away, not its prompts. What drew from it draws as its term does, or from every prompt."""
    _record("deck_removed", deck, actor, now)
    deck.delete()


@transaction.atomic
def draw_term_from(*, term: Term, deck: OwnDeck | None, actor: Person | None, now: datetime) -> None:
    """Let a term's cohorts draw from one deck of its programme alone, or from every prompt. What is drawn stays.

    Raises:
        DeckLacks: the deck does not suffice for as many sessions as the term has.
    """
    if deck is not None:
        _check_belongs(deck, term)
        verdict = term_verdict(deck, term.session_count)
        if not verdict.suffices:
            raise DeckLacks(verdict)
    if Term.objects.filter(pk=term.pk).exclude(own_deck=deck).update(own_deck=deck):
        audit.record(actor=actor, action="term_deck_set", subject_key=f"term:{term.pk}", now=now)


def draw_cohort_from(*, cohort: Cohort, draws_from: DrawsFrom) -> None:
    """Let a cohort's prompts come from something else from now on. In the caller's transaction, and noted there."""
    if draws_from.deck is not None:
        _check_belongs(draws_from.deck, cohort.term)
    cohort.own_deck, cohort.draws_from_all = draws_from.deck, draws_from.all
    cohort.save(update_fields=["own_deck", "draws_from_all"])


def term_verdict(deck: OwnDeck, how_many_sessions: int) -> Verdict:
    """Return whether a deck alone suffices for a cohort of which nothing is known yet. One query."""
    drawn = Prompt.objects.drawn_for(deck.programme_id, deck=deck.pk).order_by("deck", "position")
    return verdict_on(prompts=list(drawn), how_many_sessions=how_many_sessions)


def stand_in_decks(prompt: Prompt, versions: Iterable[Prompt]) -> None:
    """Let an own prompt lie in the decks of its programme in which its other versions, or what it adapts, lie.

    The versions leave them; what it adapts stays, and is drawn again when the own prompt is taken out.
    """
    others = [one.pk for one in versions]
    lying = [*others, prompt.adapts_id] if prompt.adapts_id else others
    for deck in OwnDeck.objects.filter(programme=prompt.deck.programme, prompts__in=lying).distinct():
        deck.prompts.remove(*others)
        deck.prompts.add(prompt)


def _check_belongs(deck: OwnDeck, term: Term) -> None:
    if deck.programme_id != term.programme_id:
        raise ValueError(f"deck {deck.pk} is none of the programme of term {term.pk}")


def _record(action: str, deck: OwnDeck, actor: Person, now: datetime) -> None:
    detail = {"deck": deck.pk}
    audit.record(actor=actor, action=action, subject_key=f"programme:{deck.programme_id}", now=now, detail=detail)
