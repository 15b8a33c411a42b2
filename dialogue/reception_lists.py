"""The sign-ups of a term as a coordinator looks through them: in one look, what is there and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.announcing import subject_of
from dialogue.core.wording import format_date
from dialogue.models import AvailabilityWindow, ConsentRecord, Participation, SlotAnswer, Term
from dialogue.reception_words import STAGES, full_name_of
from dialogue.services.reception import changes_of, stage_of_participation

_APPLIED: Final = Q(status="applied")
_WAITING: Final = Q(status__in=["applied", "accepted"])
_UNDECIDED: Final = _APPLIED & Q(waiting_reason__in=["acceptance", "guardian"])

SHOWS: Final[Mapping[str, tuple[Promise, Q]]] = {
    "": (gettext_lazy("To be answered"), _APPLIED),
    "new": (gettext_lazy("New"), _UNDECIDED & Q(replied_length=0)),
    "replied": (gettext_lazy("Replied"), _UNDECIDED & Q(replied_length__gt=0)),
    "asked": (gettext_lazy("Asked back"), _APPLIED & Q(waiting_reason="asked_back")),
    "held": (gettext_lazy("On hold"), _APPLIED & Q(waiting_reason="held")),
    "guardian": (gettext_lazy("Guardian missing"), _WAITING & Q(under_18=True, has_guardian=False)),
    "consent": (gettext_lazy("Consent missing"), _WAITING & Q(has_consent=False)),
    "accepted": (gettext_lazy("Accepted"), Q(status="accepted")),
    "closed": (gettext_lazy("Closed"), Q(status__in=["ended", "relayed"])),
}
"""What the list can be narrowed to: the word, and the condition on rows of `signed_up_in`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that is there or missing, in words. `tone` is its badge's."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sign-up in the list. `mark` names the row and how much of its story the reader has seen."""

    mark: str
    name: str
    kana: str
    url: str
    applied_at: datetime
    generation: str
    partner: str
    stage: str
    tone: str
    checks: Sequence[Check]


def signed_up_in(term: Term) -> QuerySet[Participation]:
    """Return the sign-ups of a term with what `lines_of` reads, the newest first. Private texts stay unread."""
    consents = ConsentRecord.objects.filter(participation=OuterRef("pk"), withdrawn_at__isnull=True)
    long_enough = AvailabilityWindow.objects.filter(
        participation=OuterRef("pk"), ends__gte=F("starts") + term.session_minutes
    )
    return (
        term.participations.select_related("person", "partner", "guardianship", "identity_check")
        .defer("crossroads", "note", "asked", "replied", "person__phone")
        .annotate(
            replied_length=Length("replied"),
            note_length=Length("note"),
            has_consent=Exists(consents.filter(purpose=ConsentRecord.Purpose.TAKE_PART)),
            has_guardian=Exists(consents.filter(purpose=ConsentRecord.Purpose.GUARDIAN)),
            windows_that_fit=_count(long_enough),
            slots_that_fit=_count(SlotAnswer.objects.filter(participation=OuterRef("pk"), answer="yes")),
            slots_if_need_be=_count(SlotAnswer.objects.filter(participation=OuterRef("pk"), answer="maybe")),
        )
        .order_by("-created_at", "-pk")
    )


def sign_ups_of(term: Term, *, show: str, words: str) -> QuerySet[Participation]:
    """Return the rows of `signed_up_in` that a narrowing shows (a key of `SHOWS`), with these words in their name."""
    return signed_up_in(term).filter(SHOWS[show][1]).named_like(words)


def asked_for(asked: QueryDict) -> tuple[str, str]:
    """Return what the list is narrowed to: a key of `SHOWS`, and words. What it does not know, it leaves out."""
    show = asked.get("show", "")
    return show if show in SHOWS else "", asked.get("q", "")[:200]


