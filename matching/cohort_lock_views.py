"""Say what repairs leave alone of a running cohort."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.core.week import WeeklyWindow
from dialogue.models import Cohort, Membership
from matching.lock_words import called
from matching.models import CohortLock
from matching.services.locking import NotThere, set_lock


@login_required
def cohort_locks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what of a cohort is locked; on POST lock one thing, or unlock it with `on` empty."""
    cohort = get_object_or_404(
        Cohort.objects.managed_by(request.user).running().select_related("term__programme"), pk=pk
    )
    if request.method == "POST":
        kind, _space, who = request.POST.get("what", "").partition(" ")
        try:
            if kind not in CohortLock.Kind.values or (who and not (who.isascii() and who.isdecimal())):
                raise NotThere
            set_lock(
                cohort_id=cohort.pk,
                kind=kind,
                participation_id=int(who) if who else None,
                on=bool(request.POST.get("on")),
                now=clock.now(),
                actor=request.user,
            )
        except NotThere:
            messages.info(request, _("Nothing was changed: this person is not in the cohort any more."))
        return redirect("cohort_locks", pk=cohort.pk)
    locks = set(CohortLock.objects.filter(cohort=cohort).values_list("kind", "membership"))
    members = Membership.objects.filter(cohort=cohort, left_at__isnull=True).select_related("participation__person")
    people = [
        (
            f"{CohortLock.Kind.PERSON} {one.participation_id}",
            called(one.participation.person),
            ("person", one.pk) in locks,
        )
        for one in members.order_by("participation__generation", "participation__person__preferred_name", "pk")
    ]
    context = {
        "term": cohort.term,
        "tab": "cohorts",
        "cohort": cohort,
        "window": WeeklyWindow(cohort.weekday, cohort.starts, cohort.starts + cohort.term.session_minutes),
        "whole": ("cohort", None) in locks,
        "time": ("window", None) in locks,
        "people": people,
    }
    return render(request, "matching/cohort_locks.html", context)
