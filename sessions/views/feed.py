"""A person's calendar: its address for them, its bytes for their calendar program."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dialogue import clock
from sessions.models import CalendarFeed
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.feeds import feed_body, feed_of, hash_of, renew_feed, token_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show people the address of their calendar, and give them a new one when they ask."""
    now = clock.now()
    if request.method == "POST":
        renew_feed(person=request.user, now=now)
        messages.success(request, _("You have a new address. The old one no longer works."))
        return redirect("calendar")
    feed = feed_of(person=request.user, now=now)
    # Built on BASE_URL: the request's host is whatever a client sent.
    address = urljoin(settings.BASE_URL, reverse("calendar_feed", args=[token_of(feed)]))
    subscribe = urlsplit(address)._replace(scheme="webcal").geturl()
    context = {"address": address, "subscribe": subscribe, "instead_of_mail": feed.instead_of_mail}
    return render(request, "sessions/calendar.html", context)


@require_POST
@login_required
def calendar_choice(request: HttpRequest) -> HttpResponse:
    """Keep whether dates come with mails or by the feed alone."""
    instead_of_mail = request.POST.get("by") == "feed"
    choose_calendar(person=request.user, instead_of_mail=instead_of_mail, now=clock.now())
    if instead_of_mail:
        messages.success(request, _("Your dates now come by the subscribed calendar alone. Mails only tell of them."))
    else:
        messages.success(request, _("Your dates now come with the mails. Please remove the subscribed calendar."))
    return redirect("calendar")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Serve a calendar to whoever holds its address. The look-up is by hash: how near a guess came shows nowhere."""
    found = CalendarFeed.objects.behind(hash_of(token))
    if found is None:
        raise Http404
    feed = feed_body(feed=found, now=clock.now())
    response = get_conditional_response(request, etag=feed.etag)
    if response is None:
        response = HttpResponse(bytes(feed.body), content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = feed.etag
    response.headers["Cache-Control"] = "private"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
