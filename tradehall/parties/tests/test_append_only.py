"""Whatever the register was told stays: every table of it that only grows refuses each change in words."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

pytestmark = pytest.mark.django_db
GROWING = """
select tgrelid::regclass::text, (select attname from pg_attribute where attrelid = tgrelid and attnum = 1)
from pg_trigger where tgname like '%%\\_only\\_grows' and tgrelid::regclass::text like 'parties\\_%%' order by 1
"""
KNOWN = {"parties_standing", "parties_standing_revocation", "parties_organisation_version", "parties_grant"}


def test_tables_that_only_grow_refuse_every_change() -> None:
    with connection.cursor() as cursor:
        cursor.execute(GROWING)
        tables = cursor.fetchall()
    assert {name for name, _ in tables} >= KNOWN
    for table, column in tables:
        for sql in (f"delete from {table}", f"update {table} set {column} = {column}", f"truncate {table} cascade"):
            with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
