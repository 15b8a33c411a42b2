"""The demo's pages: the doors, one click to sign in, the mails that left, the clock."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.demo.changes import change_of, text_of
from config.demo.clock import put_forward
from config.demo.models import SentMail
from config.demo.next_things import next_things
from config.demo.worker import kill_worker, worker_pid
from dialogue import clock
from dialogue.models import OutboundMessage, Person
from dialogue.services.people import choose_language
from sessions.models import DialogueSession
from sessions.services.feeds import mark_feeds_stale
from sessions.services.practising import begin_practice
from sessions.term_messages import KIND_WORDS
from sessions.views.home import home

DOORS = {
    "coordinator": "chika@example.org",
    "student": "aoi@example.org",
    "alumni": "takeshi@example.org",
    "facilitator": "fumi@example.org",
    "partner": "sanae@example.net",
    "safety": "madoguchi@example.org",
}
PRACTISE = {"participant": "student", "facilitator": "facilitator"}
"""Who of the cast practises, as what."""
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
BEFORE_A_SESSION = timedelta(hours=72)
MAILS_ON_A_PAGE = 50
Status = OutboundMessage.Status


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the doors to a stranger, and their own page to whoever came in."""
    return home(request) if request.user.is_authenticated else doors(request)


@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """Show the doors, each with what is next behind it."""
    return render(request, "demo/doors.html", {"doors": next_things(DOORS, now=clock.now())})


@require_POST
def enter(request: HttpRequest, door: str) -> HttpResponse:
    """Sign in as one of the cast."""
    if door not in DOORS:
        raise Http404
    _come_in(request, door)
    return redirect(reverse({"coordinator": "terms", "partner": "partner", "safety": "safety"}.get(door, "home")))


@require_POST
def practise(request: HttpRequest, way: str) -> HttpResponse:
    """Sign in as one of the cast and begin a practice, in one click."""
    if way not in PRACTISE:
        raise Http404
    person = _come_in(request, PRACTISE[way])
    begin_practice(person=person, leads=way == "facilitator", now=clock.now())
    return redirect("practice_room")


def _come_in(request: HttpRequest, door: str) -> Person:
    """Sign in as one of the cast, who from now on reads in the language in which the doors were read."""
    person = get_object_or_404(Person, email=DOORS[door])
    choose_language(person=person, language=request.LANGUAGE_CODE)
    mark_feeds_stale([person.pk])
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return person


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """List the mails that left, newest first; `?to=` keeps those to one address."""
    to = request.GET.get("to", "").strip().lower()
    rows = SentMail.objects.defer("raw").order_by("-at", "-pk")
    page = Paginator(rows.filter(to=to) if to else rows, MAILS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/mails.html", {"page": page, "to": to, "cast": DOORS.values()})


@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail, and what it changes in its reader's calendar."""
    row = get_object_or_404(SentMail, pk=pk)
    return render(request, "demo/mail.html", {"mail": row, "text": text_of(row), "change": change_of(row)})


@require_safe
def mail_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the mail as a file, as it would have gone over the wire."""
    row = get_object_or_404(SentMail, pk=pk)
    answer = HttpResponse(bytes(row.raw), content_type="message/rfc822")
    answer["Content-Disposition"] = f'attachment; filename="mail-{row.pk}.eml"'
    return answer


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show where every message stands, and the worker that sends them."""
    now = clock.now()
    rows = OutboundMessage.objects
    counts = dict(rows.values_list("status").annotate(Count("pk")))
    waiting = rows.due(now).count()
    doubled = SentMail.objects.values("message_id").annotate(times=Count("pk")).filter(times__gt=1).count()
    shown = rows.filter(due_at__lte=now).select_related("recipient").order_by("-due_at", "-pk")
    return render(
        request,
        "demo/outbox.html",
        {
            "facts": [
                {"name": _("Due and not yet sent"), "value": waiting},
                {"name": _("To be sent later"), "value": counts.get(Status.QUEUED, 0) - waiting},
                *(
                    {"name": Status(one).label, "value": counts.get(one, 0)}
                    for one in (
                        Status.SENDING, Status.SENT, Status.VOID, Status.UNCERTAIN, Status.DEAD, Status.HELD
                    )
                ),
                {"name": _("Mails that left twice"), "value": doubled},
            ],
            "lines": [(one, KIND_WORDS.get(one.kind, one.kind)) for one in shown[:MAILS_ON_A_PAGE]],
            "worker": worker_pid(),
        },
    )  # fmt: skip


@require_POST
def outbox_kill(request: HttpRequest) -> HttpResponse:
    """Kill the worker, to see that nothing is lost."""
    if kill_worker() is None:
        messages.info(request, _("The worker is just starting."))
    else:
        messages.success(request, _("The worker was killed. It starts again by itself in a few seconds."))
    return redirect(reverse("demo_outbox"))


@require_POST
def clock_forward(request: HttpRequest) -> HttpResponse:
    """Put the clock forward by an hour, a day, or to 72 hours before the next session that is farther away."""
    now = clock.now()
    step = STEPS.get(request.POST.get("by", "")) or _until_three_days_before(now)
    if step is None:
        messages.info(request, _("No session is more than three days away."))
    else:
        put_forward(step)
        messages.success(request, _("The clock has been put forward. Mails that have come due are on their way."))
    return redirect(reverse("doors"))


def _until_three_days_before(now: datetime) -> timedelta | None:
    upcoming = DialogueSession.objects.filter(
        status=DialogueSession.Status.CONFIRMED, starts_at__gt=now + BEFORE_A_SESSION + timedelta(minutes=1)
    )
    start = upcoming.order_by("starts_at").values_list("starts_at", flat=True).first()
    return start - BEFORE_A_SESSION - now if start else None
