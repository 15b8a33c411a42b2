"""What stands between uvicorn and the pages."""

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any

from config.asgi import application, without_ambiguous_headers


def finish(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, in a thread of its own: the browser's tests may hold a loop in this one."""
    thread = Thread(target=asyncio.run, args=[work])
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def test_a_header_with_an_underscore_never_reaches_a_page():
    """`X_Forwarded_For` would be read as the proxy's own `X-Forwarded-For`."""
    seen: list[Any] = []

    async def page(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(scope["headers"])

    sent = [(b"x-forwarded-for", b"192.0.2.1"), (b"x_forwarded_for", b"198.51.100.1"), (b"host", b"example.org")]
    finish(without_ambiguous_headers(page)({"type": "http", "headers": sent}, None, None))

    assert seen == [(b"x-forwarded-for", b"192.0.2.1"), (b"host", b"example.org")]


def test_pages_answer_a_client_that_speaks_asgi():
    answers: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/no-such-page",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"host", b"127.0.0.1:8000")],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50_000),
    }
    finish(application(scope, receive, send))

    assert answers[0]["status"] == 404
    assert "円居" in b"".join(one["body"] for one in answers[1:]).decode()
