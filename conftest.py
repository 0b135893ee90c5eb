"""Gives every test run a PostgreSQL: `DATABASE_URL` when it is set, else an embedded one in a temporary folder.

One server for all xdist workers, one database a worker. The clock of these databases may be moved.
"""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test.utils import setup_databases, teardown_databases
from django.utils.module_loading import import_string
from pytest_django import DjangoDbBlocker

from tradehall.config.house.postgres import SUPERUSER, Postgres
from tradehall.config.house.roles import OWNER, create_extensions, create_roles_and_database
from tradehall.config.settings import database

SERVER = pytest.StashKey[Postgres]()


def pytest_configure(config: pytest.Config) -> None:
    """xdist workers inherit the environment that the first process sets here."""
    home = os.environ.get("TRADEHALL_TEST_HOME")
    if home is None:
        home = os.environ["TRADEHALL_TEST_HOME"] = tempfile.mkdtemp(prefix="tradehall-test-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop("TRADEHALL_TEST_HOME"), ignore_errors=True))
    os.chmod(home, 0o711)
    settings.HOME = Path(home)
    if "DATABASE_URL" not in os.environ:
        server = config.stash[SERVER] = Postgres(Path(home) / "db", Path(home) / "postgres.log", forgetful=True)
        config.add_cleanup(lambda: _stop(server))
        server.start()
        create_roles_and_database(server.url(SUPERUSER, "postgres"))
        create_extensions(server.url(SUPERUSER, "template1"))
        os.environ["DATABASE_URL"] = server.url(OWNER, "tradehall")
    settings.DATABASES["default"].update(database(os.environ["DATABASE_URL"], pool=0))


def _stop(server: Postgres) -> None:
    server.stop()
    os.environ.pop("DATABASE_URL", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A test's time is the platform's time; tests move it instead of waiting.

    pytest-django makes no database for a run in which every test asks for `committed_db` alone.
    """
    with django_db_blocker.unblock():
        is_made = str(connection.settings_dict["NAME"]).startswith(TEST_DATABASE_PREFIX)
        made = [] if is_made else setup_databases(verbosity=0, interactive=False, aliases={DEFAULT_DB_ALIAS})
        import_string("tradehall.journal.services.enable_movable_clock")()  # models: only once Django is ready
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the migrated database whose transactions are real, dropped afterwards: what only grows cannot be emptied."""
    given = dict(connection.settings_dict)
    name = f"committed_{secrets.token_hex(6)}"
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'create database {name} template "{given["NAME"]}"')
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict.update(given)
            _drop(name)


def _drop(name: str, tries: int = 20) -> None:
    """A vacuum of the server's own may be at work in it, which an owner cannot end: it is soon done."""
    for left in reversed(range(tries)):
        try:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"drop database {name} with (force)")
            return
        except ProgrammingError:
            if not left:
                raise
            time.sleep(0.5)
