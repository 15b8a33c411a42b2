"""The language switch: for this browser, and for the person wherever they read us next."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_browsers_language

from dialogue.models import Person
from dialogue.services.people import choose_language
from sessions.services.feeds import mark_feeds_stale


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Switch the pages, and with them the mails and the calendar of a signed-in person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in Person.Language.values:
        choose_language(person=request.user, language=language)
        mark_feeds_stale([request.user.pk])
    return set_browsers_language(request)
