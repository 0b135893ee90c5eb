"""Undo a match: reported notices that do not belong to their project get one of their own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.tenders import matching, numbers
from tradehall.tenders.intake import Receipt, Shelf
from tradehall.tenders.models import Project, ProjectKey
from tradehall.tenders.rendition import Rendition
from tradehall.tenders.services import regrouping
from tradehall.tenders.services.shelf import lock_projects


@transaction.atomic
def split_project(*, by: Actor, at: datetime, project_no: str, notice_nos: Sequence[str], reason: str) -> list[Receipt]:
    """The named notices leave for a new project, as new versions; a code that only they state goes with them."""
    refuse_if(regrouping.regrouper_violations(by, reason))
    lock_projects()
    project = regrouping.reported_project(project_no)
    there = regrouping.notices_of(project_no)
    leaving = [no for no in there if no in set(notice_nos)]
    if not leaving or len(leaving) != len(set(notice_nos)):
        raise NotVisible("、".join(sorted(set(notice_nos) - set(there))) or project_no)
    refuse_if(_nothing_left(there, leaving))
    shelf = regrouping.open_shelf(there, [project_no])
    into = _new_project(shelf, project, leaving)
    receipts = regrouping.move(shelf, leaving, into, reason, by=by, at=at)
    _divide_codes(shelf, project, into, leaving)
    facts = {"into": into, "notices": leaving, "reason": reason}
    journal.record(code="tenders.split_project", by=by, at=at, subject=Ref("project", project_no), facts=facts)
    return receipts


def _nothing_left(there: Sequence[str], leaving: Sequence[str]) -> list[Violation]:
    if len(leaving) < len(there):
        return []
    message = f"项目的全部 {len(there)} 份公告都被选中，拆分后原项目没有公告；没有改动任何内容，请至少保留一份"
    return [Violation("tenders.split_leaves_nothing", message, "notice_nos")]


def _new_project(shelf: Shelf, old: Project, leaving: Sequence[str]) -> str:
    first = shelf.notices[leaving[0]].rendition
    project_no = _free_number(old.project_no, leaving[0])
    one = matching.Known(
        project_no=project_no,
        title=str(first["title"]),
        code=_code(first),
        district=str(first["district"]) if first["district"] else None,
        system=old.source_system,
    )
    one.principal, one.principal_uscc = _party(first["principal"])
    one.agency, one.agency_uscc = _party(first["agency"])
    shelf.projects[project_no] = one
    shelf.lots[project_no] = []
    shelf.made[project_no] = old.line
    return project_no


def _free_number(old_no: str, notice_no: str) -> str:
    """Derived, so that the same split gives the same number; one that is taken already is passed over."""
    count = 1
    while True:
        number = numbers.reported_project_no(f"split\0{old_no}\0{notice_no}\0{count}")
        if not Project.objects.filter(project_no=number).exists():
            return number
        count += 1


def _divide_codes(shelf: Shelf, project: Project, into: str, leaving: Sequence[str]) -> None:
    stay = [_code(known.rendition) for no, known in shelf.notices.items() if no not in set(leaving)]
    gone = {_code(shelf.notices[no].rendition) for no in leaving} - set(stay) - {None}
    keys = [matching.code_key(project.line, str(code)).digest for code in gone]
    ProjectKey.objects.filter(key__in=keys, project=project).update(project_id=into)
    if project.code in gone:
        project.code = next((code for code in stay if code), None)
        project.save(update_fields=["code"])


def _code(value: Rendition) -> str | None:
    return str(value["project_code"]) if value["project_code"] else None


def _party(value: object) -> tuple[str | None, str | None]:
    if not isinstance(value, dict):
        return None, None
    return str(value["name"]), str(value["uscc"]) if value.get("uscc") else None
