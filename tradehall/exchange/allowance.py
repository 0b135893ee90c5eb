"""How much one system may send: a bucket of records in the database, the same for all servers.

A message is admitted while the bucket is not empty and then charged in full, so that a large one is never stuck; what it
overdrew has to be waited for. A request that carries no record counts as one.
"""

from django.conf import settings
from django.db import connection

TAKE = """
insert into exchange_system_allowance as a (system, records, seen_at) values (%(system)s, %(burst)s - %(cost)s, clock_timestamp())
on conflict (system) do update
set records = least(%(burst)s, a.records + extract(epoch from clock_timestamp() - a.seen_at) * %(rate)s) - %(cost)s,
    seen_at = clock_timestamp()
where least(%(burst)s, a.records + extract(epoch from clock_timestamp() - a.seen_at) * %(rate)s) >= 1
returning records
"""
CHARGE = "update exchange_system_allowance set records = records - %s where system = %s"
WAIT = """
select greatest(0, (1 - records) / %s - extract(epoch from clock_timestamp() - seen_at))::float8
  from exchange_system_allowance where system = %s
"""


def admit(system: str) -> float:
    """0 when a request of the system may pass (one record is taken), else the seconds to wait."""
    rate, burst = settings.EXCHANGE_RECORDS_PER_SECOND, settings.EXCHANGE_RECORDS_AT_ONCE
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"system": system, "rate": rate, "burst": burst, "cost": 1})
        if cursor.fetchone():
            return 0.0
        cursor.execute(WAIT, (rate, system))
        row = cursor.fetchone()
    return float(row[0]) if row else 0.0


def charge(system: str, records: int) -> None:
    """What the admitted request turned out to carry."""
    if records > 1:
        with connection.cursor() as cursor:
            cursor.execute(CHARGE, (records - 1, system))
