"""What every page knows: who reads it, and where they can go."""

from functools import cached_property
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest

from dialogue.models import Person, StaffRole

_ROLES: Final = """
    SELECT programme_id, role FROM dialogue_staffrole WHERE person_id = %s
    UNION ALL
    SELECT NULL, 'facilitator' WHERE EXISTS (SELECT 1 FROM dialogue_facilitation WHERE person_id = %s)
"""
"""What somebody does in which programme; NULL for who facilitates. On every page: put together as a queryset it costs
thirty times as much."""


class Nav:
    """The roles that open a part of the menu: asked for once, and only when the menu is shown."""

    def __init__(self, reader: Person | AnonymousUser) -> None:
        self._reader = reader

    @cached_property
    def _roles(self) -> frozenset[tuple[int | None, str]]:
        if not self._reader.is_authenticated:
            return frozenset()
        with connection.cursor() as cursor:
            cursor.execute(_ROLES, [self._reader.pk, self._reader.pk])
            return frozenset((programme, role) for programme, role in cursor.fetchall())

    def _has(self, role: str) -> bool:
        return any(role == one for _programme, one in self._roles)

    @property
    def facilitates(self) -> bool:
        return self._has("facilitator")

    @property
    def coordinates(self) -> bool:
        return self._has(StaffRole.Role.COORDINATOR)

    @property
    def represents(self) -> bool:
        """Whether the reader speaks for a partner."""
        return self._has(StaffRole.Role.PARTNER_CONTACT)

    @property
    def listens(self) -> bool:
        """Whether the reader is a safety contact."""
        return self._has(StaffRole.Role.SAFETY_CONTACT)

    def runs(self, programme_id: int) -> bool:
        """Return whether the reader coordinates this programme."""
        return (programme_id, StaffRole.Role.COORDINATOR) in self._roles


def nav_of(request: HttpRequest) -> Nav:
    """Return the menu of whoever asks. A request asks the database once, however often it wants to know."""
    if not hasattr(request, "nav"):
        request.nav = Nav(getattr(request, "user", AnonymousUser()))  # type: ignore[attr-defined]
    return request.nav  # type: ignore[attr-defined]


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the reader and their menu."""
    return {"reader": getattr(request, "user", AnonymousUser()), "nav": nav_of(request)}
