"""A programme's own prompts: written by one coordinator, approved by another, changed by new versions."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, Q

from dialogue.core.prompts.lint import LintFinding
from dialogue.core.prompts.prompt import Prompt as PromptText
from dialogue.core.prompts.writing import lint_written, twins_of
from dialogue.models import Deck, Person, Programme, Prompt
from dialogue.services import audit
from dialogue.services.own_decks import stand_in_decks

Status = Prompt.Status


class BreaksRules(Exception):
    """The text breaks rules of prompts; `findings` says which, by field."""

    def __init__(self, findings: tuple[LintFinding, ...]) -> None:
        super().__init__(f"{len(findings)} rules are broken.")
        self.findings = findings


class NeedsAnother(Exception):
    """Whoever wrote a prompt does not approve it."""


class NotADraft(Exception):
    """It has been approved or retired already."""


class AlreadyAdapted(Exception):
    """The programme has a version of its own of this prompt already."""


class Superseded(Exception):
    """Another version, or a prompt that is much like it, has taken its place."""


@transaction.atomic
def write_prompt(
    *, programme: Programme, text: PromptText, author: Person, now: datetime, adapts: Prompt | None = None
) -> Prompt:
    """Keep a new draft among a programme's own prompts. It is drawn for no cohort before it is approved.

    One that `adapts` a prompt of the library may be like it, and is drawn in its place once it is approved.

    Raises:
        BreaksRules: see the library's lint.
        AlreadyAdapted: a draft or an approved prompt of the programme adapts that one already.
    """
    _check(text, programme, apart_from=[adapts.pk] if adapts else [])
    draft = _row(programme, text)
    if adapts and draft.deck.prompts.filter(adapts=adapts).exclude(status=Status.RETIRED).exists():
        raise AlreadyAdapted
    draft.adapts = adapts
    draft.written_by = author
    draft.save()
    audit.record(actor=author, action="prompt_written", subject_key=f"prompt:{draft.pk}", now=now)
    return draft


@transaction.atomic
def rewrite_prompt(*, prompt_id: int, text: PromptText, author: Person, now: datetime) -> Prompt:
    """Change a draft where it lies; of an approved prompt make, or change, the draft of its next version.

    The approved version goes on being drawn until the new one is approved. Returns the draft.

    Raises:
        BreaksRules: see the library's lint.
        NotADraft: the prompt is retired.
    """
    found = Prompt.objects.select_for_update(of=("self",)).select_related("deck__programme").get(pk=prompt_id)
    if found.status == Status.RETIRED:
        raise NotADraft
    programme = found.deck.programme
    draft = found if found.status == Status.DRAFT else found.followed_by.filter(status=Status.DRAFT).first()
    versions = {found.pk, found.follows_id, found.adapts_id}
    versions |= {draft.pk, draft.follows_id} if draft else set()
    _check(text, programme, apart_from=[one for one in versions if one])
    new = _row(programme, text)
    new.written_by, new.adapts_id = author, found.adapts_id
    if draft is None:
        new.follows, new.version = found, found.version + 1
    else:
        new.pk, new.slug, new.position = draft.pk, draft.slug, draft.position
        new.follows_id, new.version = draft.follows_id, draft.version
    new.save()
    audit.record(actor=author, action="prompt_rewritten", subject_key=f"prompt:{new.pk}", now=now)
    return new


@transaction.atomic
def approve_prompt(*, prompt_id: int, actor: Person, now: datetime) -> Prompt:
    """Let a draft be drawn from now on; what it follows or adapts no longer is. Sessions keep what they have.

    Raises:
        NotADraft: it is approved or retired.
        NeedsAnother: `actor` wrote it, or changed it last.
    """
    draft = Prompt.objects.select_for_update(of=("self",)).select_related("deck").get(pk=prompt_id)
    if draft.status != Status.DRAFT:
        raise NotADraft
    if draft.written_by_id == actor.pk:
        raise NeedsAnother
    versions = _versions_of(draft)
    drawn = [one.pk for one in versions if one.status == Status.APPROVED]
    Prompt.objects.filter(pk__in=drawn).update(status=Status.RETIRED)
    stand_in_decks(draft, versions)
    draft.status, draft.approved_by = Status.APPROVED, actor
    draft.save(update_fields=["status", "approved_by"])
    audit.record(actor=actor, action="prompt_approved", subject_key=f"prompt:{draft.pk}", now=now)
    return draft


@transaction.atomic
def retire_prompt(*, prompt_id: int, actor: Person, now: datetime) -> None:
    """Draw an own prompt for no further cohort. Done again, it changes nothing; sessions keep what they have."""
    if Prompt.objects.filter(pk=prompt_id).exclude(status=Status.RETIRED).update(status=Status.RETIRED):
        audit.record(actor=actor, action="prompt_retired", subject_key=f"prompt:{prompt_id}", now=now)


@transaction.atomic
def restore_prompt(*, prompt_id: int, actor: Person, now: datetime) -> Prompt:
    """Take an own prompt in again as what it was, approved or a draft. Done again, it changes nothing.

    Raises:
        Superseded: another version of it is drawn or waits, or one was written meanwhile that is much like it.
    """
    found = Prompt.objects.select_for_update(of=("self",)).select_related("deck").get(pk=prompt_id)
    if found.status != Status.RETIRED:
        return found
    before = Status.APPROVED if found.approved_by_id else Status.DRAFT
    versions = _versions_of(found)
    if any(one.status == before for one in versions):
        raise Superseded
    apart = [one.pk for one in versions] + [found.adapts_id or found.pk]
    others = Prompt.objects.known_to(found.deck.programme_id).exclude(pk__in=apart)
    if any(twins_of(found.text_ja, found.text_en, others.values_list("text_ja", "text_en"))):
        raise Superseded
    found.status = before
    found.save(update_fields=["status"])
    stand_in_decks(found, versions)
    audit.record(actor=actor, action="prompt_restored", subject_key=f"prompt:{found.pk}", now=now)
    return found


@transaction.atomic
def leave_out_prompt(*, prompt: Prompt, programme: Programme, actor: Person, now: datetime) -> None:
    """Draw a prompt of the library for no further cohort of a programme. Sessions keep what they have."""
    if not prompt.left_out_by.filter(pk=programme.pk).exists():
        prompt.left_out_by.add(programme)
        where, which = f"programme:{programme.pk}", {"prompt": prompt.pk}
        audit.record(actor=actor, action="prompt_left_out", subject_key=where, now=now, detail=which)


@transaction.atomic
def take_in_prompt(*, prompt: Prompt, programme: Programme, actor: Person, now: datetime) -> None:
    """Draw a prompt that was left out for a programme's cohorts again."""
    if prompt.left_out_by.filter(pk=programme.pk).exists():
        prompt.left_out_by.remove(programme)
        where, which = f"programme:{programme.pk}", {"prompt": prompt.pk}
        audit.record(actor=actor, action="prompt_taken_in", subject_key=where, now=now, detail=which)