def _count(rows: QuerySet[Any]) -> Coalesce:
    number = rows.order_by().values("participation").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def counts_of(term: Term) -> Mapping[str, int]:
    """Return how many sign-ups each narrowing shows. One query."""
    consents = ConsentRecord.objects.filter(participation=OuterRef("pk"), withdrawn_at__isnull=True)
    rows = term.participations.order_by().annotate(
        replied_length=Length("replied"),
        has_consent=Exists(consents.filter(purpose=ConsentRecord.Purpose.TAKE_PART)),
        has_guardian=Exists(consents.filter(purpose=ConsentRecord.Purpose.GUARDIAN)),
    )
    counts = {name or "all": Count("pk", filter=condition) for name, (_word, condition) in SHOWS.items()}
    return rows.aggregate(**counts)


def mark_of(one: Participation, changes: Mapping[str, int]) -> str:
    """Return what a form sends of a sign-up: which it is, and how many changes its reader has seen."""
    return f"{one.pk}-{changes.get(subject_of(one), 0)}"


def lines_of(people: Sequence[Participation], *, term: Term, slots: int) -> list[Line]:
    """Return rows of `signed_up_in` in words. One query; `slots` is how many named slots the term offers."""
    changes = changes_of(people)
    lines = []
    for one in people:
        stage, tone = STAGES[stage_of_participation(one)]
        person = one.person
        lines.append(
            Line(
                mark=mark_of(one, changes),
                name=full_name_of(one),
                kana=f"{person.family_kana} {person.given_kana}".strip(),
                url=address_of("reception_person", one.pk),
                applied_at=one.created_at,
                generation=one.get_generation_display(),
                partner=one.partner.name if one.partner else "",
                stage=str(stage),
                tone=tone,
                checks=checks_of(one, term=term, slots=slots),
            )
        )
    return lines


def checks_of(one: Participation, *, term: Term, slots: int) -> list[Check]:
    """Return what is there and what is missing of one row of `signed_up_in`."""
    checks = [_there(one.has_consent, _("Consent"), _("Consent missing")), _times(one, slots)]
    if one.under_18:
        checks.append(_guardian(one))
    elif term.checks_identity:
        checks.append(_there(hasattr(one, "identity_check"), _("Identity checked"), _("Identity not checked")))
    if one.replied_length:
        checks.append(Check(text=_("Has replied"), tone="open"))
    if one.note_length:
        checks.append(Check(text=_("Has a note"), tone="waiting"))
    return checks


def _there(is_there: bool, yes: str, no: str) -> Check:
    return Check(text=yes, tone="done") if is_there else Check(text=no, tone="attention")


def _times(one: Participation, slots: int) -> Check:
    if slots and (one.slots_that_fit or one.slots_if_need_be or not one.windows_that_fit):
        values = {"fit": one.slots_that_fit, "all": slots, "maybe": one.slots_if_need_be}
        if one.slots_if_need_be:
            text = _("Times: %(fit)s of %(all)s, and %(maybe)s if need be") % values
        else:
            text = _("Times: %(fit)s of %(all)s") % values
        return Check(text=text, tone=_tone(one.slots_that_fit + one.windows_that_fit))
    text = _("Times: %(number)s a week") % {"number": one.windows_that_fit}
    return Check(text=text if one.windows_that_fit else _("No time that fits"), tone=_tone(one.windows_that_fit))


def _tone(number: int) -> str:
    return "done" if number else "attention"


def _guardian(one: Participation) -> Check:
    if one.has_guardian:
        return Check(text=_("Guardian agreed"), tone="done")
    asked = getattr(one, "guardianship", None)
    if asked is None:
        return Check(text=_("Guardian not asked"), tone="attention")
    if asked.agreed is False:
        return Check(text=_("Guardian did not agree"), tone="ended")
    if asked.nudged_at:
        return Check(text=_("Guardian reminded on %(day)s") % {"day": _day(asked.nudged_at)}, tone="waiting")
    return Check(text=_("Guardian asked on %(day)s") % {"day": _day(asked.asked_at)}, tone="waiting")


def _day(moment: datetime) -> str:
    return format_date(day=timezone.localdate(moment), language=translation.get_language() or "ja")
