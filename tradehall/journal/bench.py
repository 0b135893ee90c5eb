"""Measures the journal beside what the same database can do at best: the feed race, sealing, an act with its record.

Writes real entries, so it runs only where `tradehall bench` made a database for it; its keys are its own too, because a
checkpoint of a rehearsal signed with the log's key would be evidence against the log. Answers figures, never a verdict.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

from django.db import connection, transaction
from django.test.utils import override_settings

from tradehall.journal import appending, bench_race, sealer, services
from tradehall.journal.appending import Connection
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.ref import Ref

Figure = dict[str, object]
RACE_SECONDS = 120
SEALED = 300_000
LEAST_SEALED = 40_000.0
BATCHES = (200, 2_000, 20_000)
DELAY_SECONDS = 15
DELAY_LIMIT_S = 1.0
ACTS = 2_000
SUBJECTS = 100
LEAST_ACTS = 0.85
FILL = """
insert into journal_entry (code, subject_kind, subject_no, subject_version, at, body, leaf)
select 'journal.bench', 'bench', 'B' || n, 1, clock_timestamp(), body, sha256('\\x00'::bytea || convert_to(body, 'UTF8'))
from (select n, '{"act":"journal.bench","facts":{"digest":"' || repeat(md5(n::text), 5) || '"},"subject":"bench:B' || n || '@1"}'
      as body from generate_series(1, %s) n) made
"""
# Another table of the same shape takes the same rows in one statement: what no sealer can be faster than.
PLAIN = """
insert into bench_seal (position, entry_id, leaf)
select row_number() over (order by id) - 1, id, leaf from journal_entry where id > %s order by id
"""
DELAY = """
select percentile_cont(0.99) within group (order by extract(epoch from s.sealed_at - e.recorded_at))::float8, count(*)
from journal_entry e join journal_seal s on s.entry_id = e.id where e.id > %s and e.code = 'journal.bench'
"""


def feed_race(size: int | None = None) -> Iterator[Figure]:
    """`size` in seconds. Ten small and ten large writers, rollbacks, one reader: all but the first figure must be 0."""
    seconds = size or RACE_SECONDS
    with own_keys():
        found = bench_race.race(seconds=seconds, small=10, large=10)
    if found.errors:
        raise RuntimeError(f"the race broke off: {found.errors[0]}")
    yield figure("feed-race.entries", found.committed, "entries read in order", size=seconds)
    yield figure("feed-race.rollbacks", found.rollbacks, "rolled back", size=seconds)
    yield figure("feed-race.skipped", abs(found.missing) + found.gaps, "entries", 0, size=seconds)
    yield figure("feed-race.doubled-or-inverted", found.inversions, "entries", 0, size=seconds)


def sealing(size: int | None = None) -> Iterator[Figure]:
    """Entries a second at three batch sizes beside INSERT … SELECT, then the delay, also beside an idle transaction."""
    count = size or SEALED
    with own_keys(), sealer.open_connection() as own:
        appending.sign_empty_log(own)
        limit = _plain_speed(own, count)
        sealer.keep_plans(own)
        yield figure("sealing.insert-select", limit, "rows/s", size=count)
        for batch in BATCHES:
            speed = _sealing_speed(own, count, batch)
            yield figure(f"sealing.batch-{batch}", speed, "entries/s", LEAST_SEALED, speed / limit, count)
        yield from _delays(own)


def bare_act(size: int | None = None) -> Iterator[Figure]:
    """Acts a second with and without their record, by the median act, in turns so that both are disturbed alike."""
    count = size or ACTS
    with own_keys():
        _prepare_acts()
        times: dict[str, list[float]] = {"with": [], "without": []}
        for number in range(count):
            pair = [("with", _act_with_record), ("without", _act)]
            for name, perform in pair if number % 2 else reversed(pair):
                times[name].append(_seconds(perform, number % SUBJECTS))
    bare, full = (1 / median(times[name]) for name in ("without", "with"))
    yield figure("act.bare-without-record", bare, "acts/s", size=count)
    yield figure("act.bare-with-record", full, "acts/s", LEAST_ACTS * bare, full / bare, count)


def _plain_speed(own: Connection, count: int) -> float:
    own.execute("create table bench_seal (like journal_seal including all)")
    first = _last_id(own)
    own.execute(FILL, (count,))
    began = time.perf_counter()
    own.execute(PLAIN, (first,))
    taken = time.perf_counter() - began
    own.execute("drop table bench_seal")
    _seal(own, appending.BATCH)
    return count / taken


def _sealing_speed(own: Connection, count: int, batch: int) -> float:
    own.execute(FILL, (count,))
    began = time.perf_counter()
    sealed = _seal(own, batch)
    if sealed != count:
        raise RuntimeError(f"{sealed} entries were sealed instead of {count}: something else writes in this database")
    return count / (time.perf_counter() - began)


def _seal(own: Connection, batch: int) -> int:
    """Everything there is, with the sealer's own function, in batches of this size."""
    safe, sealed, edge = _last_id(own), 0, appending.Edge()
    while True:
        done = appending.append_batch(own, safe, batch, edge)
        sealed += done
        if done < batch:
            return sealed


