"""One sign-up, whole: everything that coordinators may see of it, their notes, the check of identity, the guardian."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.announcing import subject_of
from dialogue.core.reception import ALLOWED_MOVES
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.forms.reception import GuardianForm, IdentityForm, NoteForm
from dialogue.models import AuditEntry, ConsentRecord, OutboundMessage, Participation
from dialogue.querysets import ParticipationQuerySet
from dialogue.reception_lists import checks_of, mark_of, signed_up_in
from dialogue.reception_words import HISTORY, LETTERS, MOVES, STAGES, full_name_of
from dialogue.services.for_several import GONE
from dialogue.services.guardians import GuardianRefused, ask_again, ask_guardian
from dialogue.services.handing_on import is_invited
from dialogue.services.identity import record_check, withdraw_check
from dialogue.services.reception import changes_of, stage_of_participation, write_note
from dialogue.services.written_consents import WRITTEN
from dialogue.views.for_several import THINGS


def _managed(request: HttpRequest) -> ParticipationQuerySet:
    """Return the sign-ups of the reader's terms. What somebody wrote of their crossroads is not read."""
    return (
        Participation.objects.managed_by(request.user)
        .select_related(
            "person__failing_address", "term__programme__organisation", "partner", "affiliation",
            "relayed_to__programme",
            "guardianship__guardian", "identity_check__checked_by",
        )
        .defer("crossroads")
    )  # fmt: skip


@require_safe
@login_required
def reception_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one sign-up."""
    return _page(request, get_object_or_404(_managed(request), pk=pk))


@login_required
def reception_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a note."""
    one = get_object_or_404(_managed(request), pk=pk)
    if request.method != "POST":
        return redirect("reception_person", pk=one.pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, one, note_form=form)
    write_note(participation_id=one.pk, words=form.cleaned_data["note"], actor=request.user, now=clock.now())
    messages.success(request, _("The note is kept."))
    return redirect("reception_person", pk=one.pk)


@login_required
def reception_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down, or take back, that somebody was met."""
    one = get_object_or_404(_managed(request), pk=pk)
    if request.method != "POST":
        return redirect("reception_person", pk=one.pk)
    now = clock.now()
    if "withdraw" in request.POST:
        withdraw_check(participation=one, actor=request.user, now=now)
        messages.success(request, _("The check has been taken back."))
        return redirect("reception_person", pk=one.pk)
    form = IdentityForm(request.POST, today=timezone.localdate(now, timezone=zone_named(one.term.zone)))
    if not form.is_valid():
        return _page(request, one, identity_form=form)
    record_check(participation=one, checked_by=request.user, now=now, **form.cleaned_data)
    messages.success(request, _("The check is kept, with your name."))
    return redirect("reception_person", pk=one.pk)


@login_required
def reception_guardian(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to a guardian, or put the question to them anew."""
    one = get_object_or_404(_managed(request), pk=pk)
    if request.method != "POST":
        return redirect("reception_person", pk=one.pk)
    now = clock.now()
    form = None if "again" in request.POST else GuardianForm(request.POST)
    if form is not None and not form.is_valid():
        return _page(request, one, guardian_form=form)
    try:
        if form is None:
            asked = ask_again(participation=one, actor=request.user, now=now)
        else:
            asked = ask_guardian(participation=one, actor=request.user, now=now, **form.cleaned_data)
    except GuardianRefused as error:
        if form is None or error.reason in {"ended", "answered"}:
            messages.warning(request, _refusal(error))
            return redirect("reception_person", pk=one.pk)
        form.add_error("name" if error.reason == "name" else "email", _refusal(error))
        return _page(request, one, guardian_form=form)
    messages.success(request, _("The question goes to %(address)s now.") % {"address": asked.guardian.email})
    return redirect("reception_person", pk=one.pk)


def _refusal(error: GuardianRefused) -> str:
    return {
        "name": _("Write the name of the guardian."),
        "address": _("Please type the whole address, like name@example.org."),
        "own_address": _("This is the participant's own address. A guardian needs one of their own."),
        "takes_part": _("Somebody with this address takes part in the term. A guardian needs one of their own."),
        "answered": _("Another guardian has answered already. You can ask that one again."),
        "ended": _("Nobody can be asked at this stage. Take the decision back first."),
    }[error.reason]


def _page(request: HttpRequest, one: Participation, **forms: Form) -> HttpResponse:
    term, now = one.term, clock.now()
    stage = stage_of_participation(one)
    today = timezone.localdate(now, timezone=zone_named(term.zone))
    row = signed_up_in(term).get(pk=one.pk)
    context: dict[str, Any] = {
        "term": term,
        "tab": "reception",
        "one": one,
        "person": one.person,
        "name": full_name_of(one),
        "stage": STAGES[stage],
        "mark": mark_of(one, changes_of([one])),
        "moves": [(move, word) for move, word in MOVES.items() if move in ALLOWED_MOVES[stage]],
        "checks": checks_of(row, term=term, slots=term.slots.count()),
        "has_consent": row.has_consent,
        "guardian_agreed": row.has_guardian,
        "guardianship": getattr(one, "guardianship", None),
        "identity": getattr(one, "identity_check", None),
        "windows": [
            WeeklyWindow(each.weekday, each.starts, each.ends) for each in one.windows.order_by("weekday", "starts")
        ],
        "slot_answers": [
            (answer, WeeklyWindow(answer.slot.weekday, answer.slot.starts, answer.slot.ends))
            for answer in one.slot_answers.select_related("slot").order_by("slot__weekday", "slot__starts")
        ],
        "exceptions": one.exceptions.order_by("date"),
        "consents": one.consents.order_by("-recorded_at", "-pk"),
        "consent_thing": _consent_thing(one, has_consent=row.has_consent),
        "letters": _letters(one),
        "history": _history(one),
        "note_form": NoteForm(initial={"note": one.note}),
        "identity_form": IdentityForm(today=today),
        "guardian_form": GuardianForm(),
        "is_asking": one.status in {one.Status.APPLIED, one.Status.ACCEPTED},
    }
    return render(request, "dialogue/reception/person.html", context | forms)


def _consent_thing(one: Participation, *, has_consent: bool) -> tuple[str, object] | None:
    """Return what may be done about the consent of somebody by its name and its words; None where nothing may."""
    if one.status in GONE or is_invited(one):
        return None
    if not has_consent:
        return "consent", THINGS["consent"][0]
    valid = one.consents.filter(purpose=ConsentRecord.Purpose.TAKE_PART, withdrawn_at__isnull=True)
    if one.status != one.Status.PLACED and valid.filter(method=WRITTEN).exists():
        return "consent_back", THINGS["consent_back"][0]
    return None


def _letters(one: Participation) -> list[tuple[OutboundMessage, object]]:
    rows = OutboundMessage.objects.filter(subject_key=subject_of(one), kind__in=LETTERS).select_related("recipient")
    return [(row, LETTERS[row.kind]) for row in rows.order_by("-created_at", "-pk")]


def _history(one: Participation) -> list[tuple[AuditEntry, object]]:
    rows = AuditEntry.objects.filter(subject_key=subject_of(one), action__in=HISTORY).select_related("actor")
    return [(row, HISTORY[row.action]) for row in rows.order_by("-at", "-pk")]
