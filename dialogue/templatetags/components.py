"""Components that say the same for the same values: rendered once, then remembered.

`{% include %}` renders its template each time, which costs a page with icons, badges and buttons more than all its
words. `{% component %}` is for those whose text follows from a few plain values, the language and the site's addresses
alone. What names a person, a clock or a token is included.
"""

from typing import Any, Final

from django import template
from django.conf import settings
from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

REMEMBERED_AT_MOST: Final = 500
"""Renderings that one place in a template keeps before it starts afresh."""


class ComponentNode(Node):
    """One place in a template where a component stands."""

    def __init__(self, path: str, given: dict[str, FilterExpression]) -> None:
        self._path = path
        self._given = given
        self.remembered: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: _plain(each.resolve(context)) for name, each in self._given.items()}
        # A safe string equals the plain one of the same letters and is shown otherwise, so the type belongs to the key.
        key = (get_language(), settings.ROOT_URLCONF, *((type(value), value) for value in values.values()))
        known = self.remembered.get(key)
        if known is None:
            if len(self.remembered) >= REMEMBERED_AT_MOST:
                self.remembered.clear()
            known = self.remembered[key] = self._rendered(context, values)
        return known

    def _rendered(self, context: Context, values: dict[str, Any]) -> SafeString:
        if context.template is None:
            raise TemplateSyntaxError("a component stands in a template")
        return context.template.engine.get_template(self._path).render(Context(values))


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """Render `{% component "components/badge.html" text=word tone="done" %}`, or say again what it rendered before."""
    _name, path, *rest = token.split_contents()
    given = token_kwargs(rest, parser)
    if rest or path[0] not in "\"'" or path[-1] != path[0]:
        raise TemplateSyntaxError("component takes a path in quotation marks, and then only name=value")
    return ComponentNode(path[1:-1], given)


@register.filter
def first_part(path: str) -> str:
    """The address as far as the menu can tell it apart: `/terms/7/people/` is `/terms/…`, `/terms/` itself."""
    first, _slash, rest = path[1:].partition("/")
    return f"/{first}/…" if rest else path


def _plain(value: Any) -> str | int | bool | None:
    """Return the value if a rendering may be remembered by it.

    Raises:
        TypeError: it is no word, number or nothing.
    """
    if isinstance(value, Promise):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a component is remembered by words and numbers, and {type(value).__name__} is neither")
