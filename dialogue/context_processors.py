"""What every page knows: who reads it, and where they can go."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from dialogue.models import Facilitation, Person, StaffRole


class Nav:
    """The roles that open a part of the menu: asked for once, and only when the menu is shown."""

    def __init__(self, reader: Person | AnonymousUser) -> None:
        self._reader = reader

    @cached_property
    def _roles(self) -> tuple[bool, bool]:
        if not self._reader.is_authenticated:
            return (False, False)
        coordinates = StaffRole.objects.filter(person=OuterRef("pk"), role=StaffRole.Role.COORDINATOR)
        return (
            Person.objects.filter(pk=self._reader.pk)
            .values_list(Exists(Facilitation.objects.filter(person=OuterRef("pk"))), Exists(coordinates))
            .get()
        )

    @property
    def facilitates(self) -> bool:
        return self._roles[0]

    @property
    def coordinates(self) -> bool:
        return self._roles[1]


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the reader and their menu. A page that is rendered twice in one request asks the database once."""
    if not hasattr(request, "nav"):
        request.nav = Nav(getattr(request, "user", AnonymousUser()))  # type: ignore[attr-defined]
    return {"reader": getattr(request, "user", AnonymousUser()), "nav": request.nav}  # type: ignore[attr-defined]
