"""A programme's own prompts: written by one coordinator, approved by another, changed by new versions."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from dialogue.core.prompts.lint import LintFinding
from dialogue.core.prompts.prompt import Prompt as PromptText
from dialogue.core.prompts.writing import lint_written
from dialogue.models import Deck, Person, Programme, Prompt
from dialogue.services import audit

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


@transaction.atomic
def write_prompt(*, programme: Programme, text: PromptText, author: Person, now: datetime) -> Prompt:
    """Keep a new draft among a programme's own prompts. It is drawn for no cohort before it is approved.

    Raises:
        BreaksRules: see the library's lint.
    """
    _check(text, programme, apart_from=())
    draft = _row(programme, text)
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
    versions = {found.pk, found.follows_id, draft.pk if draft else None, draft.follows_id if draft else None}
    _check(text, programme, apart_from=[one for one in versions if one])
    new = _row(programme, text)
    new.written_by = author
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
    """Let a draft be drawn from now on; the version that it follows no longer is. Sessions keep what they have.

    Raises:
        NotADraft: it is approved or retired.
        NeedsAnother: `actor` wrote it, or changed it last.
    """
    draft = Prompt.objects.select_for_update(of=("self",)).get(pk=prompt_id)
    if draft.status != Status.DRAFT:
        raise NotADraft
    if draft.written_by_id == actor.pk:
        raise NeedsAnother
    draft.status, draft.approved_by = Status.APPROVED, actor
    draft.save(update_fields=["status", "approved_by"])
    Prompt.objects.filter(pk=draft.follows_id).update(status=Status.RETIRED)
    audit.record(actor=actor, action="prompt_approved", subject_key=f"prompt:{draft.pk}", now=now)
    return draft


@transaction.atomic
def retire_prompt(*, prompt_id: int, actor: Person, now: datetime) -> None:
    """Draw an own prompt for no further cohort. Done again, it changes nothing; sessions keep what they have."""
    if Prompt.objects.filter(pk=prompt_id).exclude(status=Status.RETIRED).update(status=Status.RETIRED):
        audit.record(actor=actor, action="prompt_retired", subject_key=f"prompt:{prompt_id}", now=now)


def _check(text: PromptText, programme: Programme, apart_from: object) -> None:
    others = Prompt.objects.drawn_for(programme.pk).exclude(pk__in=apart_from)
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
