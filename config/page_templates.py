"""Django's templates with the tags of pages alone."""

from typing import Any

from django.template.backends.django import DjangoTemplates


class PageTemplates(DjangoTemplates):
    """Know the tag libraries that the settings name, where Django's own imports those of every app.

    Those of the REST framework load all of it and the PostgreSQL driver: 14 MB that no page needs.
    """

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        known = self.engine.template_libraries
        known["i18n"] = known["words"]  # all of Django's, with a `translate` that remembers

    def get_templatetag_libraries(self, custom_libraries: dict[str, str]) -> dict[str, Any]:
        return custom_libraries
