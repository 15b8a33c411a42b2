"""The shape of the code, checked by a machine: directions, labels, writers, clocks."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from config.celery import app as current_app

ROOT = Path(settings.BASE_DIR)
APPS = ("dialogue", "matching", "sessions")
WRITING = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
WRITERS = ("services/", "migrations/", "management/", "models/", "outbox.py", "delivery.py")


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.fixture(scope="module", autouse=True)
def _sources_are_forgotten() -> Iterator[None]:
    yield
    calls_in.cache_clear()


@cache
def calls_in(path: Path) -> list[ast.Call]:
    """Return every call of a module. Read once for all questions, and forgotten with the last."""
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_point_one_way_and_cores_are_pure():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_sessions_app_has_a_label_of_its_own():
    assert apps.get_app_config("dialogue_sessions").name == "sessions"
    assert apps.get_app_config("sessions").name == "django.contrib.sessions"


def test_no_text_names_a_model_by_the_label_of_django_sessions():
    """A foreign key to "sessions.Session" would silently be one to the login sessions."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules(*APPS, "config")
        for node in calls_in(path)
        for argument in [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "to")]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        if getattr(node.func, "attr", "") in {"ForeignKey", "OneToOneField", "ManyToManyField", "get_model"}
        if argument.value.startswith("sessions.")
    ]

    assert found == []


def test_no_foreign_key_points_up_by_a_text():
    higher = {
        "dialogue": ("matching.", "dialogue_sessions.", "sessions."),
        "matching": ("dialogue_sessions.", "sessions."),
    }
    found = [
        f"{name_of(path)}:{node.lineno}"
        for app, forbidden in higher.items()
        for path in modules(f"{app}/models", f"{app}/models.py") or ()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(forbidden)
    ]

    assert found == []


def test_tasks_are_never_run_in_place_of_a_worker():
    forbidden = "always" + "_eager"
    found = [
        name_of(path)
        for path in modules(*APPS, "config", "tests")
        if forbidden in path.read_text(encoding="utf-8").lower()
    ]

    assert found == []


def writes_in(path: Path) -> Iterator[str]:
    """Yield each call that looks like a write to the database, with its line."""
    for node in calls_in(path):
        if isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            owner = ast.unparse(node.func.value)
            on_rows = ".objects" in owner or ".filter(" in owner or node.func.attr in {"save", "bulk_create"}
            if on_rows:
                yield f"{name_of(path)}:{node.lineno} {owner}.{node.func.attr}"


def test_services_are_the_only_writers():
    found = [
        write
        for path in modules(*APPS)
        if not any(part in f"{name_of(path)}" for part in WRITERS) and not path.name.startswith("services")
        for write in writes_in(path)
    ]

    assert found == []


def test_every_task_of_the_beat_table_exists():
    current_app.loader.import_default_modules()
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert wanted - set(current_app.tasks) == set()


def test_beat_table_stands_in_one_place():
    found = [
        name_of(path)
        for path in modules(*APPS, "config")
        if re.search(r"beat_schedule\b", path.read_text(encoding="utf-8").lower())
    ]

    assert found == ["config/settings/celery.py"]


def test_only_the_clock_tells_the_time():
    """The present is asked for in one place; everything else is given `now`."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules(*APPS)
        if name_of(path) != "dialogue/clock.py" and "/migrations/" not in name_of(path)
        for node in calls_in(path)
        if asks_the_present(node)
    ]

    assert found == []


def asks_the_present(call: ast.Call) -> bool:
    """`timezone.localdate(now)` only turns a moment that was given into a day."""
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = ast.unparse(call.func.value).split(".")[-1]
    asked = call.func.attr in {"now", "today", "utcnow"} or (call.func.attr == "localdate" and not call.args)
    return asked and owner in {"datetime", "date", "timezone"}


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["dialogue/core", "matching/engine", "sessions/core"])
def test_pure_core_is_typed_strictly(folder):
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(ROOT / ".mypy_cache"), folder]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


@pytest.mark.django_db
def test_migrations_hold_every_model():
    from django.core.management import call_command  # noqa: PLC0415

    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_every_test_folder_is_a_package():
    """Without it `tests/sessions` would hide the app of that name."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}

    assert sorted(name_of(folder) for folder in folders if not (folder / "__init__.py").exists()) == []
