"""Two imports of the same sources at once: every row counts once, no project is made twice, nobody waits for ever."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tradehall.tenders.intake import Receipt
from tradehall.tenders.models import Notice, NoticeSource, Project
from tradehall.tenders.reports import NoticeReport, ProjectClaim
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER, result_of


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the empty test database: what only grows could not be emptied for the next test."""
    with django_db_blocker.unblock():
        given = str(connection.settings_dict["NAME"])
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"create database {given}_two template {given}")
        _use(f"{given}_two")
        try:
            yield
        finally:
            connection.close()
            _use(given)
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"drop database {given}_two with (force)")


def _use(name: str) -> None:
    """For this thread's connection and for those that new threads open."""
    connection.settings_dict["NAME"] = connections.settings["default"]["NAME"] = name


def _rows() -> list[NoticeReport]:
    names = [ProjectClaim(f"滨江路{no}号泵站改造工程", f"C-{no}") for no in range(40)]
    tenders = [
        replace(TENDER, source_id=name.code, source_digest=f"{no:064d}", project=name) for no, name in enumerate(names)
    ]
    return [*tenders, *(replace(result_of(one), source_digest=f"r{one.source_digest[1:]}") for one in tenders)]


def _import(
    rows: list[NoticeReport], start: threading.Barrier, receipts: list[Receipt], errors: list[BaseException]
) -> None:
    try:
        start.wait(10)
        for at in range(0, len(rows), 7):
            receipts += record_notices(rows[at : at + 7], by=SYSTEM, at=AT)
    except BaseException as error:
        errors.append(error)
    finally:
        connection.close()


@pytest.mark.usefixtures("own_database")
def test_each_row_is_accepted_by_exactly_one_of_them() -> None:
    rows, start = _rows(), threading.Barrier(2)
    receipts: list[Receipt] = []
    errors: list[BaseException] = []
    orders = (rows, rows[::-1])
    threads = [threading.Thread(target=_import, args=(order, start, receipts, errors)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors and not any(thread.is_alive() for thread in threads)
    assert Counter(one.status for one in receipts) == {"accepted": len(rows), "unchanged": len(rows)}
    assert Notice.objects.count() == NoticeSource.objects.count() == len(rows)
    assert Project.objects.count() == len(rows) // 2
    assert len({(one.notice_no, one.version, one.project_no) for one in receipts}) == len(rows)
