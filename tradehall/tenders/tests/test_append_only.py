"""Tables that only grow refuse every change in words, whoever asks."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER

pytestmark = pytest.mark.django_db

TABLES = (
    "tenders_notice",
    "tenders_notice_lot",
    "tenders_notice_source",
    "tenders_original",
    "tenders_lot_fact",
    "tenders_term",
    "tenders_ending",
)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", ["delete from {}", "update {} set id = id", "truncate {} cascade"])
def test_it_only_grows(table: str, change: str) -> None:
    sql = change.format(table)
    if "update" in sql:
        sql = sql.replace("id = id", f"{_column(table)} = {_column(table)}")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_list_is_complete() -> None:
    """Every table of these apps with such a trigger is tested above, and the published ones have it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select tgrelid::regclass::text from pg_trigger
               where tgname like '%%\\_only\\_grows' and tgrelid::regclass::text ~ '^tenders_'"""
        )
        assert {table for (table,) in cursor.fetchall()} == set(TABLES)


def test_a_row_that_stands_is_still_there_afterwards() -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from tenders_notice")
    with connection.cursor() as cursor:
        cursor.execute("select notice_no from tenders_notice")
        assert cursor.fetchall() == [(receipt.notice_no,)]


def _column(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select attname from pg_attribute where attrelid = %s::regclass and attnum = 1", (table,))
        return str(cursor.fetchone()[0])