def _versions_of(prompt: Prompt) -> list[Prompt]:
    """Return the other versions of an own prompt, earlier and later, and whatever else adapts the same one."""
    found = {prompt.pk: prompt}
    ahead = [prompt]
    while ahead:
        one = ahead.pop()
        kin = Q(pk=one.follows_id) | Q(follows=one)
        if one.adapts_id:
            kin |= Q(adapts=one.adapts_id)
        new = Prompt.objects.filter(kin, deck=prompt.deck_id).exclude(pk__in=list(found))
        ahead += new
        found |= {other.pk: other for other in new}
    del found[prompt.pk]
    return list(found.values())


def _check(text: PromptText, programme: Programme, apart_from: Iterable[int]) -> None:
    others = Prompt.objects.known_to(programme.pk).exclude(pk__in=apart_from)
    findings = lint_written(text, others.values_list("text_ja", "text_en"))
    if findings:
        raise BreaksRules(findings)


def _row(programme: Programme, text: PromptText) -> Prompt:
    deck, _ = Deck.objects.get_or_create(
        programme=programme, defaults={"slug": f"own-{programme.pk}", "name": programme.name}
    )
    # The deck's lock gives each new prompt a position of its own.
    Deck.objects.select_for_update().get(pk=deck.pk)
    last = deck.prompts.aggregate(last=Max("position"))["last"] or 0
    return Prompt(
        deck=deck,
        slug=f"own-{uuid4().hex[:12]}",
        position=last + 1,
        status=Status.DRAFT,
        value=text.value.value,
        domain=text.domain.value,
        depth=int(text.depth),
        stage=text.stage.value,
        anchor=text.anchor.value,
        sensitivity=text.sensitivity.value,
        text_ja=text.ja,
        text_en=text.en,
        follow_ups_ja=list(text.follow_ups_ja),
        follow_ups_en=list(text.follow_ups_en),
        samples={one.generation.value: {"ja": one.ja, "en": one.en} for one in text.samples},
    )
