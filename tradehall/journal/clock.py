"""The platform's one clock, asked of the database so that every process agrees.

Refuses to be moved here: only a demo, test or rehearsal database has an offset (see `services`).
"""

from datetime import datetime

from django.db import connection


def platform_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select platform_now()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]


def is_movable() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('platform_clock') is not null")
        row: tuple[bool] = cursor.fetchone()
    return row[0]
