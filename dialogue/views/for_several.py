"""Do something for several people of a term: first whom it is about, then once for all, then what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.addresses import address_of
from dialogue.consent_texts import consent_text
from dialogue.core.wall_clock import zone_named
from dialogue.decisions import Result
from dialogue.forms.reception import IdentityForm
from dialogue.forms.rosters import CONSENT_TEXTS, WrittenConsentForm
from dialogue.models import PairWish, Participation, Term
from dialogue.reception_words import full_name_of, names_in
from dialogue.services.for_several import GONE, Came, Why, check_identities, wish_for_pairs
from dialogue.services.roster_rows import ConsentStatement
from dialogue.services.written_consents import take_written_consents_back, write_consents_down
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
    "consent": (
        gettext_lazy("Write down their consent"),
        gettext_lazy(
            "For consent that came by mail or on paper. It is kept for each of them with your name, and whoever waited "
            "only for it is in the next forming of cohorts. Nobody is mailed."
        ),
    ),
    "consent_back": (
        gettext_lazy("Take a written consent back"),
        gettext_lazy(
            "For a slip: what was written down here for them no longer counts, and they wait for consent again. What "
            "they agreed to themselves, or what came with a file, stays."
        ),
    ),
}
"""What can be done, by the name in the address: the button, and what it does."""
CONSENTS: Final = ("consent", "consent_back")
"""Which of them are about consent."""
_KINDS: Final = {"apart": PairWish.Kind.APART, "together": PairWish.Kind.TOGETHER, "free": None}
_REASONS: Final[dict[Why, Promise]] = {
    Why.GONE: gettext_lazy("%(names)s: not possible, their place in the term has ended."),
    Why.ALONE: gettext_lazy("%(names)s: not possible, choose at least two people."),
    Why.TOO_MANY: gettext_lazy("%(names)s: not possible, they are more than one cohort holds."),
    Why.NOT_TOGETHER: gettext_lazy("%(names)s: not possible, they cannot share a cohort."),
    Why.INVITED: gettext_lazy("%(names)s: not possible, they answer their invitation to this term themselves."),
    Why.HAS_COHORT: gettext_lazy("%(names)s: not possible, they have a cohort. End their place in the term instead."),
}
_CAME_FROM: Final = {"today": "today", "waiting": "term_waiting"}
"""Pages of one press to which one comes back, by the name in the address; the others come from the roster."""


@login_required
def term_for_several(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom it is about; on POST do it and say what came of it for each."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme__organisation"), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_in(asked)
    rows = term.participations.filter(pk__in=chosen).select_related("person")
    people = list(rows.defer("crossroads", "note", "asked", "replied").order_by("person__family_kana", "pk"))
    what = asked.get("do", "")
    if what not in THINGS or not people:
        messages.warning(request, _("Choose somebody first, then what to do."))
        return redirect("term_people", pk=term.pk)
    now = clock.now()
    form = _form_for(what, term, now, request.POST if request.method == "POST" else None)
    back = _back(asked.get("from", ""), term, people)
    if request.method == "POST" and (form is None or form.is_valid()):
        came = _do(what, form, request.user, term=term, chosen=list(chosen), now=now)
        for level, sentence in sentences_about(came, str(THINGS[what][0])):
            getattr(messages, level)(request, sentence)
        return redirect(back)
    title, means = THINGS[what]
    return render(
        request,
        "dialogue/for_several.html",
        {
            "term": term,
            "tab": "participations",
            "back_url": back,
            "came_from": asked.get("from", ""),
            "texts": [consent_text(name, get_language() or "ja") for name in CONSENT_TEXTS if what == "consent"],
            "do": what,
            "title": title,
            "means": means,
            "form": form,
            "people": [full_name_of(one) for one in people if one.status not in GONE],
            "others": [full_name_of(one) for one in people if one.status in GONE],
            "marks": [f"{one.pk}-{chosen[one.pk]}" for one in people],
        },
    )


def _form_for(what: str, term: Term, now: datetime, given: QueryDict | None) -> forms.Form | None:
    """Return what is to be filled in before it is done; None where a press is enough."""
    today = timezone.localdate(now, timezone=zone_named(term.zone))
    if what == "identity":
        return IdentityForm(given, today=today)
    if what == "consent":
        return WrittenConsentForm(given, today=today, host=term.programme.organisation.name)
    return None


def _do(what: str, form: forms.Form | None, actor: Any, **about: Any) -> list[Came]:
    said = form.cleaned_data if form else {}
    if what == "identity":
        return check_identities(**about, **said, checked_by=actor)
    if what == "consent":
        return write_consents_down(**about, statement=ConsentStatement(**said), actor=actor)
    if what == "consent_back":
        return take_written_consents_back(**about, actor=actor)
    return wish_for_pairs(**about, kind=_KINDS[what], actor=actor)


def _back(came_from: str, term: Term, people: Sequence[Participation]) -> str:
    """Return the address of the page on which somebody was chosen."""
    if came_from == "person" and len(people) == 1:
        return address_of("reception_person", people[0].pk)
    name = _CAME_FROM.get(came_from, "term_people")
    return address_of(name) if name == "today" else address_of(name, term.pk)


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
