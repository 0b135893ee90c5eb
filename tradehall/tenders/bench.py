"""Measures `record_notices` beside a plain COPY of the very same notice rows, in a database that is dropped afterwards.

Reports are recombined from real notices when the shared files are there, else from a fixed vocabulary. Answers figures,
never a verdict.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction

from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.money import amount
from tradehall.kernel.times import BEIJING
from tradehall.tenders.reports import LotClaim, Named, NoticeReport, ProjectClaim
from tradehall.tenders.services import record_notices

Figure = dict[str, object]
SIZE, BATCH = 12_000, 1_000
BY = Actor("system", "bench", "压测来源")
FILE = "data/announcements/announcements.jsonl.gz"
_NEWEST = datetime(2026, 9, 30, 9, 0, tzinfo=BEIJING)
_KINDS = ("tender_notice", "correction", "candidates", "result")
_WORDS = re.findall("..", "道路桥梁泵站学校医院绿化照明管网设备物业监理勘察设计改造维修采购服务工程项目标段")
_COLUMNS = (
    "notice_no,version,project_id,attempt,kind,line,nature,origin,source_system,about,"
    "published_at,closes_at,recorded_at,rendition,digest_sha256,digest_sm3"
)


def reports(size: int | None) -> Iterator[Figure]:
    """New rows, their slowest batch, the same rows again, and the plain COPY that is the limit of the first."""
    count = size or SIZE
    _make_plain_table()
    ours, plain_times = [], []
    for batch in _batches(count):
        # Side by side, batch by batch: what else the machine does then weighs on both.
        ours.append(_record(batch))
        plain_times.append(_plain_copy(len(batch)))
    again = [_record(batch) for batch in _batches(count)]
    plain = count / sum(plain_times)
    yield _figure("import.plain_copy", plain, "rows/s", count)
    yield _figure("import", count / sum(ours), "records/s", count, limit=plain)
    yield _figure("import.unchanged", count / sum(again), "records/s", count, limit=plain)
    yield _figure("import.slowest_batch", max(ours), f"s for {BATCH} records", count)


def _batches(size: int) -> Iterator[Sequence[NoticeReport]]:
    """Each made when it is wanted, as an import reads them; making is not timed."""
    reports = made_reports(size)
    while batch := list(islice(reports, BATCH)):
        yield batch


def made_reports(size: int, seed: int = 1) -> Iterator[NoticeReport]:
    """`size` reports about a quarter as many projects: four notices each, in the order of a trade."""
    chance = random.Random(seed)
    titles, texts, names = _real_texts() or _invented_texts(chance)
    for number in range(size):
        project, step = divmod(number, len(_KINDS))
        principal = names[project % len(names)]
        yield _report(number, project, step, titles[project % len(titles)], chance.choice(texts), principal)


def _report(number: int, project: int, step: int, title: str, text: str, principal: str) -> NoticeReport:
    name, kind = f"{title}第{project}号", _KINDS[step]
    published = _NEWEST - timedelta(hours=number % 9_000)
    winner = {"name": principal, "uscc": None, "rank": 1, "price": None, "lot": None}
    raw = json.dumps({"id": number, "title": name, "text": text}, ensure_ascii=False)
    return NoticeReport(
        system="bench",
        source_id=f"bench-{number}",
        source_digest=sha256(raw.encode()).hexdigest(),
        kind=kind,
        line="procurement",
        title=f"{name}{kind}",
        published_at=published,
        project=ProjectClaim(name, f"BENCH-{project:06d}" if project % 2 else None),
        body=tuple({"type": "paragraph", "text": part} for part in text.split("\n") if part),
        lots=(LotClaim(f"{name}一包", "1"),) if step == 0 else (),
        principal=Named(principal),
        district="310115",
        closes_at=published + timedelta(days=20 + step) if step < 2 else None,
        amount=amount(123_456_00 + number),
        facts={"winners": [winner]} if step > 1 else {},
        raw=raw,
    )


def _real_texts() -> tuple[Sequence[str], Sequence[str], Sequence[str]] | None:
    path = Path(settings.ROOT).parent / "shared" / FILE
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    titles, texts, names = ([str(row[key]) for row in rows] for key in ("title", "text", "platform"))
    return titles, texts, names


def _invented_texts(chance: random.Random) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    titles = ["".join(chance.choices(_WORDS, k=8)) for _ in range(600)]
    texts = ["\n".join("".join(chance.choices(_WORDS, k=20)) for _ in range(chance.randint(3, 40))) for _ in range(600)]
    return titles, texts, ["".join(chance.choices(_WORDS, k=4)) + "中心" for _ in range(100)]


def _record(batch: Sequence[NoticeReport]) -> float:
    at, begun = platform_now(), perf_counter()
    record_notices(batch, by=BY, at=at)
    return perf_counter() - begun


def _make_plain_table() -> None:
    """With every constraint, index, foreign key and trigger of the real one."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists bench_notice")
        cursor.execute("create table bench_notice (like tenders_notice including all)")
        _copy_keys_and_triggers()


def _plain_copy(count: int) -> float:
    """Seconds to COPY the newest `count` notice rows once more, in one transaction as the act has one."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {_COLUMNS} from tenders_notice order by id desc limit %s", (count,))
        rows = cursor.fetchall()[::-1]
    begun = perf_counter()
    sql = f"copy bench_notice ({_COLUMNS}) from stdin"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(sql) as target:
        for row in rows:
            target.write_row(row)
    return perf_counter() - begun


def _copy_keys_and_triggers() -> None:
    """What LIKE leaves out: foreign keys and our own triggers, as the catalogue spells them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select format('alter table bench_notice add %s', pg_get_constraintdef(oid)) from pg_constraint
               where conrelid = 'tenders_notice'::regclass and contype = 'f'
               union all
               select replace(pg_get_triggerdef(oid), ' ON public.tenders_notice ', ' ON bench_notice ') from pg_trigger
               where tgrelid = 'tenders_notice'::regclass and not tgisinternal"""
        )
        for (sql,) in cursor.fetchall():
            cursor.execute(sql)


def _figure(bench: str, value: float, unit: str, size: int, limit: float | None = None) -> Figure:
    ratio = round(value / limit, 3) if limit else None
    return {
        "bench": bench, "value": round(value, 3), "unit": unit, "limit": round(limit, 1) if limit else None,
        "ratio": ratio, "size": size,
    }  # fmt: skip
