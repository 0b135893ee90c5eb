"""What a works lot must state before it may be tendered. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from tradehall.kernel import statements as check
from tradehall.kernel.refusal import Violation

# 投资项目统一代码: year, region, industry, type (01 approval, 02 confirmation, 03 filing), serial.
_PROJECT_CODE: Final = re.compile(r"\d{4}-\d{6}-\d{2}-0[123]-\d{6}")
APPROVAL: Final = "招标投标法9"
INVITATION: Final = "招标投标法11；招标投标法实施条例8"


@dataclass(frozen=True, slots=True)
class WorksSubject:
    """`public_share`: per cent of state funds, as decimal text; None where none are used."""

    approval_no: str
    approval_authority: str
    approved_on: date
    funds: str
    specification: str
    estimate_cents: int
    public_share: str | None = None
    investment_code: str | None = None
    invitation_approval_no: str | None = None
    document_sha256: str | None = None


def violations(stated: WorksSubject, *, today: date) -> list[Violation]:
    """Everything wrong with a statement, at once."""
    found = [
        *check.check_text("approval_no", "批准文号", stated.approval_no, limit=100, basis=APPROVAL),
        *check.check_text("approval_authority", "批准机关", stated.approval_authority, limit=200, basis=APPROVAL),
        *check.check_day("approved_on", "批准日期", stated.approved_on, today=today, basis=APPROVAL),
        *check.check_text("funds", "资金来源", stated.funds, basis=APPROVAL),
        *check.check_text("specification", "招标范围和技术资料", stated.specification, limit=2000),
        *check.check_cents("estimate_cents", "合同估算价", stated.estimate_cents),
    ]
    if stated.public_share is not None:
        found += check.check_decimal("public_share", "国有资金比例", stated.public_share, most="100")
    if stated.investment_code is not None and not _PROJECT_CODE.fullmatch(stated.investment_code):
        words = f"投资项目统一代码 {stated.investment_code[:40]} 不是 年份-地区-行业-类型-序号 的形式"
        found.append(check.violation("investment_code", words))
    if stated.invitation_approval_no is not None:
        found += check.check_text(
            "invitation_approval_no", "邀请招标批准文号", stated.invitation_approval_no, limit=100, basis=INVITATION
        )
    return found
