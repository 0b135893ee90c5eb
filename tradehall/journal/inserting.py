"""Carries one row to the journal past psycopg's cursor, which costs an act more than the database does.

Only for the journal's own three statements. Refuses nothing and judges nothing; what the database refuses is raised as
Django raises it.
"""

from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg import errors
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

# What each server connection has been taught; None while it is not known to be one and the same server process.
_taught: WeakKeyDictionary[psycopg.Connection[Any], set[bytes]] = WeakKeyDictionary()


def insert(sql: str, row: tuple[Any, ...]) -> int:
    """Runs one `insert … returning id, pg_backend_pid()` inside the act's transaction; returns the id.

    Prepared from its second time on a connection; never behind a pooler, which may hand the next transaction to a server
    process that knows no such statement.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the journal is written inside the act's transaction; open one with transaction.atomic()")
    raw: psycopg.Connection[Any] = connection.connection
    # The log of statements and whoever wraps them must see this one too, and psycopg begins a transaction itself.
    watched = connection.queries_logged or connection.execute_wrappers
    taught = _taught.get(raw)
    if watched or taught is None or raw.pgconn.transaction_status != TransactionStatus.INTRANS:
        return _by_cursor(sql, row, raw)
    with connection.wrap_database_errors:
        return _directly(sql, row, raw, taught)


def _by_cursor(sql: str, row: tuple[Any, ...], raw: psycopg.Connection[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, row)
        made, process = cursor.fetchone()
    if process == raw.info.backend_pid:
        _taught.setdefault(raw, set())
    return int(made)


def _directly(sql: str, row: tuple[Any, ...], raw: psycopg.Connection[Any], taught: set[bytes]) -> int:
    name = b"journal_%x" % (hash(sql) & 0xFFFFFFFF)
    if name not in taught:
        _checked(raw.pgconn.prepare(name, _numbered(sql, len(row))), ExecStatus.COMMAND_OK)
        taught.add(name)
    formats = [Format.BINARY if isinstance(value, bytes) else Format.TEXT for value in row]
    # Its protocol forgets that a value may be NULL.
    octets: list[Any] = [_octets(value) for value in row]
    found = _checked(raw.pgconn.exec_prepared(name, octets, formats), ExecStatus.TUPLES_OK)
    return int(found.get_value(0, 0) or 0)


def _numbered(sql: str, count: int) -> bytes:
    for number in range(1, count + 1):
        sql = sql.replace("%s", f"${number}", 1)
    return sql.encode()


def _octets(value: object) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    return (value.isoformat() if isinstance(value, datetime) else str(value)).encode()


def _checked(result: PGresult, wanted: ExecStatus) -> PGresult:
    if result.status != wanted:
        raise errors.error_from_result(result)
    return result
