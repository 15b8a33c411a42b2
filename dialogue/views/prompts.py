"""The library of prompts, for those who run terms."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dialogue.forms.prompts import PromptFilter
from dialogue.models import Programme, Prompt
from dialogue.prompt_words import tag_words, value_name
from dialogue.views.paging import filters_of, page_of

PROMPTS_ON_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class PromptLine:
    """A prompt in a list: the reader's language first, the other beneath it."""

    slug: str
    text: str
    other: str
    other_language: str
    tags: list[str]


@login_required
@require_safe
def prompts(request: HttpRequest) -> HttpResponse:
    """List the prompts that fit a part of life, a depth, a stage, a value and words."""
    _coordinators_only(request)
    asked = PromptFilter(request.GET)
    page = page_of(request, asked.found(Prompt.objects.order_by("deck", "position")), size=PROMPTS_ON_A_PAGE)
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
    found = get_object_or_404(Prompt, slug=slug)
    japanese = get_language() == "ja"
    own, other = ("ja", "en") if japanese else ("en", "ja")
    pairs = zip(found.follow_ups_ja, found.follow_ups_en, strict=False)
    return render(
        request,
        "dialogue/prompt.html",
        {
            "line": line_of(found),
            "value": value_name(found.value),
            "follow_ups": [(ja, en) if japanese else (en, ja) for ja, en in pairs],
            "samples": [(one[own], one[other]) for one in samples_of(found.samples)],
        },
    )


def line_of(found: Prompt) -> PromptLine:
    """Return a prompt as a list shows it."""
    japanese = get_language() == "ja"
    return PromptLine(
        slug=found.slug,
        text=found.text_ja if japanese else found.text_en,
        other=found.text_en if japanese else found.text_ja,
        other_language="en" if japanese else "ja",
        tags=tag_words(domain=found.domain, depth=found.depth, stage=found.stage, sensitivity=found.sensitivity),
    )


def samples_of(samples: dict[str, dict[str, str]]) -> Iterable[dict[str, str]]:
    """Return the sample answers, students' first; none for a prompt that has none."""
    return [samples[generation] for generation in ("student", "alumni") if generation in samples]


def _coordinators_only(request: HttpRequest) -> None:
    if not Programme.objects.managed_by(request.user).exists():
        raise Http404
