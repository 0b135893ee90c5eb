"""A database of its own where real commits are needed: append-only tables refuse the usual cleaning by TRUNCATE."""

import secrets
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker


@pytest.fixture
def own_db(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    name, before = f"planning_{secrets.token_hex(6)}", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"create database {name}")
        connection.settings_dict["NAME"] = name
        try:
            for app in ("procedures", "planning"):
                call_command("migrate", app, verbosity=0)
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"drop database {name} with (force)")
