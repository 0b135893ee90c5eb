"""Record what sources report, thousands at a time: one act over many records, written in a dozen statements.

Judges no law and refuses no content: that is done before (`exchange`) and beside it (findings). Batches exclude each
other, so what a batch reads stands still until it has written; none may be long.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from tradehall.journal import keys, leaves
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.parties import services as parties
from tradehall.tenders import intake, rendition
from tradehall.tenders.intake import NewNotice, Receipt, Rows, Shelf
from tradehall.tenders.rendition import Rendition
from tradehall.tenders.reports import NoticeReport
from tradehall.tenders.services.shelf import load_shelf, lock_projects, notice_no_of, seen_before

MAX_BATCH = 2_000
_ORIGIN = "reported"
_NOTICE = (
    "id,notice_no,version,project_id,attempt,kind,line,nature,origin,source_system,"
    "published_at,closes_at,recorded_at,rendition,digest_sha256,digest_sm3"
)
_LEARNABLE = ("code", "district", "principal_name", "principal_uscc", "agency_name", "agency_uscc")


def record_notices(batch: Sequence[NoticeReport], *, by: Actor, at: datetime) -> list[Receipt]:
    """All or nothing; receipts in the order of the batch. A repeated batch is `unchanged` and takes no lock."""
    if len(batch) > MAX_BATCH:
        message = f"一批最多 {MAX_BATCH} 条，收到 {len(batch)} 条；没有保存任何记录，请分批报送"
        refuse_if([Violation("batch_too_large", message)])
    seen = seen_before(batch)
    fresh = [report for report in batch if (notice_no_of(report), report.source_digest) not in seen]
    with _uncollected():
        made = iter(_take(fresh, by, at) if fresh else [])
    known = [seen.get((notice_no_of(report), report.source_digest)) for report in batch]
    return [receipt or next(made) for receipt in known]


def _take(batch: Sequence[NoticeReport], by: Actor, at: datetime) -> list[Receipt]:
    stated = [rendition.stated(report) for report in batch]
    receipts: list[Receipt] = []
    with transaction.atomic():
        lock_projects()
        shelf = load_shelf(batch)
        ids = _notice_ids(len(batch))
        # The server writes the first notices while the next are made; foreign keys are checked at the end.
        copy(
            "tenders_notice",
            _NOTICE,
            _rows_while_taking(shelf, zip(batch, stated, strict=True), receipts, ids, at),
        )
        intake.settle(shelf)
        write(shelf.rows, ids, at=at)
        record(shelf.rows.notices, by=by, at=at, code="tenders.report_notice")
    return receipts


@contextmanager
def _uncollected() -> Iterator[None]:
    """A batch makes many small values and no cycles: looking for cycles meanwhile is a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def copy_notices(notices: Sequence[NewNotice], *, at: datetime) -> list[int]:
    """COPY notice versions that are made already; the ids they got."""
    ids = _notice_ids(len(notices))
    copy("tenders_notice", _NOTICE, (_notice_row(no, one, at) for no, one in zip(ids, notices, strict=True)))
    return ids


def _rows_while_taking(
    shelf: Shelf,
    claims: Iterable[tuple[NoticeReport, Rendition]],
    receipts: list[Receipt],
    ids: Sequence[int],
    at: datetime,
) -> Iterator[tuple[object, ...]]:
    made = shelf.rows.notices
    for report, value in claims:
        done = len(made)
        receipts.append(intake.take(shelf, report, value))
        for place in range(done, len(made)):
            yield _notice_row(ids[place], made[place], at)


def write(rows: Rows, ids: Sequence[int], *, at: datetime) -> None:
    """COPY everything else a batch left; `ids` are those of its notices, in order."""
    project_columns = f"project_no,title,line,source_system,{','.join(_LEARNABLE)}"
    copy("tenders_project", f"{project_columns},origin,created_at", ((*row, _ORIGIN, at) for row in rows.projects))
    _write_learnt(rows.learnt)
    copy("tenders_project_key", "key,project_id", rows.keys)
    copy("tenders_project_match", "notice_no,project_id,kind,made_at", ((*row, at) for row in rows.matches))
    copy("tenders_lot", "lot_no,project_id,number,name,source_no,unified_code", rows.lots)
    attempts = ((*row, _ORIGIN, at) for row in rows.attempts)
    copy("tenders_attempt", "lot_id,number,origin,opened_at", attempts)
    pairs = ((no, lot_no) for no, one in zip(ids, rows.notices, strict=False) for lot_no in dict.fromkeys(one.lot_nos))
    copy("tenders_notice_lot", "notice_id,lot_id", pairs)
    source_columns = "system,source_id,source_digest,notice_no,version,enriches,received_at"
    copy("tenders_notice_source", source_columns, ((*row, at) for row in rows.sources))
    copy("tenders_original", "notice_no,version,raw,received_at", ((*row, at) for row in rows.originals))
    parties.note_parties(rows.parties, at=at)


def _write_learnt(rows: Sequence[tuple[object, ...]]) -> None:
    """What later notices said about projects that are known: gaps are filled, nothing stated is replaced."""
    if not rows:
        return
    names = ", ".join(("project_no", *_LEARNABLE))
    gaps = ", ".join(f"{name} = coalesce(p.{name}, l.{name})" for name in _LEARNABLE)
    arrays = ", ".join(["%s::text[]"] * (1 + len(_LEARNABLE)))
    sql = f"update tenders_project p set {gaps} from unnest({arrays}) as l({names}) where p.project_no = l.project_no"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def record(notices: Iterable[NewNotice], *, by: Actor, at: datetime, code: str) -> None:
    """One entry per notice version, with the digests of what was published."""
    salt = keys.commitment_salt()
    entries = (
        leaves.entry_row(
            code=code,
            by=by,
            at=at,
            subject=Ref("notice", notice.notice_no, notice.version),
            facts=facts_of(notice),
            salt=salt,
        )
        for notice in notices
    )
    copy("journal_entry", ",".join(leaves.COLUMNS), entries)


def facts_of(notice: NewNotice) -> dict[str, object]:
    return {
        "digest_sha256": notice.digest_sha256,
        "digest_sm3": notice.digest_sm3,
        "kind": notice.kind,
        "line": notice.line,
        "project_no": notice.project_no,
    }


def _notice_row(no: int, one: NewNotice, at: datetime) -> tuple[object, ...]:
    return (
        *(no, one.notice_no, one.version, one.project_no, one.attempt, one.kind, one.line, one.nature, _ORIGIN),
        *(one.system, one.published_at, one.closes_at, at, one.text, one.digest_sha256, one.digest_sm3),
    )


def _notice_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence('tenders_notice', 'id')) from generate_series(1, %s)", (count,)
        )
        return [int(row[0]) for row in cursor.fetchall()]


def copy(table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """COPY rows into a table of this app or the journal; names come from the code, never from input."""
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({columns}) from stdin") as target:
        for row in rows:
            target.write_row(row)