def _delays(own: Connection) -> Iterator[Figure]:
    """From recording to sealing with the real sealer: alone, and beside an open transaction that recorded nothing."""
    stop = threading.Event()
    runner = threading.Thread(target=sealer.run_forever, args=(stop,), kwargs={"with_batches": False})
    runner.start()
    try:
        yield _delay(own, "sealing.delay-p99")
        with sealer.open_connection() as idle, idle.transaction():
            idle.execute("select pg_current_xact_id()")
            yield _delay(own, "sealing.delay-p99-beside-open-transaction")
    finally:
        stop.set()
        runner.join()


def _delay(own: Connection, name: str) -> Figure:
    first = _last_id(own)
    until = time.monotonic() + DELAY_SECONDS
    written = 0
    while time.monotonic() < until:
        own.execute(FILL, (5,))
        written += 5
        time.sleep(0.01)
    _wait_until_sealed(own)
    p99, counted = own.execute(DELAY, (first,)).fetchone() or (0.0, 0)
    if counted != written:
        raise RuntimeError(f"{counted} of {written} entries were sealed: the sealer stands still")
    return figure(name, float(p99), "s", DELAY_LIMIT_S, float(p99) / DELAY_LIMIT_S, written)


def _wait_until_sealed(own: Connection) -> None:
    last, until = _last_id(own), time.monotonic() + sealer.PATIENCE_SECONDS
    while time.monotonic() < until:
        row = own.execute("select last_id from sealer_state").fetchone()
        if row and row[0] >= last:
            return
        time.sleep(0.02)


def _last_id(own: Connection) -> int:
    row = own.execute("select coalesce(max(id), 0) from journal_entry").fetchone()
    return int(row[0]) if row else 0


def _prepare_acts() -> None:
    """An aggregate, its newest version and a table of what was published: the three tables a usual act touches."""
    with connection.cursor() as cursor:
        cursor.execute("create table bench_root (no int primary key, version int)")
        cursor.execute("create table bench_version (no int, version int, body text, primary key (no, version))")
        cursor.execute("create table bench_event (id bigserial primary key, no int, at timestamptz)")
        cursor.execute("insert into bench_root select n - 1, 0 from generate_series(1, %s) n", (SUBJECTS,))


def _act(number: int) -> tuple[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute("select version from bench_root where no = %s for update", (number,))
        version = int(cursor.fetchone()[0]) + 1
        cursor.execute("insert into bench_version values (%s, %s, %s)", (number, version, "公告" * 400))
        cursor.execute("update bench_root set version = %s where no = %s", (version, number))
        cursor.execute("insert into bench_event (no, at) values (%s, platform_now()) returning at", (number,))
        return version, cursor.fetchone()[0]


def _act_with_record(number: int) -> None:
    version, at = _act(number)
    facts = {"digest_sha256": "0" * 64, "digest_sm3": "0" * 64, "kind": "bench", "line": "works", "project_no": "B1"}
    services.record(
        code="journal.bench_act", by=PLATFORM, at=at, subject=Ref("bench", f"B{number}", version), facts=facts
    )


def _seconds(perform: Callable[[int], object], number: int) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        perform(number)
    return time.perf_counter() - began


@contextmanager
def own_keys() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, override_settings(HOME=Path(folder)):
        yield


def figure(
    bench: str,
    value: float,
    unit: str,
    limit: float | None = None,
    ratio: float | None = None,
    size: int | None = None,
) -> Figure:
    shown = round(value, 4) if isinstance(value, float) else value
    kept = None if ratio is None else round(ratio, 4)
    return {"bench": bench, "value": shown, "unit": unit, "limit": limit, "ratio": kept, "size": size}
