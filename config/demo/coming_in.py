"""Who is on their way in when the demo opens: sign-ups by join links, their partners, and what came of each so far."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import translation

from dialogue.consent_texts import SHARE_WITH_PARTNER, texts_to_agree_to
from dialogue.core.named_slots import OfferedSlot
from dialogue.core.reception import Move
from dialogue.core.roster import read_windows
from dialogue.core.sign_up import Page
from dialogue.decisions import Decision
from dialogue.forms.sign_up import AgreementsForm, GenerationForm, GuardianForm, InterestsForm, NameForm
from dialogue.forms.times import SlotsForm
from dialogue.models import JoinLink, Participation, Person, Term
from dialogue.services.answers import tell_partner
from dialogue.services.join_links import open_link
from dialogue.services.partners import Contact, add_partner
from dialogue.services.reception import decide, reply
from dialogue.services.signing_up import check_number, draft_behind, keep_answers, number_for, start_draft, take_place

ANSWERS: Final = {"y": "yes", "a": "maybe", "n": "no", ".": ""}
DIGITS: Final = 6


def offered(slots: list[str]) -> list[OfferedSlot]:
    """Return the times that a term offers, from words such as 火 19:30-21:30."""
    return [OfferedSlot(window) for words in slots for window in read_windows(words)]


def open_the_doors(term: Term, cast: Mapping[str, Any], *, coordinator: Person, at: datetime) -> None:
    """Open the term's own link and one for each partner, whose contacts are invited."""
    open_link(term=term, now=at, actor=coordinator)
    for partner in cast["partners"]:
        speaker = Contact(email=partner["contact"]["email"], name=partner["contact"]["preferred_name"])
        add_partner(term=term, name=partner["name"], contact=speaker, now=at, actor=coordinator)


def partners_may_know(term: Term, *, at: datetime) -> None:
    """Have everybody whom a partner sent agree to its knowing, but for one."""
    sent = Participation.objects.filter(term=term, partner__isnull=False).order_by("pk")
    for one in sent[1:]:
        tell_partner(participation_id=one.pk, version=SHARE_WITH_PARTNER, now=at)


def sign_up(term: Term, told: Mapping[str, Any], *, coordinator: Person, now: datetime) -> None:
    """Let somebody sign up as the pages would have it, hours ago, and let the coordinator do what is told of them."""
    at = now - timedelta(hours=told["hours_ago"])
    partner = told["by"] or None
    link = JoinLink.objects.select_related("term", "partner").get(term=term, partner__name=partner)
    draft = draft_behind(key=start_draft(link=link, now=at), link=link)
    if draft is None:
        raise RuntimeError("a draft was not found again")
    for page, form in _forms(link, told, at).items():
        if not form.is_valid():
            raise RuntimeError(f"the cast's {page} page was refused: {form.errors.as_json()}")
        keep_answers(draft_id=draft.pk, name=page.value, given=form.given(), now=at)
    _address, number = number_for(draft_id=draft.pk, digits=DIGITS, now=at)
    check_number(draft_id=draft.pk, typed=number, now=at)
    one = take_place(draft_id=draft.pk, language=told.get("language", "ja"), now=at)

    def decided(decision: Decision, hours: int) -> None:
        decide(term=term, chosen={one.pk: None}, decision=decision, now=at + timedelta(hours=hours), actor=coordinator)

    if "asked" in told:
        decided(Decision(move=Move.ASK_BACK, words=told["asked"]), hours=3)
        reply(participation_id=one.pk, words=told["replied"], now=at + timedelta(hours=9))
    if "held" in told:
        decided(Decision(move=Move.HOLD), hours=4)


def _forms(link: JoinLink, told: Mapping[str, Any], at: datetime) -> dict[Page, Any]:
    """Return the form of each page, filled in."""
    texts = texts_to_agree_to(by_partner=link.partner_id is not None)
    agreed = {"rules": "on", "take_part": "on", **({"share_with_partner": "on"} if told.get("share") else {})}
    slots = link.term.slots.order_by("weekday", "starts", "ends")
    times = {f"slot_{slot.pk}": ANSWERS[said] for slot, said in zip(slots, told["slots"], strict=True)}
    today = at.astimezone(ZoneInfo(link.term.zone)).date()
    with translation.override(told.get("language", "ja")):
        forms: dict[Page, Any] = {
            Page.NAME: NameForm(told["name"]),
            Page.GENERATION: GenerationForm(told["generation"]),
            Page.INTERESTS: InterestsForm(told["interests"]),
            Page.TIMES: SlotsForm(times, term=link.term, today=today),
            Page.AGREEMENTS: AgreementsForm(agreed, texts=texts, partner=str(link.partner or "")),
        }
        if "guardian" in told:
            forms[Page.GUARDIAN] = GuardianForm(told["guardian"], own_address=told["name"]["email"])
    return forms
