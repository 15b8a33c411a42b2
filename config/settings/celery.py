"""Celery wakes; it never owns anything. What is still to be done stands in the database.

`acks_late`, `reject_on_worker_lost`, prefetch 1 and the two `unacked_restore` options bring a killed worker's
task back after 13 s (104 s by default). No task is given a countdown or ETA beyond a minute: Celery sends
those two or three times.
"""

from urllib.parse import urlsplit

from config.env import IN_PRODUCTION, STATE_DIR, read
from config.settings.mail import BOUNCES_FROM, REPLIES_FROM
from config.settings.work import SWEEP_SECONDS

REDIS_URL = read("REDIS_URL", default="" if IN_PRODUCTION else "memory://")


def kombu_url(url: str) -> str:
    """Return the URL as kombu spells it: unix sockets have a scheme of their own there."""
    parts = urlsplit(url)
    return f"redis+socket://{parts.path}" if parts.scheme == "unix" else url


TASK_APP = "config.celery.app"  # loaded by the first wake, and by the worker
CELERY_BROKER_URL = kombu_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    "unacked_restore_interval": 5,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
WAKE_TIMEOUT = {"socket_connect_timeout": 1, "socket_timeout": 1}
"""What a request waits for at most while the broker does not answer: seconds to connect, and to be answered."""

WAKE_PAUSE_SECONDS = 5.0
"""For how long a process tries no other wake-up after one that failed. The sweep finds the rows all the same."""

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.steady_beat.SteadyScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")

CELERY_BEAT_SCHEDULE = {
    "deliver messages that are due": {
        "task": "dialogue.deliver_due_messages",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": max(1.0, 0.8 * SWEEP_SECONDS)},
    },
    "run the match runs that wait": {
        "task": "matching.run_queued",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": max(1.0, 0.8 * SWEEP_SECONDS)},
    },
    "book the series that wait": {
        "task": "sessions.book_queued_series",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": max(1.0, 0.8 * SWEEP_SECONDS)},
    },
    "look whether enough people come": {
        "task": "sessions.look_after_quorum",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "close the rooms that everybody has forgotten": {
        "task": "sessions.look_after_rooms",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "queue thanks, mid-term, goodbye, next term and the week of the office": {
        "task": "sessions.queue_season_letters",
        "schedule": 600.0,
        "options": {"expires": 500.0},
    },
    "drop uploaded rosters after an hour": {
        "task": "dialogue.drop_old_uploads",
        "schedule": 600.0,
        "options": {"expires": 500.0},
    },
    "drop sign-ups that nobody went on with for thirty days": {
        "task": "dialogue.drop_stale_drafts",
        "schedule": 3600.0,
        "options": {"expires": 3000.0},
    },
    "drop what ends with a session or a term": {
        "task": "sessions.drop_what_has_ended",
        "schedule": 3600.0,
        "options": {"expires": 3000.0},
    },
    "remind guardians once after three days": {
        "task": "dialogue.nudge_guardians",
        "schedule": 600.0,
        "options": {"expires": 500.0},
    },
}

if BOUNCES_FROM:
    CELERY_BEAT_SCHEDULE["look for returned mail"] = {
        "task": "dialogue.read_bounces",
        "schedule": 300.0,
        "options": {"expires": 250.0},
    }

if REPLIES_FROM:
    CELERY_BEAT_SCHEDULE["look for replies of calendars"] = {
        "task": "sessions.read_calendar_replies",
        "schedule": 300.0,
        "options": {"expires": 250.0},
    }
