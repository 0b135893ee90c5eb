"""Writes what was received, many rows at once: COPY costs a fifth of what an INSERT with its quoting does.

Writes only; what a row says is decided in `services`.
"""

import json
from collections.abc import Sequence

from django.db import connection

from tradehall.exchange.models import InboundRecord

_FIELDS = tuple(field.attname for field in InboundRecord._meta.concrete_fields)
_JSON = frozenset({"clean", "findings"})
_COPY = f"copy exchange_inbound_record ({', '.join(_FIELDS)}) from stdin"
_IDS = """
select nextval(pg_get_serial_sequence('exchange_inbound_record', 'id')) from generate_series(1, %s)
"""


def keep_records(rows: Sequence[InboundRecord]) -> None:
    """In the caller's transaction; the rows have their ids afterwards, in order."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_IDS, (len(rows),))
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        with cursor.copy(_COPY) as target:
            for row in rows:
                target.write_row([_value(row, name) for name in _FIELDS])


def _value(row: InboundRecord, name: str) -> object:
    value: object = getattr(row, name)
    return json.dumps(value) if name in _JSON else value
