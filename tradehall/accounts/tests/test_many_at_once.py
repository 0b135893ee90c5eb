"""Guessing in parallel is no faster: each attempt is judged only while fewer than five failed or are being judged."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import DjangoDbBlocker

from tradehall.accounts import services
from tradehall.accounts.models import FailedSignIn
from tradehall.accounts.rules import TRIES_OF_LOGIN
from tradehall.accounts.tests.conftest import AT, PASSWORD
from tradehall.accounts.tests.entering import post_sign_in
from tradehall.kernel.actor import PLATFORM

TOGETHER = 12


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the empty test database, with real commits: what only grows could not be emptied for the next test."""
    with django_db_blocker.unblock():
        given = str(connection.settings_dict["NAME"])
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"create database {given}_many template {given}")
        _use(f"{given}_many")
        try:
            yield
        finally:
            connection.close()
            _use(given)
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"drop database {given}_many with (force)")


def _use(name: str) -> None:
    connection.settings_dict["NAME"] = connections.settings["default"]["NAME"] = name


def test_many_attempts_at_once_are_no_more_than_the_allowed_few(own_database: None) -> None:
    services.create_account(by=PLATFORM, at=AT, login="lin", name="林远", password=PASSWORD)
    ready = Barrier(TOGETHER)

    def attempt(number: int) -> int:
        ready.wait()
        try:
            return int(post_sign_in(Client(), f"guess number {number}").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        answers = list(threads.map(attempt, range(TOGETHER)))
    assert answers.count(400) <= TRIES_OF_LOGIN and answers.count(429) >= TOGETHER - TRIES_OF_LOGIN
    assert 0 < FailedSignIn.objects.count() <= TRIES_OF_LOGIN
