"""The floor behind the same threads as the site: `uvicorn tests.bench.pages.floor_server:application`."""

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from config import asgi  # sets Django up, with the middleware that is then left out

settings.MIDDLEWARE, settings.ROOT_URLCONF = [], "tests.bench.pages.floor"
application = asgi.without_ambiguous_headers(WSGIMiddleware(WSGIHandler(), workers=asgi.THREADS))
