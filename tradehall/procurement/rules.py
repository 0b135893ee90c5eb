"""What a package must state before it may be purchased. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from tradehall.kernel import statements as check
from tradehall.kernel.refusal import Violation

# 政府采购品目分类: A goods, B works, C services, then two to eight digits.
_CATALOGUE: Final = re.compile(r"[ABC]\d{2,8}")
BUDGET: Final = "政府采购法实施条例30"
SME: Final = "财库〔2020〕46号"
METHOD: Final = "政府采购法27"
SME_POLICIES: Final[dict[str, str]] = {
    "reserved": "专门面向中小企业",
    "part_reserved": "预留部分份额",
    "price_deduction": "价格评审优惠",
    "not_suitable": "不适宜面向中小企业",
}


@dataclass(frozen=True, slots=True)
class PurchaseSubject:
    """`sme_reason` is needed where the policy is not applied; `method_approval_no` where another method than tender is used."""

    budget_cents: int
    budget_year: int
    catalogue_code: str
    catalogue_name: str
    specification: str
    sme_policy: str
    sme_reason: str | None = None
    allows_imports: bool = False
    method_approval_no: str | None = None
    method_approved_on: date | None = None
    document_sha256: str | None = None


def violations(stated: PurchaseSubject, *, today: date) -> list[Violation]:
    """Everything wrong with a statement, at once."""
    found = [
        *check.check_cents("budget_cents", "预算金额", stated.budget_cents, basis=BUDGET),
        *check.check_text("catalogue_name", "采购品目名称", stated.catalogue_name, limit=200),
        *check.check_text("specification", "采购需求", stated.specification, limit=2000, basis="政府采购法实施条例15"),
        *check.check_choice("sme_policy", "中小企业政策", stated.sme_policy, SME_POLICIES, basis=SME),
        *_year(stated.budget_year, today),
        *_method(stated, today),
    ]
    if not _CATALOGUE.fullmatch(stated.catalogue_code):
        words = f"采购品目代码 {stated.catalogue_code[:20]} 应以 A、B 或 C 开头，后接二至八位数字"
        found.append(check.violation("catalogue_code", words))
    if stated.sme_policy == "not_suitable":
        found += check.check_text("sme_reason", "不适宜面向中小企业的理由", stated.sme_reason or "", basis=SME)
    return found


def _year(year: int, today: date) -> list[Violation]:
    """A budget of this year or the next, or the one before that was carried over."""
    if today.year - 1 <= year <= today.year + 1:
        return []
    return [check.violation("budget_year", f"预算年度 {year} 不是本年、上年结转或者下年", BUDGET)]


def _method(stated: PurchaseSubject, today: date) -> list[Violation]:
    if stated.method_approval_no is None:
        return []
    found = check.check_text(
        "method_approval_no", "采购方式批准文号", stated.method_approval_no, limit=100, basis=METHOD
    )
    if stated.method_approved_on is None:
        return [*found, check.violation("method_approved_on", "采购方式批准日期没有填写", METHOD)]
    return found + check.check_day(
        "method_approved_on", "采购方式批准日期", stated.method_approved_on, today=today, basis=METHOD
    )
