"""What an allowance must state before it may be offered. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tradehall.kernel import statements as check
from tradehall.kernel.refusal import Violation

SCHEME: Final = "碳排放权交易管理暂行条例9、10"
FIRST_YEAR: Final = 2013
UNIT: Final = "吨二氧化碳当量"


@dataclass(frozen=True, slots=True)
class AllowanceSubject:
    """`quantity` and `most_per_bidder`: tonnes as decimal text; `floor_cents`: for one tonne; `year`: of the emissions."""

    scheme_no: str
    authority: str
    decided_on: date
    year: int
    quantity: str
    floor_cents: int
    eligible_emitters: str
    most_per_bidder: str
    document_sha256: str | None = None


def violations(stated: AllowanceSubject, *, today: date) -> list[Violation]:
    """Everything wrong with a statement, at once."""
    return [
        *check.check_text("scheme_no", "分配方案文号", stated.scheme_no, limit=100, basis=SCHEME),
        *check.check_text("authority", "主管部门", stated.authority, limit=200, basis=SCHEME),
        *check.check_day("decided_on", "方案日期", stated.decided_on, today=today, basis=SCHEME),
        *_year(stated.year, today),
        *check.check_cents("floor_cents", "底价（每吨）", stated.floor_cents),
        *check.check_text("eligible_emitters", "可参加的单位", stated.eligible_emitters, limit=2000, basis=SCHEME),
        *_tonnes(stated),
    ]


def _year(year: int, today: date) -> list[Violation]:
    if FIRST_YEAR <= year <= today.year + 1:
        return []
    return [check.violation("year", f"配额年度应在 {FIRST_YEAR} 年至 {today.year + 1} 年之间，不是 {year} 年", SCHEME)]


def _tonnes(stated: AllowanceSubject) -> list[Violation]:
    found = [
        *check.check_decimal("quantity", "发放数量（吨）", stated.quantity),
        *check.check_decimal("most_per_bidder", "单个单位上限（吨）", stated.most_per_bidder),
    ]
    if not found and Decimal(stated.most_per_bidder) > Decimal(stated.quantity):
        words = f"单个单位上限 {stated.most_per_bidder} 吨超过发放数量 {stated.quantity} 吨"
        found.append(check.violation("most_per_bidder", words))
    return found
