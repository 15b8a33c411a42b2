"""Logs: one line of JSON each, on standard error, without addresses or tokens."""

from config.env import MODE, read

LOG_LEVEL = read("LOG_LEVEL", default="WARNING" if MODE == "test" else "INFO")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "config.log_lines.JsonLines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["lines"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.request": {"level": "ERROR", "propagate": True},  # madoi.request has a line for every answer
        # At debug level it logs whatever a page was made of: names, what somebody wrote for themselves, their cookies.
        "django.template": {"level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "celery.worker.strategy": {"level": "WARNING", "propagate": True},
        "uvicorn": {"handlers": [], "level": "WARNING", "propagate": True},
        "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},  # its lines hold whole paths
    },
}
