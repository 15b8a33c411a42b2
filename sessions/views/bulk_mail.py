"""Write to several people of a term: see each copy, try it on oneself, send, and take back within five minutes."""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from dialogue import clock
from dialogue.bulk_mail_letters import PREPARED, letter_to
from dialogue.core.language import advice_in
from dialogue.forms.bulk_mail import BulkMailForm, digest_of
from dialogue.message_kinds import Letter
from dialogue.models import BulkMail, OutboundMessage, Participation, Term
from dialogue.reception_words import full_name_of
from dialogue.services.bulk_mail import Words, reached_by, send_bulk_mail, send_trial, subject_of, take_bulk_mail_back
from dialogue.views.paging import page_of
from dialogue.views.reception import chosen_in
from sessions.roster import participants
from sessions.roster_form import PeopleFilter
from sessions.term_mails import mail_lines, mails_of

COPIES_SHOWN: Final = 20
MAILS_ON_A_PAGE: Final = 30
_KEY: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What one person would get."""

    name: str
    address: str
    language: str
    letter: Letter


@login_required
@require_safe
def term_mails(request: HttpRequest, pk: int) -> HttpResponse:
    """List the mails that went to several people of a term, the newest first, with what became of them."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    page = page_of(request, mails_of(term), size=MAILS_ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/term_mails.html",
        {"term": term, "tab": "messages", "page": page, "lines": mail_lines(list(page))},
    )


@login_required
def term_mail_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what a mail is to say and show each copy; on POST try it, or send what was looked at."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme__organisation"), pk=pk)
    asked, now = request.POST if request.method == "POST" else request.GET, clock.now()
    chosen = _chosen(term, asked, now)
    purpose = asked.get("purpose", "")
    purpose = purpose if purpose in BulkMail.Purpose.values else BulkMail.Purpose.OWN
    if not chosen:
        messages.warning(request, _("Choose somebody first, then what to do."))
        return redirect("term_people", pk=term.pk)
    rows = reached_by(purpose, term, chosen).select_related("person", "term__programme__organisation")
    people = list(
        rows.defer("crossroads", "note", "asked", "replied").order_by("person__family_kana", "person__given_kana", "pk")
    )
    languages = {one.person.language for one in people}
    data = request.POST if request.method == "POST" else None
    form = BulkMailForm(data, languages=languages, initial=_prepared(purpose))
    words = form.words() if form.is_bound and form.is_valid() else None
    do = request.POST.get("do", "") if people else ""
    seen = digest_of(words, [one.pk for one in people]) if words else ""
    if words and do == "try":
        send_trial(term=term, purpose=purpose, words=words, now=now, actor=request.user)
        messages.success(request, _("It is on its way to %(address)s.") % {"address": request.user.email})
    elif words and do == "send" and request.POST.get("seen") == seen and _KEY.fullmatch(asked.get("key", "")):
        _mail, number = send_bulk_mail(
            term=term, chosen=list(chosen), purpose=purpose, words=words, now=now, actor=request.user, key=asked["key"]
        )
        text = ngettext(
            "One mail leaves in five minutes. Until then you can take it back.",
            "%(number)s mails leave in five minutes. Until then you can take them back.",
            number,
        )
        messages.success(request, text % {"number": number})
        return redirect("term_mails", pk=term.pk)
    elif words and do == "send":
        messages.warning(request, _("The words or the people have changed. Please look at the mails once more."))
    reached = {one.pk for one in people}
    left_out = term.participations.filter(pk__in=[each for each in chosen if each not in reached])
    return render(
        request,
        "sessions/coordinator/mail_new.html",
        {
            "term": term,
            "tab": "participations",
            "form": form,
            "purpose": purpose,
            "purposes": [(value, label, value == purpose) for value, label in BulkMail.Purpose.choices],
            "number": len(people),
            "names": [full_name_of(one) for one in people],
            "others": [full_name_of(one) for one in left_out.select_related("person").order_by("pk")],
            "why_others": _WHY[purpose],
            "kept": _kept(asked),
            "key": asked["key"] if _KEY.fullmatch(asked.get("key", "")) else secrets.token_hex(8),
            "seen": seen,
            "copies": _copies(people[:COPIES_SHOWN], purpose, words) if words else [],
            "not_shown": max(0, len(people) - COPIES_SHOWN),
            "line": next((each for text in (words.text, words.text_en) for each in advice_in(text, use="line")), None)
            if words
            else None,
            "query": _query(asked),
        },
    )


@require_POST
@login_required
def mail_take_back(request: HttpRequest, pk: int, mail: int) -> HttpResponse:
    """Take back the copies of a mail that have not left."""
    term = get_object_or_404(Term.objects.managed_by(request.user), pk=pk)
    found = get_object_or_404(term.bulk_mails, pk=mail)
    number = take_bulk_mail_back(mail=found, now=clock.now(), actor=request.user)
    left = OutboundMessage.objects.filter(subject_key=subject_of(found)).exclude(status="void").count()
    if number and left:
        text = ngettext("%(left)s had left already.", "%(left)s had left already.", left) % {"left": left}
        messages.warning(request, f"{_('The others are taken back: %(number)s.') % {'number': number}} {text}")
    elif number:
        messages.success(request, _("Taken back. Nobody gets this mail."))
    else:
        messages.info(request, _("Nothing was changed: no copy of it was waiting any more."))
    return redirect("term_mails", pk=term.pk)


_WHY: Final = {
    BulkMail.Purpose.OWN: gettext_lazy("Their place in the term has ended."),
    BulkMail.Purpose.TIMES: gettext_lazy("They have given times, or their place in the term has ended."),
    BulkMail.Purpose.CONSENT: gettext_lazy("They have given consent, or their place in the term has ended."),
}
_NARROWED_BY: Final = ("everybody", "q", "status", "stage", "generation", "cohort")


def _chosen(term: Term, asked: QueryDict, now: datetime) -> Collection[int]:
    """Return who was chosen: one by one, or with `everybody` all whom the filters of the roster find."""
    if "everybody" in asked:
        filters = PeopleFilter(asked, term=term).chosen()
        return list(participants(term, filters, now=now).values_list("pk", flat=True))
    return list(chosen_in(asked))


def _kept(asked: QueryDict) -> list[tuple[str, str]]:
    """Return what the form carries on: who was chosen, or the filters that find everybody."""
    if "everybody" in asked:
        return [(name, asked[name]) for name in _NARROWED_BY if asked.get(name)]
    return [("who", mark) for mark in asked.getlist("who")]


def _query(asked: QueryDict) -> str:
    query = QueryDict(mutable=True)
    for name, value in _kept(asked):
        query.appendlist(name, value)
    return query.urlencode()


def _prepared(purpose: str) -> Mapping[str, str]:
    if purpose not in PREPARED:
        return {}
    said: dict[str, str] = {}
    for language, subject, text in (("ja", "subject", "text"), ("en", "subject_en", "text_en")):
        with translation.override(language):
            said[subject], said[text] = (str(words) for words in PREPARED[purpose])
    return said


def _copies(people: Sequence[Participation], purpose: str, words: Words) -> list[Copy]:
    mail = BulkMail(subject=words.subject, text=words.text, subject_en=words.subject_en, text_en=words.text_en)
    copies = []
    for one in people:
        subject, text = mail.words_in(one.person.language)
        with translation.override(one.person.language):
            letter = letter_to(one, purpose=purpose, subject=subject, text=text)
        person = one.person
        copies.append(Copy(name=full_name_of(one), address=person.email, language=person.language, letter=letter))
    return copies
