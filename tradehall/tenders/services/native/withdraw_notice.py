"""Withdrawing a plan or pre-disclosure: its next version says that it no longer stands. Nothing disappears.

An announcement of an attempt is not withdrawn: the attempt is ended, which the law wants announced with its cause.
"""

from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.tenders import revising, rules, selectors
from tradehall.tenders.models import Notice
from tradehall.tenders.reports import Change
from tradehall.tenders.rules import NoticePublished
from tradehall.tenders.services.native import access, writing
from tradehall.tenders.services.native.correct_notice import newest, targets_of

ACT = "tenders.withdraw_notice"
WITHDRAWABLE = ("plan", "pre_disclosure")


@transaction.atomic
def withdraw_notice(*, by: Actor, at: datetime, notice_no: str, reason: str) -> NoticePublished:
    old = newest(notice_no)
    entered = access.enter(old.project_id, by=by, at=at)
    targets = targets_of(entered, old)
    refuse_if(
        [
            *rules.role_violations("撤回公告", entered.roles, ("principal", "agency")),
            *rules.text_violations(reason, "reason", "撤回原因"),
            *_kind_violations(old),
        ]
    )
    draft = writing.Draft(
        wording=revising.wording_of(selectors.rendition(notice_no, old.version)), number=old.attempt,
        lots=tuple(one.lot for one in targets), nature="termination", reason=reason.strip(),
        classification=access.classification(targets), changes=(Change("公告效力", "有效", "已撤回"),),
    )  # fmt: skip
    published = writing.supersede(entered.project, draft, by=by, at=at, old=old)
    facts = {"version": published.version}
    journal.record(code=ACT, by=by, at=at, subject=Ref("notice", notice_no, published.version), facts=facts)
    return published


def _kind_violations(old: Notice) -> list[Violation]:
    if old.kind not in WITHDRAWABLE:
        message = "交易公告不能撤回；不再进行的，请终止本次交易并公告原因"
        return [Violation("tenders.not_withdrawable", message, "notice_no", "平台规则")]
    if old.nature == "termination":
        return [Violation("tenders.withdrawn", "公告已经撤回过", "notice_no")]
    return []
