"""Moves reported notices to another project: new versions under the new number, the old match undone with reason.

For `split_project` and `join_project` only. Refuses native notices: their project is not a guess.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Violation
from tradehall.tenders import deadlines, intake, lots, numbers
from tradehall.tenders.intake import Receipt, Shelf
from tradehall.tenders.models import Project
from tradehall.tenders.rendition import Rendition
from tradehall.tenders.services.record_notices import copy_notices, record, write
from tradehall.tenders.services.shelf import load_notices, load_projects

REASON_LENGTH = 500


def regrouper_violations(by: Actor, reason: str) -> list[Violation]:
    found = []
    if by.kind != "platform" and not by.has("centre"):
        found.append(Violation("tenders.regroup_role", "只有交易中心服务人员可以调整公告所属项目；没有改动任何内容"))
    if not reason.strip() or len(reason) > REASON_LENGTH:
        message = f"请写明调整理由（不超过 {REASON_LENGTH} 字）；没有改动任何内容"
        found.append(Violation("tenders.regroup_reason", message, "reason"))
    return found


def reported_project(project_no: str) -> Project:
    found = Project.objects.filter(project_no=project_no, origin="reported").first()
    if found is None:
        raise NotVisible(project_no)
    return found


def notices_of(project_no: str) -> list[str]:
    """The notices whose newest version stands in the project, in the order in which they first came."""
    sql = """select notice_no from (
        select distinct on (notice_no) notice_no, project_id, min(id) over (partition by notice_no) as first_id
        from tenders_notice where notice_no in (select notice_no from tenders_notice where project_id = %s)
        order by notice_no, version desc) newest where project_id = %s order by first_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, (project_no, project_no))
        return [no for (no,) in cursor.fetchall()]


def open_shelf(notice_nos: Sequence[str], project_nos: Sequence[str]) -> Shelf:
    shelf = Shelf()
    load_notices(shelf, set(notice_nos))
    load_projects(shelf, set(project_nos))
    return shelf


def move(shelf: Shelf, notice_nos: Sequence[str], into: str, reason: str, *, by: Actor, at: datetime) -> list[Receipt]:
    """Write and record everything; the caller holds the lock and records why."""
    _undo_matches(notice_nos, reason, at)
    receipts = [_move_one(shelf, notice_no, into, reason) for notice_no in notice_nos]
    intake.settle(shelf)
    ids = copy_notices(shelf.rows.notices, at=at)
    write(shelf.rows, ids, at=at)
    record(shelf.rows.notices, by=by, at=at, code="tenders.report_notice")
    return receipts


def _move_one(shelf: Shelf, notice_no: str, into: str, reason: str) -> Receipt:
    known = shelf.notices[notice_no]
    newest = known.rendition
    old = str(newest["project_no"])
    shelf.deadlines.get(old, {}).pop(notice_no, None)
    value = _placed(shelf, newest, into)
    value = {
        **value,
        "version": known.version + 1,
        "replaces": known.version,
        "reason": newest["reason"] or reason,
        "changes": [*lots.dicts(newest["changes"]), {"label": "所属项目", "old": old, "new": into}],
    }
    shelf.rows.matches.append((notice_no, into, "manual"))
    intake.keep(shelf, _system(newest), value)
    return Receipt("accepted", notice_no, known.version + 1, into)


def _placed(shelf: Shelf, newest: Rendition, into: str) -> Rendition:
    """The same notice with the numbers it has in the other project; what it moved is looked up there."""
    named, made = lots.numbered(into, shelf.lots[into], newest["lots"], {})
    intake.write_lots(shelf, into, made)
    value = {**newest, "project_no": into, "project_title": shelf.projects[into].title, "lots": named}
    lot_nos = [str(lot["lot_no"]) for lot in named] or [numbers.lot_no(into, 0)]
    is_correction = deadlines.is_correction(value)
    earlier = shelf.deadlines.get(into, {}).values()
    return deadlines.with_moved(value, deadlines.moved_by(value, lot_nos, earlier) if is_correction else None)


def _system(value: Rendition) -> str:
    source = value["source"]
    return str(source["system"]) if isinstance(source, dict) else ""


def _undo_matches(notice_nos: Sequence[str], reason: str, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """update tenders_project_match set undone_at = %s, undone_reason = %s
               where notice_no = any(%s) and undone_at is null""",
            (at, reason, list(notice_nos)),
        )
