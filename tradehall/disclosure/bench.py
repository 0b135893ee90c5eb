"""Measures search and projection beside what the same database can do at best, in a database made for it and dropped.

Answers figures as plain dicts, never a verdict. Needs an owner who may create databases; touches no live table.
"""

import os
import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import psycopg
from django.core.management import call_command
from django.db import connection, transaction

from . import bench_texts
from .bench_texts import NEWEST, PER_QUARTER, Texts
from .models import NoticeRow
from .projector import SearchRow, clean, copy_rows, write_batch, write_search
from .query import parse_query
from .rules import Projected
from .search import search

Figure = dict[str, object]
LIMIT_MS = 150.0
LEAST_RATIO = 3.0
TIMES = 40
COLD_TIMES = 6
SUPERUSER = "postgres"
AT = NEWEST + timedelta(days=1)
PLAIN = """
drop table if exists bench_plain;
create table bench_plain (like search_row including storage including defaults) with (toast_tuple_target = 128);
insert into bench_plain select * from search_row where published >= %s;
create index on bench_plain using gin (keys);
create index on bench_plain using gin (doc gin_trgm_ops);
create index on bench_plain (id);
"""


@contextmanager
def rehearsal_database() -> Iterator[None]:
    """A fresh database on the same server with this app's tables."""
    given, name = dict(connection.settings_dict), f"bench_{secrets.token_hex(5)}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"create database {name}")
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", "disclosure", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict.update(given)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"drop database {name} with (force)")


def run_search(size: int, paths: Sequence[Path], progress: Callable[[int], object] = int) -> Iterator[Figure]:
    """Fills `size` notices, then asks every class: cold first where the server lets us empty its memory, then warm."""
    texts = bench_texts.read_texts(paths)
    with rehearsal_database():
        started = perf_counter()
        fill(texts, size, progress)
        yield _figure("search.fill", size / (perf_counter() - started), "rows/s", size=size)
        asked = classes(texts, random.Random(7))
        cold = forget_everything()
        if cold:
            times = [_ask(given) for queries in asked.values() for given in queries[:COLD_TIMES]]
            yield _figure("search.cold", _p(95, times), "ms p95", size=size)
        for name, queries in asked.items():
            for given in queries[:5]:
                _ask(given)
            times = [_ask(given) for given in queries]
            p95 = _p(95, times)
            yield _figure(f"search.{name}.p50", _p(50, times), "ms", size=size)
            yield _figure(f"search.{name}.p95", p95, "ms", LIMIT_MS, p95 / LIMIT_MS, size)


def fill(texts: Texts, size: int, progress: Callable[[int], object] = int) -> None:
    for number, batch in enumerate(bench_texts.notices(texts, size), 1):
        with transaction.atomic():
            write_batch(batch)
        progress(min(size, number * PER_QUARTER))
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def run_projection(paths: Sequence[Path], size: int = PER_QUARTER) -> Iterator[Figure]:
    """A full quarter takes `size` rows more: by the projector, and by a plain COPY into the same indexes."""
    texts = bench_texts.read_texts(paths)
    with rehearsal_database():
        fill(texts, PER_QUARTER)
        more = [_moved(item) for item in next(bench_texts.notices(texts, size, seed=2))]
        rows = [SearchRow(_row(item, at), at, item.doc, item.facets) for at, item in enumerate(more, 10**6)]
        plain = _plain_copy(rows)
        started = perf_counter()
        with transaction.atomic():
            write_search(rows)
        clean()
        ours = len(rows) / (perf_counter() - started)
        yield _figure("projection.plain_copy", plain, "rows/s", size=size)
        yield _figure("projection.search_rows", ours, "rows/s", LEAST_RATIO, ours / plain, size)
        started = perf_counter()
        with transaction.atomic():
            write_batch(more)
        clean()
        yield _figure("projection.whole", len(more) / (perf_counter() - started), "rows/s", size=size)


