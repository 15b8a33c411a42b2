"""The name of a session in every calendar, made once and stored for life."""

from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.conf import settings


def new_uid(*, cohort_number: int, session_number: int) -> str:
    """Return a globally unique UID (RFC 7986 section 5.3).

    With `settings.PLAN_SEED`, which only `plan` sets, the same input gives the same UID.
    """
    host = urlsplit(settings.BASE_URL).hostname
    if settings.PLAN_SEED:
        return f"{uuid5(NAMESPACE_URL, f'{settings.PLAN_SEED}:{cohort_number}:{session_number}')}@{host}"
    return f"{uuid4()}@{host}"
