"""Do something for several people of a term: first whom it is about, then once for all, then what came of it."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.decisions import Result
from dialogue.forms.reception import IdentityForm
from dialogue.models import PairWish, Participation, Term
from dialogue.reception_words import full_name_of, names_in
from dialogue.services.for_several import GONE, Came, Why, check_identities, wish_for_pairs
from dialogue.views.reception import chosen_in

THINGS: Final[dict[str, tuple[Promise, Promise]]] = {
    "identity": (
        gettext_lazy("Identity checked"),
        gettext_lazy("It is noted for each of them that you have met them or seen who they are."),
    ),
    "apart": (
        gettext_lazy("Keep apart"),
        gettext_lazy("No two of them come into one cohort. A cohort in which two of them sit today needs repair then."),
    ),
    "together": (gettext_lazy("Keep together"), gettext_lazy("The next forming of cohorts puts them into one cohort.")),
    "free": (
        gettext_lazy("No wish about each other"),
        gettext_lazy("That they are kept apart or together is taken back."),
    ),
}
"""What can be done, by the name in the address: the button, and what it does."""
_KINDS: Final = {"apart": PairWish.Kind.APART, "together": PairWish.Kind.TOGETHER, "free": None}
_REASONS: Final[dict[Why, Promise]] = {
    Why.GONE: gettext_lazy("%(names)s: not possible, their place in the term has ended."),
    Why.ALONE: gettext_lazy("%(names)s: not possible, choose at least two people."),
    Why.TOO_MANY: gettext_lazy("%(names)s: not possible, they are more than one cohort holds."),
    Why.NOT_TOGETHER: gettext_lazy("%(names)s: not possible, they cannot share a cohort."),
}


@login_required
def term_for_several(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom it is about; on POST do it and say what came of it for each."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_in(asked)
    rows = term.participations.filter(pk__in=chosen).select_related("person")
    people = list(rows.defer("crossroads", "note", "asked", "replied").order_by("person__family_kana", "pk"))
    what = asked.get("do", "")
    if what not in THINGS or not people:
        messages.warning(request, _("Choose somebody first, then what to do."))
        return redirect("term_people", pk=term.pk)
    now = clock.now()
    form: forms.Form | None = None
    if what == "identity":
        today = timezone.localdate(now, timezone=zone_named(term.zone))
        form = IdentityForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and (form is None or form.is_valid()):
        values: dict[str, Any] = {"term": term, "chosen": list(chosen), "now": now}
        if form:
            came = check_identities(**values, **form.cleaned_data, checked_by=request.user)
        else:
            came = wish_for_pairs(**values, kind=_KINDS[what], actor=request.user)
        for level, sentence in sentences_about(came, str(THINGS[what][0])):
            getattr(messages, level)(request, sentence)
        return redirect("term_people", pk=term.pk)
    title, means = THINGS[what]
    return render(
        request,
        "dialogue/for_several.html",
        {
            "term": term,
            "tab": "participations",
            "do": what,
            "title": title,
            "means": means,
            "form": form,
            "people": [full_name_of(one) for one in people if one.status not in GONE],
            "others": [full_name_of(one) for one in people if one.status in GONE],
            "marks": [f"{one.pk}-{chosen[one.pk]}" for one in people],
        },
    )


def sentences_about(came: Sequence[Came], title: str) -> list[tuple[str, str]]:
    """Return what came of it as (level, sentence): success, info or warning. Everybody is named once a sentence."""
    done = _people_of(came, Result.DONE)
    already = [one for one in _people_of(came, Result.ALREADY) if one not in done]
    said: list[tuple[str, str]] = []
    if done:
        said.append(("success", _("%(what)s: %(names)s.") % {"what": title, "names": names_in(done)}))
    if already:
        said.append(("info", _("It was so before: %(names)s.") % {"names": names_in(already)}))
    reasons = [(each.why, each.people) for each in came if each.why]
    return [*said, *(("warning", str(_REASONS[why]) % {"names": names_in(people)}) for why, people in reasons)]


def _people_of(came: Sequence[Came], result: Result) -> list[Participation]:
    return list(dict.fromkeys(one for each in came if each.result is result for one in each.people))
