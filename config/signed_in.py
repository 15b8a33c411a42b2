"""Who is reading: the two statements that every page of somebody signed in begins with, prepared."""

from datetime import datetime
from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from dialogue.models import Person
from dialogue.prepared import Prepared

_SESSION_COLUMNS: Final = tuple(field.attname for field in Session._meta.concrete_fields)  # noqa: SLF001  its public name
_PERSON_COLUMNS: Final = tuple(field.attname for field in Person._meta.concrete_fields)  # noqa: SLF001


def _session(key: str, now: Any) -> QuerySet[Session, Any]:
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list(*_SESSION_COLUMNS)


def _person(pk: int) -> QuerySet[Person, Any]:
    return Person.objects.filter(pk=pk).values_list(*_PERSON_COLUMNS)


_SESSION: Final = Prepared(_session, key=str, now=datetime)
_PERSON: Final = Prepared(_person, pk=int)


class SessionStore(DatabaseStore):
    """Django's own store of browser sessions; only its look-up is prepared."""

    def _get_session_from_db(self) -> Session | None:
        row = next(_SESSION.rows(key=self.session_key, now=timezone.now()), None) if self.session_key else None
        if row is None:
            self._session_key = None
            return None
        return Session.from_db("default", _SESSION_COLUMNS, row)


class AuthenticationBackend(AllauthBackend):
    """allauth's own way of knowing people; only finding the person of a browser session is prepared."""

    def get_user(self, user_id: Any) -> Person | None:
        row = next(_PERSON.rows(pk=int(user_id)), None)
        if row is None:
            return None
        person = Person.from_db("default", _PERSON_COLUMNS, row)
        return person if self.user_can_authenticate(person) else None
