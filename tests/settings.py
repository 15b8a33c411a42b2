"""The settings as the tests run them: mode `test`, nothing taken from the shell, a folder of its own."""

import os
import tempfile

for _name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "BASE_URL", "LOG_LEVEL"):
    os.environ.pop(_name, None)
os.environ["MADOI_MODE"] = "test"
os.environ["MADOI_STATE"] = tempfile.mkdtemp(prefix="madoi-test-")
# Playwright's loop runs in the main thread, where Django would then refuse every query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from config.env import STATE_DIR  # noqa: E402
from config.settings import *  # noqa: E402, F403
from config.settings.database import DATABASES  # noqa: E402

# A file, not memory: threads, the web server and the worker of a test are then as separate as in real life.
DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["MADOI_STATE"], "test.sqlite3")}  # noqa: PTH118
(STATE_DIR / "static").mkdir()  # whitenoise looks for it when a test makes its first request
