"""What every test may ask for: a broker, a PostgreSQL, a worker, the running site, a browser; and what is skipped.

A test marked `postgres` runs with PostgreSQL as its default database, over real transactions. Where a part is
missing the test is skipped with the reason, and with MADOI_TEST_ALL=1 a skip is a failure. A test marked `slow` runs
with MADOI_TEST_ALL=1, or when its file, its name or a mark is asked for; a plain run leaves it out.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from kombu import pools
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from config import catalogues
from config.celery import app as current_app
from config.settings.celery import kombu_url
from tests import processes
from tests.people import aoi, chika, cohort, fumi, sam, takeshi, term  # noqa: F401  the cast, for every test
from tests.postgres import as_default, migrated_database, running_postgres
from tests.thoroughness import EVERYTHING, examples

# The same examples on every machine, and none refused because a busy machine was slow to draw them.
property_settings.register_profile(
    "madoi",
    deadline=None,
    derandomize=True,
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.too_slow],
)
property_settings.load_profile("madoi")

BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}


def pytest_configure(config: pytest.Config) -> None:
    catalogues.compile_all()


JOURNEYS = "tests/journeys"


class JourneysTogether(LoadFileScheduling):
    """The tests of a file at one worker, as ever, and all journeys too: filling the demo takes longer than they do.

    They go first: few tests, but the longest. At the end one worker would walk them while the others had nothing to do.
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return JOURNEYS if file.startswith(f"{JOURNEYS}/") else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        if JOURNEYS in self.workqueue:
            self.workqueue.move_to_end(JOURNEYS, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Schedule a plain run. With everything there are journeys for two demos, and for a worker each."""
    together = not EVERYTHING and config.getoption("dist") == "loadfile"
    return JourneysTogether(config, log) if together else None


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(os.environ["MADOI_STATE"], ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin each test in the site's language: a request leaves that of its reader behind in the thread."""
    translation.deactivate()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not EVERYTHING and not is_choosy(config):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    for item in items:
        wanted = getattr(item, "fixturenames", [])
        if BROWSER_FIXTURES & set(wanted):
            item.add_marker("browser")
        if item.get_closest_marker("postgres"):  # first of all, before any fixture that touches the database
            item.add_marker(pytest.mark.django_db(transaction=True))
            wanted[:] = ["postgres_is_default", *(name for name in wanted if name != "postgres_is_default")]


def is_choosy(config: pytest.Config) -> bool:
    """Whether somebody asked for certain tests, by file, name or mark, rather than for all or a folder of them."""
    return bool(config.option.markexpr or config.option.keyword) or any(".py" in word for word in config.args)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    return refused_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    report = yield
    return refused_skip(report)


def refused_skip(report: Any) -> Any:
    """Turn a skip into a failure where every test has to run."""
    if EVERYTHING and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {report.longrepr}"
    return report


# Broker


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real broker, one for the whole run."""
    with processes.running_broker(tmp_path_factory.mktemp("broker")) as url:
        yield url


@pytest.fixture
def broker(redis_server: str) -> Iterator[str]:
    """The real broker, as the one that this process publishes to."""
    before = current_app.conf.broker_url
    publish_to(kombu_url(redis_server))
    yield redis_server
    with current_app.connection_for_write() as connection:
        connection.default_channel.queue_purge("celery") if queue_exists(connection) else None
    publish_to(before)


def queue_exists(connection: Any) -> bool:
    return bool(connection.default_channel.client.exists("_kombu.binding.celery"))


def publish_to(url: str) -> None:
    pools.reset()  # Celery's own way to close keeps the closed pools, and finds them again under a known URL
    current_app.conf.broker_url = url
    current_app.set_current()
    current_app._pool = None  # noqa: SLF001  Celery has no public way to forget its connections
    current_app.amqp._producer_pool = None  # noqa: SLF001


# Databases


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server's maintenance database."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            database = stack.enter_context(migrated_database(postgres_server))
        yield database
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture
def postgres_is_default(postgres_database: dict[str, Any], django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL stands where SQLite stood. Marking a test `postgres` asks for this."""
    with django_db_blocker.unblock(), as_default(postgres_database):
        yield


@pytest.fixture
def postgres_url(postgres_is_default: None) -> str:
    """The URL of the test's PostgreSQL database, for another process."""
    return processes.database_url()


# The site's own processes, on the test's own database


@pytest.fixture
def celery_worker_process(
    transactional_db: None, tmp_path: Path
) -> Callable[..., AbstractContextManager[Popen[bytes]]]:
    """`with celery_worker_process(broker=url) as process:` runs a real worker, which may be killed."""
    return partial(processes.running_worker, tmp_path)


@pytest.fixture
def live_site(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of the real web server, in a process of its own."""
    with processes.running_site(tmp_path) as url:
        yield url


# Browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = processes.chromium()
    if found is None:
        pytest.skip("no Chromium on PATH: apt-get install chromium")
    flags = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --disable-dev-shm-usage --allow-loopback-in-peer-connection "
        "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
    )
    return {**browser_type_launch_args, "executable_path": found, "args": flags.split()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A phone's width, Japanese, in Tokyo."""
    viewport = {"width": 390, "height": 844}
    return {**browser_context_args, "locale": "ja-JP", "timezone_id": settings.HOME_ZONE, "viewport": viewport}
