"""Writes a batch of projected notices into the tables that readers read, set by set, inside the caller's transaction.

Idempotent by version: a row that is already there at this version or a later one is left alone.
Makes no rendition itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db import connection

from . import aggregates
from .grams import text_keys
from .models import DealRow, EventRow, NoticeRow, NumberRow, RoleRow
from .rules import Projected, number_key

OTHER = "search_row_other"
LAYER_LEAST = 400
MOST_LIKE_LAYERS = 3
_KEPT = {"is_counted", "deal_cents", "id", "notice_no"}
_FIELDS = [field.attname for field in NoticeRow._meta.concrete_fields if field.attname not in _KEPT]
_COPY = (
    "copy {table}(id, project_id, published, line, stage, kind, method, district, principal, amount, closes, doc, keys)"
    " from stdin"
)


@dataclass(frozen=True, slots=True)
class SearchRow:
    notice: NoticeRow
    project_id: int
    doc: str
    facets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    id: int
    version: int
    project_no: str
    published_at: datetime


def write_batch(batch: Sequence[Projected]) -> int:
    """Returns how many notices were new or newer than what stood here."""
    newest = {item.notice["notice_no"]: item for item in sorted(batch, key=_version)}
    known = _known(list(newest))
    fresh = [item for no, item in newest.items() if no not in known or known[no].version < item.notice["version"]]
    if not fresh:
        return 0
    rows = NoticeRow.objects.bulk_create(
        [NoticeRow(**item.notice) for item in fresh],
        update_conflicts=True, unique_fields=["notice_no"], update_fields=_FIELDS,
    )  # fmt: skip
    replaced = [known[row.notice_no] for row in rows if row.notice_no in known]
    old_ids = [old.id for old in replaced]
    mentions = (
        set(RoleRow.objects.filter(notice_id__in=old_ids).values_list("mention_no", flat=True)) if old_ids else set()
    )
    _write_parts(rows, fresh, old_ids)
    aggregates.refresh_organisations(sorted(mentions | {role.mention_no for item in fresh for role in item.roles}))
    projects = {row.project_no for row in rows} | {old.project_no for old in replaced}
    numbers = aggregates.refresh_projects(sorted(projects))
    searched = [
        SearchRow(row, numbers[row.project_no], item.doc, item.facets) for row, item in zip(rows, fresh, strict=True)
    ]
    write_search(searched, replaced)
    return len(rows)


def _version(item: Projected) -> int:
    return int(item.notice["version"])


def _known(numbers: list[str]) -> dict[str, Known]:
    rows = NoticeRow.objects.filter(notice_no__in=numbers).values_list(
        "notice_no", "id", "version", "project_no", "published_at"
    )
    return {no: Known(row_id, version, project, at) for no, row_id, version, project, at in rows}


def _write_parts(rows: Sequence[NoticeRow], items: Sequence[Projected], replaced: list[int]) -> None:
    for model in (RoleRow, DealRow, NumberRow, EventRow):
        if replaced:
            model.objects.filter(notice_id__in=replaced).delete()
    pairs = list(zip(rows, items, strict=True))
    RoleRow.objects.bulk_create(
        [
            RoleRow(
                notice=row, project_no=row.project_no, published_at=row.published_at, role=role.role, name=role.name,
                uscc=role.uscc, mention_no=role.mention_no, place=role.place, cents=role.cents,
            )
            for row, item in pairs for role in item.roles
        ],
        batch_size=5000,
    )  # fmt: skip
    DealRow.objects.bulk_create(
        DealRow(
            notice=row, project_no=row.project_no, attempt=row.attempt, published_at=row.published_at,
            lot=deal.lot, cents=deal.cents,
        )
        for row, item in pairs for deal in item.deals
    )  # fmt: skip
    NumberRow.objects.bulk_create(
        [
            NumberRow(notice=row, number=number_key(number), href=href)
            for row, item in pairs
            for number, href in item.numbers
        ],
        batch_size=5000,
    )


def write_search(rows: Sequence[SearchRow], replaced: Sequence[Known] = ()) -> None:
    """New texts in, superseded ones out; many of one quarter at once become a layer of it, built beside and attached."""
    quarters = _quarters([row.notice.published_at for row in rows] + [old.published_at for old in replaced])
    by_quarter: dict[str, list[SearchRow]] = {}
    for row in rows:
        by_quarter.setdefault(quarters[row.notice.published_at], []).append(row)
    if replaced:
        _remove(replaced)
    built = []
    with connection.cursor() as cursor:
        cursor.execute("select set_config('work_mem', '256MB', true)")  # what pending keys are sorted in
        for quarter, fresh in sorted(by_quarter.items()):
            cursor.execute("select search_partition(%s)", [quarter])
            if quarter == OTHER or len(fresh) < LAYER_LEAST:
                copy_rows("search_row", fresh)
                continue
            merged = _like_layers(quarter, len(fresh))
            cursor.execute("select search_stage(%s, %s::int2[])", [quarter, merged])
            copy_rows(f"{quarter}_next", fresh)
            cursor.execute("select search_index(%s)", [quarter])
            built.append((quarter, merged))
        for quarter, merged in built:  # last, because readers wait from here to the end of the transaction
            cursor.execute("select search_analyze(search_attach(%s, %s::int2[]))", [quarter, merged])


def _quarters(moments: Iterable[datetime]) -> dict[datetime, str]:
    wanted = sorted(set(moments))
    with connection.cursor() as cursor:
        cursor.execute(
            "select search_quarter(m) from unnest(%s::timestamptz[]) with ordinality u(m, n) order by n", [wanted]
        )
        return dict(zip(wanted, (name for (name,) in cursor.fetchall()), strict=True))


def _like_layers(quarter: str, fresh: int) -> list[int]:
    """The layers to build anew together with so many rows: none while a search has few of this size to visit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select n from unnest(search_layers(%s)) n where n > 0 and (select count(*) from search_row where layer = n"
            " and published >= search_quarter_start(%s) and published < search_quarter_end(%s)) <= %s",
            [quarter, quarter, quarter, 2 * fresh],
        )
        like = [layer for (layer,) in cursor.fetchall()]
    return like if len(like) >= MOST_LIKE_LAYERS else []


def _remove(replaced: Sequence[Known]) -> None:
    low, high = (pick(replaced, key=attrgetter("published_at")).published_at for pick in (min, max))
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from search_row where id = any(%s) and published >= %s and published < %s",
            [[old.id for old in replaced], low, high + timedelta(microseconds=1)],
        )


def copy_rows(table: str, rows: Sequence[SearchRow]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY.format(table=table)) as copy:
        for row in rows:
            copy.write_row(_values(row))


def _values(row: SearchRow) -> tuple[object, ...]:
    notice = row.notice
    keys = ",".join(map(str, [*text_keys(row.doc).tolist(), *row.facets]))
    return (
        notice.id, row.project_id, notice.published_at, notice.line, notice.stage, notice.kind, notice.method,
        notice.district, notice.principal_no, notice.amount_cents, notice.closes_at, row.doc, f"{{{keys}}}",
    )  # fmt: skip


def warm(quarters: int = 2) -> int:
    """Reads the newest quarters into the server's memory, where it can; returns how many blocks."""
    with connection.cursor() as cursor:
        cursor.execute("select search_warm(%s)", [quarters])
        return int(cursor.fetchone()[0])


def clean() -> None:
    """Empties the pending lists of the search indexes, which every search would otherwise read through."""
    with connection.cursor() as cursor:
        cursor.execute("select search_clean()")
