"""The start that a page showed, which its form sends along: an answer counts for that one and no other."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime


def start_said(request: HttpRequest, *, otherwise: datetime | None) -> datetime | None:
    """Return the start that the form was written for; `otherwise` where it names none that can be read."""
    try:
        said = parse_datetime(request.POST.get("start", ""))
    except ValueError:
        return otherwise
    return said if said is not None and timezone.is_aware(said) else otherwise
