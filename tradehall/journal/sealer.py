"""Gives entries their place in the log: cuts by entry id and waits only for whoever may still hold a lower one.

The promise is causal order without gaps (docs/decisions): whatever was committed before an act was recorded stands
before it. Refuses to run twice, and never takes the writers' lock: it reads who holds it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from django.db import connection, transaction

from tradehall.journal import appending, batches
from tradehall.journal.appending import Connection

WRITERS_LOCK = 7501
SEALER_LOCK = 7502
TICK_SECONDS = 0.05
PATIENCE_SECONDS = 30.0
RECONNECT_SECONDS = 1.0
log = logging.getLogger(__name__)

HIGHEST = "select case when is_called then last_value else 0 end from journal_entry_id_seq"
HOLDERS = f"""
select virtualtransaction from pg_locks where locktype = 'advisory' and classid = 0 and objid = {WRITERS_LOCK}
  and objsubid = 1 and granted and pid <> pg_backend_pid()
  and database = (select oid from pg_database where datname = current_database())
"""


@dataclass
class Mark:
    """Everything up to `highest` is settled once all these holders are gone."""

    highest: int
    holders: set[str]


@dataclass
class Horizon:
    """How far it is safe to seal. The order of reading matters: first the highest id, then who is inside."""

    safe: int = 0
    marks: list[Mark] = field(default_factory=list)
    edge: appending.Edge = field(default_factory=appending.Edge)

    def look(self, connection: Connection) -> int:
        highest = _one(connection, HIGHEST)
        holders = {row[0] for row in connection.execute(HOLDERS).fetchall()}
        for mark in self.marks:
            mark.holders &= holders
        if highest > (self.marks[-1].highest if self.marks else self.safe):
            self.marks.append(Mark(highest, holders))
        while self.marks and not self.marks[0].holders:
            self.safe = self.marks.pop(0).highest
        return self.safe


def tick(connection: Connection, horizon: Horizon) -> int:
    """Seal what is safe now, on a connection of its own in autocommit; returns how many entries were sealed."""
    safe = horizon.look(connection)
    sealed = 0
    while True:
        count = appending.append_batch(connection, safe, edge=horizon.edge)
        sealed += count
        if count < appending.BATCH:
            return sealed


def seal_pending() -> int:
    """Seal everything recorded so far, now: for commands and tests. A running sealer does it instead, if there is one.

    Inside a transaction the caller's own entries are sealed with it and vanish with it.
    """
    with transaction.atomic():
        connection.ensure_connection()
        raw = connection.connection
        highest = _one(raw, HIGHEST)
        if _one(raw, f"select pg_try_advisory_xact_lock({SEALER_LOCK})"):
            return _seal_here(raw, highest)
    _await(lambda: _one(_django_connection(), "select last_id from sealer_state") >= highest, "the running sealer")
    return 0


def _seal_here(raw: Connection, highest: int) -> int:
    horizon = Horizon()
    _await(lambda: horizon.look(raw) >= highest, "a writer that has recorded and does not end")
    sealed = 0
    while count := appending.append_batch(raw, horizon.safe, edge=horizon.edge):
        sealed += count
    return sealed


def _django_connection() -> Connection:
    connection.ensure_connection()
    raw: Connection = connection.connection
    return raw


def _await(is_done: Callable[[], bool], whom: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {PATIENCE_SECONDS:.0f} s for {whom}; nothing was lost, try again")
        time.sleep(TICK_SECONDS / 5)


def run_forever(stop: threading.Event | None = None, *, with_batches: bool = True) -> None:
    """The sealer's process. Ends when `stop` is set; comes back by itself after the database was away."""
    stop = stop or threading.Event()
    while not stop.is_set():
        try:
            with open_connection() as own:
                _run(own, stop, with_batches)
        except psycopg.OperationalError as error:
            log.warning("sealer: the database is away (%s); trying again", str(error).strip())
            stop.wait(RECONNECT_SECONDS)


def open_connection() -> Connection:
    """A connection outside Django's pool, in autocommit: every statement sees the newest state."""
    parameters = {k: v for k, v in connection.get_connection_params().items() if k in appending.LIBPQ}
    return psycopg.connect(**parameters, autocommit=True, application_name="tradehall sealer")


def keep_plans(own: Connection) -> None:
    """For the sealer's few statements: left to its estimates the server plans a small batch as long as it writes it."""
    own.execute("set plan_cache_mode = force_generic_plan")


def _run(own: Connection, stop: threading.Event, with_batches: bool) -> None:
    while not _one(own, f"select pg_try_advisory_lock({SEALER_LOCK})"):
        if stop.wait(RECONNECT_SECONDS):
            return
    keep_plans(own)
    with own.transaction():
        appending.sign_empty_log(own)
    horizon = Horizon()
    while not stop.is_set():
        began = time.monotonic()
        if with_batches:
            batches.keep_beat(own)
        tick(own, horizon)
        stop.wait(max(0.0, TICK_SECONDS - (time.monotonic() - began)))


def _one(connection: Connection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
