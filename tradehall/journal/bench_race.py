"""The feed race: small and large writers, rollbacks, transaction ids taken before locks, one reader of positions.

Used by `bench` for two minutes and by the tests for seconds. Writes real entries: for rehearsal databases only.
"""

import random
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

import psycopg

from tradehall.journal import leaves, sealer
from tradehall.journal.appending import Connection
from tradehall.journal.clock import platform_now
from tradehall.journal.leaves import EntryRow
from tradehall.journal.sealer import open_connection
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.ref import Ref

CODE = "journal.race"
SUBJECTS = 40
COLUMNS = ", ".join(leaves.COLUMNS)
READ = """
select s.position, e.code, e.subject_no, e.subject_version from journal_seal s join journal_entry e on e.id = s.entry_id
where s.position >= %s order by s.position limit 5000
"""


@dataclass
class Race:
    run: str
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    committed: int = 0
    rollbacks: int = 0
    read: int = 0
    gaps: int = 0
    inversions: int = 0
    errors: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def missing(self) -> int:
        return self.committed - self.read


def race(*, seconds: float, small: int, large: int, with_sealer: bool = True) -> Race:
    """Run it; afterwards `missing`, `gaps` and `inversions` must be 0."""
    found = Race(run=f"{random.SystemRandom().getrandbits(40):010x}")
    with open_connection() as own:
        own.execute("create table if not exists bench_subject (run text, no int, version int, primary key (run, no))")
        own.execute("insert into bench_subject select %s, n, 0 from generate_series(1, %s) n", (found.run, SUBJECTS))
        row = own.execute("select size from sealer_state").fetchone()
    begin = row[0] if row else 0
    done = threading.Event()
    writers = [threading.Thread(target=_write, args=(found, n, n >= small)) for n in range(small + large)]
    others = [threading.Thread(target=_read, args=(found, begin, done))]
    others += [threading.Thread(target=sealer.run_forever, args=(done,))] if with_sealer else []
    for thread in others + writers:
        thread.start()
    time.sleep(seconds)
    found.stop.set()
    for thread in writers:
        thread.join()
    until = time.monotonic() + 10
    while found.missing and time.monotonic() < until:
        time.sleep(0.05)
    done.set()
    for thread in others:
        thread.join()
    return found


def _write(found: Race, number: int, is_large: bool) -> None:
    chance = random.Random(number)
    with open_connection() as own:
        while not found.stop.is_set():
            try:
                _act(own, found, chance, is_large)
            except psycopg.errors.DeadlockDetected:
                continue
            except psycopg.Error as error:
                found.errors.append(str(error))
                return


def _act(own: Connection, found: Race, chance: random.Random, is_large: bool) -> None:
    numbers = sorted(chance.sample(range(1, SUBJECTS + 1), chance.randint(3, 24) if is_large else 1))
    with own.transaction() as outer:
        if is_large or chance.random() < 0.5:
            own.execute("select pg_current_xact_id()")  # an id before any lock: what breaks cutting by xmin
            time.sleep(chance.random() * (0.1 if is_large else 0.002))
        rows = []
        for number in numbers:
            rows.append(_row(own, found.run, number))
            time.sleep(chance.random() * 0.02 if is_large else 0)
        _insert(own, rows, chance.choice(("values", "select", "copy")))
        time.sleep(chance.random() * (0.3 if is_large else 0.001))
        if chance.random() < 0.18:
            found.rollbacks += 1
            raise psycopg.Rollback(outer)
        with found.lock:
            found.committed += len(rows)


def _row(own: Connection, run: str, number: int) -> EntryRow:
    """Lock the subject, count its version up, and say so in an entry."""
    counted = own.execute(
        "update bench_subject set version = version + 1 where run = %s and no = %s returning version, platform_now()",
        (run, number),
    ).fetchone()
    version, at = counted or (0, platform_now())
    subject = Ref("race", f"{run}-{number}", version)
    return leaves.entry_row(code=CODE, by=PLATFORM, at=at, subject=subject, facts={"v": version}, salt=b"bench")


def _insert(own: Connection, rows: list[EntryRow], way: str) -> None:
    if way == "copy":
        with own.cursor() as cursor, cursor.copy(f"copy journal_entry ({COLUMNS}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
    elif way == "select":
        columns = "%s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::text[], %s::bytea[]"
        own.execute(
            f"insert into journal_entry ({COLUMNS}) select * from unnest({columns})",
            [list(column) for column in zip(*rows, strict=True)],
        )
    else:
        with own.cursor() as cursor:
            cursor.executemany(f"insert into journal_entry ({COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s)", rows)


def _read(found: Race, begin: int, done: threading.Event) -> None:
    following = begin
    with open_connection() as own:
        while not done.is_set():
            for position, code, no, version in own.execute(READ, (following,)).fetchall():
                found.gaps += position != following
                following = position + 1
                if code == CODE and no.startswith(found.run):
                    found.read += 1
                    found.inversions += version != found.versions[no] + 1
                    found.versions[no] = version
            time.sleep(0.02)
