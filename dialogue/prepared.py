"""Querysets whose statement is put together once: what a page asks on every visit.

Putting a statement together costs Django ten times what SQLite takes to answer it (docs/decisions/0016). A prepared
queryset is the same queryset, with the scope that keeps strangers out: it is built once with stand-ins for what differs
from visit to visit, its statement is kept, and a visit only fills in the values.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

Value = int | str | datetime

_NUMBER: Final = 7_310_000_001
_WORD: Final = "stand-in 7310000001"
_MOMENT: Final = datetime(8731, 5, 3, 4, 5, 6, 789, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    params: tuple[Any, ...]
    names: tuple[str | None, ...]
    """For each param the value that it is filled with, or None where it is always the same."""
    compiler: Any
    converters: dict[int, Any]
    """For each column that the database holds otherwise than Python: what turns it back."""


class Prepared:
    """The rows of a `values_list` queryset, for the numbers, words and moments that it is built from.

    `build` is called once for each kind of database, with stand-ins under the names in `kinds`. It must not look at
    them: they go into filters as they are. A value that changes the statement itself (a language, None) makes another
    `Prepared`.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type[Value]) -> None:
        self._build = build
        self._kinds = kinds
        self._statements: dict[str, _Statement] = {}
        _EVERY.append(self)

    def forget(self) -> None:
        """Put the statement together anew at the next visit."""
        self._statements.clear()

    def rows(self, **values: Value) -> Iterator[tuple[Any, ...]]:
        """Yield the rows for these values. One query.

        Raises:
            TypeError: a value is missing, is not known, or is of another kind than was said.
        """
        if values.keys() != self._kinds.keys():
            raise TypeError(f"takes {', '.join(self._kinds)}")
        for name, value in values.items():
            if type(value) is not self._kinds[name]:
                raise TypeError(f"{name} is to be of {self._kinds[name].__name__}")
        statement = self._statements.get(connection.vendor)
        if statement is None:
            statement = self._statements[connection.vendor] = self._prepared()
        filled = {name: _adapted(value) for name, value in values.items()}
        params = [
            always if name is None else filled[name]
            for name, always in zip(statement.names, statement.params, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, params)
            found = cursor.fetchall()
        if not statement.converters:
            return iter(found)
        return map(tuple, statement.compiler.apply_converters(found, statement.converters))

    def _prepared(self) -> _Statement:
        stand_ins = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(self._kinds.items())}
        compiler = self._build(**stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = tuple(_name_in(stand_ins, param) for param in params)
        if set(names) - {None} != set(stand_ins):
            raise TypeError("a value that the statement does not hold cannot be filled in")
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        return _Statement(sql, tuple(params), names, compiler, compiler.get_converters(columns))


_EVERY: Final[list[Prepared]] = []


def forget_all() -> None:
    """Put every statement together anew: the tests that take a scope out of a queryset are to see it gone."""
    for prepared in _EVERY:
        prepared.forget()


def _stand_in(kind: type[Value], place: int) -> Value:
    if kind is datetime:
        return _MOMENT + timedelta(days=place)
    return _NUMBER + place if kind is int else f"{_WORD}-{place}"


def _adapted(value: Value) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _name_in(stand_ins: Mapping[str, Value], param: Any) -> str | None:
    return next((name for name, value in stand_ins.items() if param in (value, _adapted(value))), None)
