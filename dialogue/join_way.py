"""Somebody on their way through a sign-up: by which link, with which draft. The browser keeps the draft's key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.consent_texts import texts_to_agree_to
from dialogue.core.join_code import code_in
from dialogue.core.sign_up import PAGES_TO_COUNT, Page, next_page, number_of, page_before
from dialogue.core.wall_clock import zone_named
from dialogue.models import JoinLink, Participation, SignUpDraft, Term
from dialogue.querysets import DRAFT_KEPT
from dialogue.services.signing_up import answers_of, draft_behind

KEY_COOKIE: Final = "__Secure-sign-up" if settings.SESSION_COOKIE_SECURE else "sign-up"
"""Its path is the link's, so that two sign-ups in one browser do not meet."""

TO_FINISH: Final = timedelta(hours=1)
"""How long somebody who has begun may still send it after the last day to sign up has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What every page of a sign-up works with."""

    link: JoinLink
    draft: SignUpDraft | None
    answers: dict[str, Any]
    now: datetime

    @property
    def term(self) -> Term:
        return self.link.term

    @property
    def today(self) -> date:
        return timezone.localdate(self.now, timezone=zone_named(self.term.zone))

    @property
    def partner(self) -> str:
        return self.link.partner.name if self.link.partner else ""

    @property
    def texts(self) -> dict[str, str]:
        return texts_to_agree_to(by_partner=self.link.partner_id is not None)

    @property
    def next_page(self) -> Page:
        return next_page(self.answers, texts=self.texts)

    def address(self, page: Page) -> str:
        if page is Page.CHECK:
            return reverse("join_check", args=[self.link.code])
        return reverse("join_page", args=[self.link.code, page.value])

    def initial(self, page: Page) -> dict[str, Any]:
        """Return what a page's form begins with: what is half done, the answer, or the answer of another term."""
        for place in (self.answers.get("so_far", {}), self.answers, self.answers.get("earlier", {})):
            if page.value in place:
                return dict(place[page.value])
        return {}

    def context(self, page: Page) -> dict[str, Any]:
        """Return what the frame of a page shows."""
        before = page_before(page, self.answers)
        return {
            "way": self,
            "term": self.term,
            "page": page.value,
            "number": number_of(page),
            "of": PAGES_TO_COUNT,
            "back_url": self.address(before) if before else reverse("join", args=[self.link.code]),
        }

    def place_of(self, reader: Any) -> Participation | None:
        """Return the reader's place in this term, ended or not."""
        return Participation.objects.of(reader).filter(term=self.term).first()


PageOfWay = Callable[..., HttpResponseBase]


def on_the_way(view: PageOfWay) -> PageOfWay:
    """Give a view the way of an open link; answer kindly by itself where there is none."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request: HttpRequest, code: str, **named: str) -> HttpResponseBase:
        link = link_of(code)
        if link is None:
            return render(request, "dialogue/join/unknown.html", status=404)
        if link.code != code:
            return redirect(request.resolver_match.view_name, code=link.code, **named)
        now = clock.now()
        draft = draft_behind(key=request.COOKIES.get(KEY_COOKIE, ""), link=link)
        way = Way(link=link, draft=draft, answers=answers_of(draft) if draft else {}, now=now)
        if not _is_open(way):
            return render(
                request,
                "dialogue/join/closed.html",
                {"way": way, "term": way.term, "place": way.place_of(request.user)},
                status=410,
            )
        return view(request, way, **named)

    return answered


def link_of(code: str) -> JoinLink | None:
    """Return the link of a code as somebody typed it, closed or open."""
    rows = JoinLink.objects.select_related("term__programme__organisation", "partner")
    return rows.filter(code=code_in(code)).first() if code_in(code) else None


def keep_key(response: HttpResponse, way: Way, key: str) -> HttpResponse:
    """Have the browser keep the key for as long as the draft is kept, and show it to no script."""
    response.set_cookie(
        KEY_COOKIE,
        key,
        max_age=int(DRAFT_KEPT.total_seconds()),
        path=reverse("join", args=[way.link.code]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_key(response: HttpResponseBase, way: Way) -> HttpResponseBase:
    response.delete_cookie(KEY_COOKIE, path=reverse("join", args=[way.link.code]), samesite="Lax")
    return response


def _is_open(way: Way) -> bool:
    moment = way.now - (TO_FINISH if way.draft else timedelta())
    day = timezone.localdate(moment, timezone=zone_named(way.term.zone))
    return JoinLink.objects.open_on(day).filter(pk=way.link.pk).exists()
