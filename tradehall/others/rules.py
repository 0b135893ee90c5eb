"""What a quota must state before it may be offered. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tradehall.kernel import statements as check
from tradehall.kernel.refusal import Violation

QUOTA: Final = "碳排放权交易管理暂行条例9、10"
QUOTAS: Final[dict[str, str]] = {"pollution": "排污权", "other": "其他指标"}


@dataclass(frozen=True, slots=True)
class QuotaSubject:
    """`quantity` and `most_per_bidder` as decimal text in `unit`."""

    quota: str
    scheme_no: str
    authority: str
    decided_on: date
    quantity: str
    unit: str
    floor_cents: int
    eligible_emitters: str
    most_per_bidder: str | None = None
    document_sha256: str | None = None


def violations(stated: QuotaSubject, *, today: date) -> list[Violation]:
    """Everything wrong with a statement, at once."""
    quantity = check.check_decimal("quantity", "发放数量", stated.quantity)
    return [
        *check.check_choice("quota", "指标种类", stated.quota, QUOTAS, basis=QUOTA),
        *check.check_text("scheme_no", "分配方案文号", stated.scheme_no, limit=100, basis=QUOTA),
        *check.check_text("authority", "主管部门", stated.authority, limit=200, basis=QUOTA),
        *check.check_day("decided_on", "方案日期", stated.decided_on, today=today, basis=QUOTA),
        *quantity,
        *check.check_text("unit", "计量单位", stated.unit, limit=20),
        *check.check_cents("floor_cents", "底价（每单位）", stated.floor_cents),
        *check.check_text("eligible_emitters", "可参加的单位", stated.eligible_emitters, limit=2000, basis=QUOTA),
        *(_cap(stated) if not quantity else []),
    ]


def _cap(stated: QuotaSubject) -> list[Violation]:
    if stated.most_per_bidder is None:
        return []
    found = check.check_decimal("most_per_bidder", "单个单位上限", stated.most_per_bidder)
    if not found and Decimal(stated.most_per_bidder) > Decimal(stated.quantity):
        words = f"单个单位上限 {stated.most_per_bidder} 超过发放数量 {stated.quantity}"
        found.append(check.violation("most_per_bidder", words))
    return found