def _plain_copy(rows: Sequence[SearchRow]) -> float:
    with connection.cursor() as cursor:
        for statement in PLAIN.split(";"):
            if statement.strip():
                cursor.execute(statement, [NEWEST - bench_texts.QUARTER] if "%s" in statement else None)
    started = perf_counter()
    with transaction.atomic():
        copy_rows("bench_plain", rows)
    return len(rows) / (perf_counter() - started)


def _moved(item: Projected) -> Projected:
    """Another notice of the same quarter."""
    return replace(item, notice={**item.notice, "notice_no": f"Z{item.notice['notice_no'][1:]}"})


def _row(item: Projected, row_id: int) -> NoticeRow:
    return NoticeRow(id=row_id, **item.notice)


def classes(texts: Texts, chance: random.Random) -> dict[str, list[dict[str, str]]]:
    """Words cut from real titles and sentences, so that hot ones come up as often as in life."""

    def cut(source: Sequence[str], size: int) -> str:
        while True:
            text = "".join(chance.choice(source).split())
            if len(text) >= size:
                at = chance.randrange(len(text) - size + 1)
                return text[at : at + size]

    def many(make: Callable[[], str], **more: str) -> list[dict[str, str]]:
        return [{"q": make(), **more} for _ in range(TIMES)]

    digits = [text for text in texts.sentences if sum(char.isdigit() for char in text) > 4]
    return {
        "two_titles": many(lambda: cut(texts.titles, 2)),
        "two_bodies": many(lambda: cut(texts.sentences, 2)),
        "four_titles": many(lambda: cut(texts.titles, 4)),
        "four_bodies": many(lambda: cut(texts.sentences, 4)),
        "phrase": many(lambda: cut(texts.titles, 12)),
        "rare": many(lambda: chr(chance.randrange(0x9000, 0x9FA0)) + cut(texts.titles, 1)),
        "absent": many(lambda: cut(texts.titles, 2) + cut(texts.sentences, 2) + cut(texts.titles, 2)),
        "digits": many(lambda: str(chance.randrange(10, 10 ** chance.randrange(2, 7)))),
        "codes": many(
            lambda: f"GC2026{chance.randrange(1, 10):02d}{chance.randrange(1, 29):02d}-{chance.randrange(9):d}"
        ),
        "mixed": many(lambda: cut(digits, 5)),
        "two_words": many(lambda: f"{cut(texts.titles, 2)} {cut(texts.sentences, 2)}"),
        "filters": many(lambda: cut(texts.titles, 4), line="land", district="310115"),
        "filters_period": many(
            lambda: cut(texts.titles, 2), stage="result", **{"from": "2025-01-01", "to": "2026-05-01"}
        ),
    }


def _ask(given: dict[str, str]) -> float:
    started = perf_counter()
    search(parse_query(given), AT)
    return (perf_counter() - started) * 1000


def forget_everything() -> bool:
    """Empties the server's buffers and the machine's copy of its files; False where we may not.

    Needs the superuser of an embedded server, who is let in over its private socket.
    """
    own = connection.get_connection_params()
    try:
        with psycopg.connect(dbname=own["dbname"], host=own.get("host"), user=SUPERUSER, autocommit=True) as server:
            server.execute("checkpoint")
            server.execute("create extension if not exists pg_buffercache")
            server.execute("select pg_buffercache_evict_all()")
            found = server.execute(
                "select current_setting('data_directory'), oid from pg_database where datname = current_database()"
            ).fetchone()
        folder = Path(found[0]) / "base" / str(found[1]) if found else Path("/nowhere")
        files = [path for path in folder.iterdir() if path.is_file()]
    except (psycopg.Error, OSError):
        return False
    for path in files:
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def _p(percent: int, times: Sequence[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[percent - 1]


def _figure(
    bench: str, value: float, unit: str, limit: float | None = None, ratio: float | None = None, size: int = 0
) -> Figure:
    kept = round(ratio, 3) if ratio is not None else None
    return {"bench": bench, "value": round(value, 2), "unit": unit, "limit": limit, "ratio": kept, "size": size}
