"""Record what sources report, thousands at a time: one act over many records, written in a dozen statements.

Judges no law and refuses no content: that is done before (`exchange`) and beside it (findings). Batches exclude each
other, so what a batch reads stands still until it has written; none may be long.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from tradehall.journal import keys, leaves
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.parties import services as parties
from tradehall.tenders import intake, rendition
from tradehall.tenders.intake import NewNotice, Receipt, Rows
from tradehall.tenders.reports import NoticeReport
from tradehall.tenders.services.shelf import load_shelf, lock_projects, notice_no_of, seen_before

MAX_BATCH = 2_000
_LEARNABLE = ("code", "district", "principal_name", "principal_uscc", "agency_name", "agency_uscc")


def record_notices(batch: Sequence[NoticeReport], *, by: Actor, at: datetime) -> list[Receipt]:
    """All or nothing; receipts in the order of the batch. A repeated batch is `unchanged` and takes no lock."""
    if len(batch) > MAX_BATCH:
        message = f"一批最多 {MAX_BATCH} 条，收到 {len(batch)} 条；没有保存任何记录，请分批报送"
        refuse_if([Violation("batch_too_large", message)])
    seen = seen_before(batch)
    fresh = [report for report in batch if (notice_no_of(report), report.source_digest) not in seen]
    made = iter(_take(fresh, by, at) if fresh else [])
    known = [seen.get((notice_no_of(report), report.source_digest)) for report in batch]
    return [receipt or next(made) for receipt in known]


def _take(batch: Sequence[NoticeReport], by: Actor, at: datetime) -> list[Receipt]:
    stated = [rendition.stated(report) for report in batch]
    with transaction.atomic():
        lock_projects()
        shelf = load_shelf(batch)
        receipts = [intake.take(shelf, report, value) for report, value in zip(batch, stated, strict=True)]
        intake.settle(shelf)
        write(shelf.rows, at=at)
        record(shelf.rows.notices, by=by, at=at, code="tenders.report_notice")
    return receipts


def write(rows: Rows, *, at: datetime, origin: str = "reported") -> None:
    """COPY everything a batch left; the order is that of the foreign keys."""
    project_columns = f"project_no,title,line,source_system,{','.join(_LEARNABLE)}"
    copy("tenders_project", f"{project_columns},origin,created_at", [(*row, origin, at) for row in rows.projects])
    _write_learnt(rows.learnt)
    copy("tenders_project_key", "key,project_id", rows.keys)
    copy("tenders_project_match", "notice_no,project_id,kind,made_at", [(*row, at) for row in rows.matches])
    copy("tenders_lot", "lot_no,project_id,number,name,source_no,unified_code", rows.lots)
    attempts = [(*row, origin, at) for row in rows.attempts]
    copy("tenders_attempt", "lot_id,number,origin,opened_at", attempts)
    _write_notices(rows.notices, at, origin)
    source_columns = "system,source_id,source_digest,notice_no,version,enriches,received_at"
    copy("tenders_notice_source", source_columns, [(*row, at) for row in rows.sources])
    copy("tenders_original", "notice_no,version,raw,received_at", [(*row, at) for row in rows.originals])
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
    entries = [
        leaves.entry_row(
            code=code,
            by=by,
            at=at,
            subject=Ref("notice", notice.notice_no, notice.version),
            facts=facts_of(notice),
            salt=salt,
        )
        for notice in notices
    ]
    copy("journal_entry", ",".join(leaves.COLUMNS), entries)


def facts_of(notice: NewNotice) -> dict[str, object]:
    return {
        "digest_sha256": notice.digest_sha256,
        "digest_sm3": notice.digest_sm3,
        "kind": notice.kind,
        "line": notice.line,
        "project_no": notice.project_no,
    }


def _write_notices(notices: Sequence[NewNotice], at: datetime, origin: str) -> None:
    ids = _notice_ids(len(notices))
    columns = (
        "id,notice_no,version,project_id,attempt,kind,line,nature,origin,source_system,"
        "published_at,closes_at,recorded_at,rendition,digest_sha256,digest_sm3"
    )
    copy("tenders_notice", columns, [_notice_row(no, one, at, origin) for no, one in zip(ids, notices, strict=True)])
    pairs = [(no, lot_no) for no, one in zip(ids, notices, strict=True) for lot_no in dict.fromkeys(one.lot_nos)]
    copy("tenders_notice_lot", "notice_id,lot_id", pairs)


def _notice_row(no: int, one: NewNotice, at: datetime, origin: str) -> tuple[object, ...]:
    return (
        *(no, one.notice_no, one.version, one.project_no, one.attempt, one.kind, one.line, one.nature, origin),
        *(one.system, one.published_at, one.closes_at, at, one.text, one.digest_sha256, one.digest_sm3),
    )


def _notice_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence('tenders_notice', 'id')) from generate_series(1, %s)", (count,)
        )
        return [int(row[0]) for row in cursor.fetchall()]


def copy(table: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    """COPY rows into a table of this app or the journal; names come from the code, never from input."""
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({columns}) from stdin") as target:
        for row in rows:
            target.write_row(row)
