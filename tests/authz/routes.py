"""Every route that the site answers, found by walking the URL resolver."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes(urlconf: str | None = None) -> dict[str, str]:
    """Return the name of each route by its whole pattern; a route without a name goes by its pattern.

    Raises:
        ValueError: two routes have one name, so that a row could speak of only one of them.
    """
    found: dict[str, str] = {}
    for pattern, name in _walk(get_resolver(urlconf), ""):
        if name in found.values():
            raise ValueError(f"There is more than one route named {name}.")
        found[pattern] = name
    return found


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        pattern = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _walk(one, pattern)
        elif isinstance(one, URLPattern):
            yield pattern, one.name or pattern
        else:
            raise TypeError(f"{one!r} is neither a route nor a list of routes")
