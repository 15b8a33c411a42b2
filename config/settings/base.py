"""Apps, middleware, templates: what every way of running has in common."""

from typing import Any

from config.env import BASE_DIR, MODE, read

MADOI_MODE = MODE
DEBUG = False
BASE_URL = read("BASE_URL", default="" if MODE == "production" else "http://127.0.0.1:8000").rstrip("/")
ROOT_URLCONF = "config.urls"
AUTH_USER_MODEL = "dialogue.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CLOCK = "config.demo.clock.demo_now" if MODE == "demo" else "dialogue.clock.database_now"

INSTALLED_APPS = [
    *(["config.demo"] if MODE == "demo" else []),
    "config.apps.WiringConfig",
    "sessions.apps.SessionsConfig",
    "matching.apps.MatchingConfig",
    "dialogue.apps.DialogueConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.page_addresses.PageAddressesMiddleware",
    "config.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.calendar_feeds.CalendarFeedsMiddleware",
    "config.page_policy.PagePolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "dialogue.middleware.PageMethodsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dialogue.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dialogue.second_factor.SecondFactorMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # one engine for pages and for what stands in forms
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "config.page_templates.PageTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *(["config.demo.context.demo"] if MODE == "demo" else []),
                "dialogue.context_processors.page",
            ],
            "builtins": ["dialogue.templatetags.words"],  # its `url` for Django's
            "libraries": {
                "account": "allauth.account.templatetags.account",
                "allauth": "allauth.templatetags.allauth",
                "components": "dialogue.templatetags.components",
                "humanize": "django.contrib.humanize.templatetags.humanize",
                "i18n": "django.templatetags.i18n",
                "madoi": "dialogue.templatetags.madoi",
                "sessions_pages": "sessions.templatetags.sessions_pages",
                "static": "django.templatetags.static",
                "words": "dialogue.templatetags.words",
            },
        },
    },
]
