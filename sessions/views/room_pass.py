"""Into the room of one session by the link of a mail, without signing in.

The link's token goes along as a cookie that browsers send to the pages of that session alone. It is looked into at each
request, so that it ends as the link does, and opens nothing but the room: every other page asks to sign in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from dialogue import clock
from sessions.services.answer_links import admitted_by

View = Callable[..., HttpResponseBase]
KEPT_FOR: Final = 8 * 3600
"""Seconds for which a browser keeps the token: longer than any room is open. Whether it still counts is asked anew."""


def to_room(*, session_id: int, token: str) -> HttpResponse:
    """Lead into the room, with the link's token for its pages. It writes nothing here."""
    response = redirect("room", pk=session_id)
    response.set_cookie(
        settings.ROOM_COOKIE_NAME,
        token,
        max_age=KEPT_FOR,
        path=reverse("session", args=[session_id]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def by_link(request: HttpRequest) -> bool:
    """Whether a link let the reader in, so that nobody has signed in."""
    return bool(getattr(request, "by_link", ""))


def signed_in_or_by_link(view: View) -> View:
    """Let a page of the room be read by who is signed in, or by whom a link to this session lets in.

    The latter is `request.user` for this one page, and `request.by_link` is then the link's token.
    """
    asks_to_sign_in = login_required(view)

    @wraps(view)
    def page(request: HttpRequest, pk: int) -> HttpResponseBase:
        token = request.COOKIES.get(settings.ROOM_COOKIE_NAME, "")
        if request.user.is_authenticated or not token:
            return asks_to_sign_in(request, pk=pk)
        person = admitted_by(token=token, session_id=pk, now=clock.now())
        if person is None:
            return asks_to_sign_in(request, pk=pk)
        request.user, request.by_link = person, token
        with timezone.override(person.zone):
            return view(request, pk=pk)

    return page
