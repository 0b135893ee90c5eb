"""A database of its own for each test of the log: its tables refuse the TRUNCATE other tests are cleaned with."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings


@pytest.fixture
def log_db(django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """As production: the journal's migrations and nothing else, real commits."""
    settings.HOME = tmp_path
    name, before = f"log_{secrets.token_hex(6)}", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"create database {name}")
        connection.settings_dict["NAME"] = name
        try:
            call_command("migrate", "journal", verbosity=0)
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"drop database {name} with (force)")
