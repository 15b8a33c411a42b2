"""Settings: one small file each, put together here in the order they build on each other."""

from config.settings.base import *  # noqa: F403  Django reads settings as one flat module
