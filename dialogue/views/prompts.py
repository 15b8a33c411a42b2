"""The library of prompts, for those who run terms."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue.forms.prompts import PromptFilter
from dialogue.models import Programme, Prompt
from dialogue.prompt_words import tag_words, value_name
from dialogue.views.paging import filters_of, page_of

PROMPTS_ON_A_PAGE = 40
Status = Prompt.Status
_TONES = {Status.DRAFT: "waiting", Status.APPROVED: "done", Status.RETIRED: "ended"}


@dataclass(frozen=True, slots=True)
class PromptLine:
    """A prompt in a list: the reader's language first, the other beneath it."""

    slug: str
    text: str
    other: str
    other_language: str
    tags: list[str]
    badge: str = ""
    """What is to be said of an own prompt: whose it is, or that it is no longer, or not yet, drawn."""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a prompt of the library is to one programme."""

    programme: int
    title: str
    left_out: bool
    copy: PromptLine | None
    """The programme's own version of it."""
    replaced: bool
    """Whether that version is drawn in its place."""


@login_required
@require_safe
def prompts(request: HttpRequest) -> HttpResponse:
    """List the prompts that fit a part of life, a depth, a stage, a value and words; what is not drawn if asked for."""
    _coordinators_only(request)
    asked = PromptFilter(request.GET)
    rows = Prompt.objects.visible_to(request.user).select_related("deck")
    rows = rows.left_out_or_not(Programme.objects.managed_by(request.user))
    page = page_of(request, asked.found(rows.order_by("deck", "position")), size=PROMPTS_ON_A_PAGE)
    return render(
        request,
        "dialogue/prompts.html",
        {
            "filter": asked,
            "is_filtered": asked.is_filtered,
            "prompts": page,
            "lines": [line_of(one) for one in page],
            "query": filters_of(request),
        },
    )


@login_required
@require_safe
def prompt(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a prompt in both languages with its follow-ups and, behind a disclosure, its sample answers."""
    _coordinators_only(request)
    rows = Prompt.objects.visible_to(request.user).select_related(
        "deck", "follows", "adapts", "written_by", "approved_by"
    )
    found = get_object_or_404(rows, slug=slug)
    japanese = get_language() == "ja"
    own, other = ("ja", "en") if japanese else ("en", "ja")
    pairs = zip(found.follow_ups_ja, found.follow_ups_en, strict=False)
    return render(
        request,
        "dialogue/prompt.html",
        {
            "prompt": found,
            "line": line_of(found),
            "is_own": found.deck.programme_id is not None,
            "may_approve": found.status == Status.DRAFT and found.written_by_id != request.user.pk,
            "places": [] if found.deck.programme_id else _places(request, found),
            "next": found.followed_by.exclude(status=Status.RETIRED).first() if found.deck.programme_id else None,
            "value": value_name(found.value),
            "follow_ups": [(ja, en) if japanese else (en, ja) for ja, en in pairs],
            "samples": [(one[own], one[other]) for one in samples_of(found.samples)],
        },
    )


def _places(request: HttpRequest, library: Prompt) -> list[Place]:
    """Return what a prompt of the library is to each programme that its reader coordinates. Three queries."""
    left_out = set(library.left_out_by.values_list("pk", flat=True))
    copies = library.adapted_by.exclude(status=Status.RETIRED).select_related("deck").order_by("-status")
    # An approved version comes after the draft of the next one, and is what stands in its place.
    copy_of = {one.deck.programme_id: one for one in copies}
    return [
        Place(
            programme=one.pk,
            title=one.title,
            left_out=one.pk in left_out,
            copy=line_of(copy_of[one.pk]) if one.pk in copy_of else None,
            replaced=one.pk in copy_of and copy_of[one.pk].status == Status.APPROVED,
        )
        for one in Programme.objects.managed_by(request.user).order_by("name", "pk")
    ]


def line_of(found: Prompt) -> PromptLine:
    """Return a prompt as a list shows it, with a badge where it is a programme's own or left out. Reads its deck."""
    japanese = get_language() == "ja"
    own = found.deck.programme_id is not None
    left_out = _("Left out") if getattr(found, "is_left_out", False) else ""
    return PromptLine(
        slug=found.slug,
        text=found.text_ja if japanese else found.text_en,
        other=found.text_en if japanese else found.text_ja,
        other_language="en" if japanese else "ja",
        tags=tag_words(domain=found.domain, depth=found.depth, stage=found.stage, sensitivity=found.sensitivity),
        badge=_("Own: %(state)s") % {"state": found.get_status_display()} if own else left_out,
        tone="ended" if left_out else _TONES[found.status],
    )


def samples_of(samples: dict[str, dict[str, str]]) -> Iterable[dict[str, str]]:
    """Return the sample answers, students' first; none for a prompt that has none."""
    return [samples[generation] for generation in ("student", "alumni") if generation in samples]


def _coordinators_only(request: HttpRequest) -> None:
    if not Programme.objects.managed_by(request.user).exists():
        raise Http404
