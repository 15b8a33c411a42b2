"""Fill in the text of a letter. Most letters are words and choices between words, which need no template engine.

A template that holds anything but text, plain names and `if` over one plain name is left to Django, and so is a letter
that has a value other than words, whole numbers, yes or no, or a list to choose by. Both ways write the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Template, TextNode, Variable, VariableNode
from django.template.defaulttags import IfNode, TemplateLiteral

_CHOSEN_BY: Final = (str, bool, int, list, type(None))


class _NotPlain(Exception):
    """What only Django can write."""


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


@dataclass(frozen=True, slots=True)
class _Condition:
    """A name that has to be true, or false."""

    name: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    """Pieces by what has to hold for them; without a condition, what stands when none holds."""

    branches: tuple[tuple[_Condition | None, "_Pieces"], ...]


_Pieces = tuple[str | _Name | _Choice, ...]
_known: WeakKeyDictionary[Template, _Pieces | None] = WeakKeyDictionary()


def filled_in(source: Template, context: Mapping[str, Any]) -> str:
    """Return the text that the template makes, nothing escaped: a name such as "D'Arcy & Sons" arrives as it is."""
    if source not in _known:
        try:
            _known[source] = _pieces(source.nodelist)
        except _NotPlain:
            _known[source] = None
    pieces = _known[source]
    if pieces is not None:
        try:
            return "".join(_filled(pieces, context))
        except _NotPlain:
            pass
    return source.render(Context({**context}, autoescape=False))


def _pieces(nodes: NodeList) -> _Pieces:
    return tuple(_piece(node) for node in nodes)


def _piece(node: Node) -> str | _Name | _Choice:
    if type(node) is TextNode:
        return node.s
    if type(node) is VariableNode:
        return _Name(_plain_name(node.filter_expression))
    if type(node) is IfNode:
        return _Choice(tuple((_condition(on), _pieces(chosen)) for on, chosen in node.conditions_nodelists))
    raise _NotPlain


def _condition(condition: Any) -> _Condition | None:
    if condition is None:
        return None
    negated = getattr(condition, "id", "") == "not"
    literal = condition.first if negated else condition
    if type(literal) is not TemplateLiteral:
        raise _NotPlain
    return _Condition(_plain_name(literal.value), not negated)


def _plain_name(expression: FilterExpression) -> str:
    named = expression.var
    if expression.filters or type(named) is not Variable or not named.lookups or len(named.lookups) > 1:
        raise _NotPlain
    if named.translate or named.literal is not None:
        raise _NotPlain
    return named.lookups[0]


def _filled(pieces: _Pieces, context: Mapping[str, Any]) -> Iterator[str]:
    for piece in pieces:
        if type(piece) is str:
            yield piece
        elif type(piece) is _Name:
            value = context.get(piece.name)
            if type(value) is not str and type(value) is not int:
                raise _NotPlain
            yield str(value)
        elif type(piece) is _Choice:
            yield from _filled(_chosen(piece, context), context)


def _chosen(choice: _Choice, context: Mapping[str, Any]) -> _Pieces:
    for condition, pieces in choice.branches:
        if condition is None:
            return pieces
        value = context.get(condition.name)
        if type(value) not in _CHOSEN_BY:
            raise _NotPlain
        if bool(value) is condition.wanted:
            return pieces
    return ()
