"""Django's `translate` and `url`, for what they are mostly asked: a text that stands in the template, a page by name.

A page asks the first thirty times and the second ten. Each time Django makes a lazy text and turns it into words, or
looks through its patterns: a quarter of what a home page cost. Here the words are remembered for each language, and
the address as `dialogue.addresses` does. Everything else about the two tags, and every other tag, is Django's own.
"""

from typing import Any

from django import template
from django.template import Context
from django.template.base import FilterExpression, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags import i18n
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from dialogue.addresses import address_of

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class RememberedWords(TranslateNode):
    """A text that stands in the template, in the language of each page."""

    def __init__(self, filter_expression: FilterExpression, asvar: str | None) -> None:
        super().__init__(filter_expression, noop=False, asvar=asvar)
        self._words: dict[str | None, Any] = {}

    def render(self, context: Context) -> Any:
        language = get_language()
        words = self._words.get(language)
        if words is None:
            said = super().render(context)
            words = self._words[language] = said if self.asvar is None else context[self.asvar]
        if self.asvar is None:
            return words
        context[self.asvar] = words
        return ""


class RememberedAddress(URLNode):
    """The address of a page by its name, with whole numbers or nothing in it."""

    def render(self, context: Context) -> str:
        numbers = [each.resolve(context) for each in self.args]
        if not all(type(number) is int for number in numbers):
            return str(super().render(context))
        try:
            address = address_of(self.view_name.var, *numbers)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            address = ""
        if self.asvar is None:
            return conditional_escape(address) if context.autoescape else address
        context[self.asvar] = address
        return ""


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> TranslateNode:
    """Say `{% translate "words" %}` in the reader's language; `as name` keeps them for later."""
    node = do_translate(parser, token)
    said = node.filter_expression
    stands_there = isinstance(getattr(said.var, "literal", None), str) and not said.filters
    if node.noop or node.message_context or not stands_there:
        return node
    return RememberedWords(said, node.asvar)


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Say where a page is: `{% url "session" session.pk %}`; `as name` keeps it, or nothing where no such page is."""
    node = django_url(parser, token)
    name = node.view_name
    if node.kwargs or name.filters or not isinstance(name.var, str) or ":" in name.var:
        return node
    return RememberedAddress(name, node.args, node.kwargs, node.asvar)
