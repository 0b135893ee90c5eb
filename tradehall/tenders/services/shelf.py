"""Loads what a batch of reports may touch, in six statements whatever its size."""

import json
from collections.abc import Sequence

from django.db import connection

from tradehall.reference import places
from tradehall.tenders import matching, numbers
from tradehall.tenders.intake import KnownLot, KnownNotice, Shelf
from tradehall.tenders.reports import NoticeReport

# Two-part advisory key: (this app, projects). Batches, splits and joins decide which project a notice belongs to.
_LOCK = (7502, 1)
_PROJECT = "project_no, title, code, principal_name, district, source_system, origin = 'native'"


def lock_projects() -> None:
    """Held to the end of the transaction: whoever decides about projects next sees what was decided here."""
    _query("select pg_advisory_xact_lock(%s, %s)", *_LOCK)


def load_shelf(batch: Sequence[NoticeReport]) -> Shelf:
    codes = {one.district for one in batch if one.district}
    shelf = Shelf(districts={code: places.full_name(code) for code in codes if places.is_region_code(code)})
    load_notices(shelf, {numbers.reported_notice_no(one.system, one.source_id) for one in batch})
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
    for row in _query(f"select {_PROJECT} from tenders_project where project_no = any(%s)", wanted):
        shelf.projects[row[0]] = matching.Known(*row)
        shelf.lots[row[0]] = []
    lots = """select project_id, lot_no, number, name, source_no, unified_code from tenders_lot
        where project_id = any(%s) order by lot_no"""
    for project_no, *lot in _query(lots, wanted):
        shelf.lots[project_no].append(KnownLot(*lot))
    attempts = """select a.lot_id, a.number from tenders_attempt a join tenders_lot l on l.lot_no = a.lot_id
        where l.project_id = any(%s)"""
    shelf.attempts.update(_query(attempts, wanted))


def _query(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
