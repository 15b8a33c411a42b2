"""Make a term after another one of the same programme."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dialogue.core.named_slots import OfferedSlot
from dialogue.models import Person, Term
from dialogue.services import audit
from dialogue.services.copying import copy_facilitations
from dialogue.services.join_links import open_link
from dialogue.services.own_decks import draw_term_from, term_verdict
from dialogue.services.terms import create_term
from dialogue.term_copying import partners_of
from matching.services.wishing import keep_wishes
from matching.usual_wishes import lived_by
from sessions.models import QuorumSetting
from sessions.services.quorum_settings import set_quorum


@transaction.atomic
def copy_term(
    *,
    source: Term,
    values: Mapping[str, Any],
    closed_days: Mapping[date, str],
    slots: Iterable[OfferedSlot],
    facilitators: Collection[int],
    partners: Collection[int],
    now: datetime,
    actor: Person | None = None,
) -> Term:
    """Make a term of the source's programme, with what belongs to how it is run and nothing of who took part in it.

    `values`, `closed_days` and `slots` are as for `create_term`. `facilitators` are facilitations of the source, by
    primary key, that come along with their load and weekly times; each of `partners` of the source gets an open link.
    What cohorts were formed by and how the quorum is looked after come along as they are, and so does the deck that
    cohorts draw from alone, where it suffices for as many sessions as the new term has. The term's own link stays
    unopened, as opening it tells people of the next term. Nobody is mailed, and nothing of the source changes.

    Raises:
        ValidationError: a value that the model refuses, such as a name that the programme has already.
    """
    # Two presses of one button queue up here, so that the second finds the name taken.
    source = Term.objects.select_for_update(of=("self",)).select_related("programme__organisation").get(pk=source.pk)
    values = {"min_per_generation": source.min_per_generation, "met_before": source.met_before, **values}
    term = create_term(
        programme=source.programme, values=values, closed_days=closed_days, slots=slots, now=now, actor=actor
    )
    copy_facilitations(source=source, target=term, chosen=facilitators, now=now, actor=actor)
    for partner in partners_of(source).filter(pk__in=partners):
        open_link(term=term, partner=partner, now=now, actor=actor)
    keep_wishes(term=term, wishes=lived_by(source), now=now, actor=actor)
    setting = QuorumSetting.objects.filter(term=source).first()
    if setting is not None:
        set_quorum(term=term, least=setting.least, decides=setting.decides, now=now, actor=actor)
    deck = source.own_deck
    if deck is not None and term_verdict(deck, term.session_count).suffices:
        draw_term_from(term=term, deck=deck, actor=actor, now=now)
    audit.record(actor=actor, action="term_copied", subject_key=f"term:{term.pk}", now=now, detail={"from": source.pk})
    return term
