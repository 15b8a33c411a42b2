"""Static files: compressed and named by their content where people visit, plain in tests."""

from config.env import BASE_DIR, IN_PRODUCTION, MODE, STATE_DIR

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if IN_PRODUCTION else STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

_NAMED_BY_CONTENT = "config.static_names.NamedByContent"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_visited = IN_PRODUCTION or MODE == "demo"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _NAMED_BY_CONTENT if _visited else _PLAIN},
}
WHITENOISE_USE_FINDERS = not _visited
WHITENOISE_AUTOREFRESH = MODE == "development"
