"""The pages of the gallery, rendered by the real templates and components, without a database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory
from django.utils.html import format_html

from dialogue.core.week import WeeklyWindow
from tests.templates.forms import EveryQuestion

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
ENDS_AT = STARTS_AT + timedelta(minutes=90)
NAMES = ("あおい", "けんじ", "たけし", "なおみ", "Minh")
CHIKA = SimpleNamespace(is_authenticated=True, email="chika@example.org")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the gallery: its template and what it is given."""

    template: str
    context: Callable[[], Mapping[str, Any]]
    signed_in: bool = True


def engine() -> DjangoTemplates:
    """The project's templates beside the gallery's own, without context that would need a database."""
    return DjangoTemplates(
        {
            "NAME": "gallery",
            "DIRS": [ROOT / "templates", Path(__file__).resolve().parent / "gallery"],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "django.template.context_processors.csrf",
                ]
            },
        }
    )


def rendered(name: str, **more: Any) -> str:
    """Return the HTML of a page of the gallery."""
    page = PAGES[name]
    request = RequestFactory().get("/", HTTP_HOST="testserver")
    request.user = CHIKA if page.signed_in else AnonymousUser()
    context = {
        "reader": request.user,
        "nav": {"facilitates": True, "coordinates": True},
        "contact_address": "jimukyoku@example.org",
        **page.context(),
        **more,
    }
    return engine().get_template(page.template).render(context, request)


def everything() -> dict[str, Any]:
    names = ("お名前", "世代", "参加できる時間", "ご同意", "確かめ")
    return {
        "starts_at": STARTS_AT,
        "ends_at": ENDS_AT,
        "names": NAMES,
        "window": WeeklyWindow(1, 19 * 60 + 30, 21 * 60),
        "steps": [{"name": name, "note": "1分ほど" if at == 1 else ""} for at, name in enumerate(names)],
        "facts": [
            {"name": "対話", "value": "灯を囲む対話 第2回"},
            {"name": "日時", "value": "12月1日(火) 19:00〜20:30"},
        ],
        "sessions": [
            {
                "starts_at": STARTS_AT + timedelta(weeks=2 * at),
                "ends_at": ENDS_AT + timedelta(weeks=2 * at),
                "title": f"灯を囲む対話 第{at + 2}回",
                "status": ("参加", "お休み")[at % 2],
                "tone": ("done", "waiting")[at % 2],
                "id": f"session-{at}",
            }
            for at in (1, 2)
        ],
    }


def a_term() -> dict[str, Any]:
    link = format_html('<a href="/">{}</a>', "呼ばれたい名前")
    return {
        "term": SimpleNamespace(pk=7),
        "tab": "participations",
        "headings": ["名前", "世代", "参加できる時間", "状態"],
        "rows": [
            (link, "学生", "毎週火曜 19:30〜21:00", "グループが決まりました"),
            ("けんじ", "セカンドキャリア", "毎週火曜 19:00〜21:00、毎週木曜 20:00〜22:00", "待っています"),
        ],
        "page": Paginator(range(100), 20).page(2),
        "views": [{"name": "一覧", "url": "/", "current": True}, {"name": "週の表", "url": "/", "current": False}],
    }


def sign_in(typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {"form": RequestLoginCodeForm(typed), "request_login_code_url": "/account/login/"}


def code(given: str | None) -> dict[str, Any]:
    form = ConfirmLoginCodeForm({"code": given} if given else None, code="123456")
    return {"verify_form": form, "form": form, "email": "aoi@example.org", "can_resend": True}


PAGES: dict[str, Page] = {
    "components": Page("components.html", everything),
    "home": Page("home.html", everything),
    "term": Page("term.html", a_term),
    "form": Page("form.html", lambda: {"form": EveryQuestion()}),
    "form-with-mistakes": Page("form.html", lambda: {"form": EveryQuestion({"email": "aoi＠"})}),
    "confirm": Page("confirm.html", everything),
    "sign-in": Page("account/request_login_code.html", sign_in, signed_in=False),
    "sign-in-with-mistake": Page("account/request_login_code.html", lambda: sign_in({"email": ""}), signed_in=False),
    "code": Page("account/confirm_login_code.html", lambda: code(None), signed_in=False),
    "code-with-mistake": Page("account/confirm_login_code.html", lambda: code("111111"), signed_in=False),
    "sign-out": Page("account/logout.html", dict),
    "closed": Page("account/account_inactive.html", dict, signed_in=False),
    "404": Page("404.html", dict),
    "403": Page("403.html", dict),
    "403_csrf": Page("403_csrf.html", dict, signed_in=False),
    "500": Page("500.html", dict, signed_in=False),
    "503": Page("503.html", dict, signed_in=False),
    "login-mail": Page("account/email/login_code_message.html", lambda: {"code": "123456"}, signed_in=False),
}
