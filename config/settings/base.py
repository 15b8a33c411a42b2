"""Apps, database, languages: what every way of running has in common."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECRET_KEY = "development"  # noqa: S105  replaced below by the environment
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
INSTALLED_APPS = [
    "sessions.apps.SessionsConfig",
    "matching.apps.MatchingConfig",
    "dialogue.apps.DialogueConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
AUTH_USER_MODEL = "dialogue.Person"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "var" / "madoi.sqlite3"}}
ROOT_URLCONF = "config.urls"
