"""Two projects of reported notices are one: the notices of the first move into the second, and its keys with them."""

from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.tenders.intake import Receipt
from tradehall.tenders.models import Project, ProjectKey
from tradehall.tenders.services import regrouping
from tradehall.tenders.services.shelf import lock_projects


@transaction.atomic
def join_project(*, by: Actor, at: datetime, project_no: str, into: str, reason: str) -> list[Receipt]:
    """Later reports that name the first project find the second; the first stays, empty, with its history."""
    refuse_if(regrouping.regrouper_violations(by, reason))
    lock_projects()
    first, second = regrouping.reported_project(project_no), regrouping.reported_project(into)
    notice_nos = regrouping.notices_of(project_no)
    refuse_if(_violations(first, second, notice_nos))
    shelf = regrouping.open_shelf(notice_nos, [project_no, into])
    receipts = regrouping.move(shelf, notice_nos, into, reason, by=by, at=at)
    ProjectKey.objects.filter(project=first).update(project=second)
    facts = {"into": into, "notices": notice_nos, "reason": reason}
    journal.record(code="tenders.join_project", by=by, at=at, subject=Ref("project", project_no), facts=facts)
    return receipts


def _violations(first: Project, second: Project, notice_nos: list[str]) -> list[Violation]:
    found = []
    if first.project_no == second.project_no:
        found.append(Violation("tenders.join_itself", "不能把项目并入它自己；没有改动任何内容", "into"))
    if first.line != second.line:
        message = f"两个项目的交易类别不同（{first.line}、{second.line}），不能合并；没有改动任何内容"
        found.append(Violation("tenders.join_line", message, "into"))
    if not notice_nos:
        message = f"项目 {first.project_no} 现在没有公告，没有可合并的内容"
        found.append(Violation("tenders.join_nothing", message, "project_no"))
    return found
