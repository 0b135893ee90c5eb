"""Loads what a batch of reports may touch, in eight statements whatever its size."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from tradehall.kernel.times import rfc3339
from tradehall.reference import places
from tradehall.tenders import matching, numbers
from tradehall.tenders.deadlines import Deadline
from tradehall.tenders.intake import KnownNotice, Receipt, Shelf
from tradehall.tenders.lots import KnownLot
from tradehall.tenders.reports import NoticeReport

# Two-part advisory key: (this app, projects). Batches, splits and joins decide which project a notice belongs to.
_LOCK = (7502, 1)
_PROJECT = (
    "project_no, title, code, principal_name, district, source_system, origin = 'native', "
    "principal_uscc, agency_name, agency_uscc"
)
_SEEN = """
select s.notice_no, s.source_digest, s.version, (select n.project_id from tenders_notice n
    where n.notice_no = s.notice_no order by n.version desc limit 1)
from unnest(%s::text[], %s::text[]) as w(notice_no, digest)
join tenders_notice_source s on s.notice_no = w.notice_no and s.source_digest = w.digest
"""
_DEADLINES = """
select project_id, notice_no, attempt, published_at, closes_at, lot_nos from (
  select distinct on (notice_no) notice_no, project_id, attempt, published_at, closes_at,
    min(id) over (partition by notice_no) as first_id,
    array(select lot_id from tenders_notice_lot where notice_id = n.id) as lot_nos
  from tenders_notice n where project_id = any(%s) order by notice_no, version desc) newest
where closes_at is not null order by first_id
"""


def lock_projects() -> None:
    """Held to the end of the transaction: whoever decides about projects next sees what was decided here."""
    _query("select pg_advisory_xact_lock(%s, %s)", *_LOCK)


def seen_before(batch: Sequence[NoticeReport]) -> dict[tuple[str, str], Receipt]:
    """Receipts by notice number and digest for the contents of `batch` that are known; needs no lock, for
    what was seen once stays seen."""
    found = _query(_SEEN, [notice_no_of(one) for one in batch], [one.source_digest for one in batch])
    return {(no, digest): Receipt("unchanged", no, version, project_no) for no, digest, version, project_no in found}


def notice_no_of(report: NoticeReport) -> str:
    return numbers.reported_notice_no(report.system, report.source_id)


def load_shelf(batch: Sequence[NoticeReport]) -> Shelf:
    shelf = Shelf(districts=_district_names({one.district for one in batch if one.district}))
    load_notices(shelf, {notice_no_of(one) for one in batch})
    keys = sorted({key.digest for one in batch for key in matching.keys(one)})
    shelf.keys.update(_query("select key, project_id from tenders_project_key where key = any(%s)", keys))
    stay = {str(known.rendition["project_no"]) for known in shelf.notices.values()}
    load_projects(shelf, stay | set(shelf.keys.values()))
    return shelf


def load_notices(shelf: Shelf, notice_nos: set[str]) -> None:
    wanted = sorted(notice_nos)
    newest = """select distinct on (notice_no) notice_no, version, rendition from tenders_notice
        where notice_no = any(%s) order by notice_no, version desc"""
    for notice_no, version, text in _query(newest, wanted):
        shelf.notices[notice_no] = KnownNotice(version, json.loads(text), only_enriched=True)
    sources = "select notice_no, source_digest, version, enriches from tenders_notice_source where notice_no = any(%s)"
    for notice_no, digest, version, enriches in _query(sources, wanted):
        shelf.seen[notice_no, digest] = version
        known = shelf.notices[notice_no]
        known.only_enriched &= enriches
        known.was_enriched |= enriches


def load_projects(shelf: Shelf, project_nos: set[str]) -> None:
    wanted = sorted(project_nos)
    if not wanted:
        return
    for row in _query(f"select {_PROJECT} from tenders_project where project_no = any(%s)", wanted):
        shelf.projects[row[0]] = matching.Known(*row)
        shelf.lots[row[0]] = []
    lots = """select project_id, lot_no, number, name, source_no, unified_code from tenders_lot
        where project_id = any(%s) order by project_id, number"""
    for project_no, *lot in _query(lots, wanted):
        shelf.lots[project_no].append(KnownLot(*lot))
    attempts = """select a.lot_id, a.number from tenders_attempt a join tenders_lot l on l.lot_no = a.lot_id
        where l.project_id = any(%s)"""
    shelf.attempts.update((lot_no, number) for lot_no, number in _query(attempts, wanted))
    load_deadlines(shelf, wanted)


def load_deadlines(shelf: Shelf, project_nos: Sequence[str]) -> None:
    """The closing times that stand in these projects, in the order in which their notices first came."""
    for project_no, notice_no, attempt, published_at, closes_at, lot_nos in _query(_DEADLINES, list(project_nos)):
        one = Deadline(attempt, rfc3339(published_at), rfc3339(closes_at), frozenset(lot_nos))
        shelf.deadlines.setdefault(project_no, {})[notice_no] = one


def _district_names(codes: set[str]) -> dict[str, str]:
    return {code: _full_name(code) for code in codes if places.is_region_code(code)}


@lru_cache(maxsize=8_192)
def _full_name(code: str) -> str:
    return places.full_name(code)


def _query(sql: str, *values: int | list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
