"""The web process: `uvicorn config.asgi:application`. Uvicorn speaks HTTP, threads that stay answer the pages.

Django's own ASGI handler gives each request a thread that ends with it, and so a new connection to the database:
more than three times what a bare view costs now (docs/decisions/0013-pages-on-kept-threads.md).
"""

import gc
import os
from importlib import import_module
from typing import TYPE_CHECKING, Final

import django
from a2wsgi import WSGIMiddleware
from django.core.handlers.wsgi import WSGIHandler

from config.checks import refuse_if_unsafe
from config.page_addresses import PAGE_URLCONF

if TYPE_CHECKING:
    from a2wsgi.asgi_typing import ASGIApp, Receive, Scope, Send

THREADS: Final = 8
"""Requests that one process answers at once; a page waits for its database more than for the CPU."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Nearly all that a start makes stays. Not to look for rubbish in it, now or ever, saves a tenth of the start.
gc.disable()
django.setup(set_prefix=False)
refuse_if_unsafe()
import_module(PAGE_URLCONF)


def without_ambiguous_headers(app: "ASGIApp") -> "ASGIApp":
    """Drop headers with an underscore: WSGI would read `X_Forwarded_For` as the proxy's `X-Forwarded-For`."""

    async def cleaned(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http":
            scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await app(scope, receive, send)

    return cleaned


def with_streams(pages: "ASGIApp") -> "ASGIApp":
    """Answer the streams of rooms beside the threads: a stream would keep one for itself. Loaded with the first."""
    streams: ASGIApp | None = None

    async def routed(scope: "Scope", receive: "Receive", send: "Send") -> None:
        nonlocal streams
        if scope["type"] != "http" or not scope["path"].endswith("/stream/"):
            await pages(scope, receive, send)
            return
        if streams is None:
            streams = import_module("sessions.room_stream").RoomStreams()
        await streams(scope, receive, send)

    return routed


application = without_ambiguous_headers(with_streams(WSGIMiddleware(WSGIHandler(), workers=THREADS)))
gc.freeze()
gc.enable()
