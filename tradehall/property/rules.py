"""What an asset must state before it may be disclosed. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tradehall.kernel import statements as check
from tradehall.kernel.refusal import Violation

APPROVAL: Final = "企业国有资产法53"
VALUATION: Final = "企业国有资产法47、55"
ASSETS: Final[dict[str, str]] = {
    "equity": "股权", "real_estate": "房地产", "movable": "机器设备等实物", "intangible": "无形资产", "debt": "债权",
    "other": "其他资产",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AssetSubject:
    """`share`: per cent of the equity, as decimal text; it, the priority holders and the staff settlement belong to equity."""

    asset: str
    name: str
    approval_no: str
    approval_authority: str
    approved_on: date
    valuation_cents: int
    valuer: str
    valued_on: date
    filing_no: str
    share: str | None = None
    priority_holders: str | None = None
    staff_settlement: str | None = None
    document_sha256: str | None = None


def violations(stated: AssetSubject, *, today: date) -> list[Violation]:
    """Everything wrong with a statement, at once."""
    return [
        *check.check_choice("asset", "资产类别", stated.asset, ASSETS),
        *check.check_text("name", "标的名称", stated.name),
        *check.check_text("approval_no", "批准文号", stated.approval_no, limit=100, basis=APPROVAL),
        *check.check_text("approval_authority", "批准单位", stated.approval_authority, limit=200, basis=APPROVAL),
        *check.check_day("approved_on", "批准日期", stated.approved_on, today=today, basis=APPROVAL),
        *check.check_cents("valuation_cents", "评估值", stated.valuation_cents, basis=VALUATION),
        *check.check_text("valuer", "评估机构", stated.valuer, limit=200, basis=VALUATION),
        *check.check_text("filing_no", "评估核准（备案）编号", stated.filing_no, limit=100, basis=VALUATION),
        *_valued(stated.valued_on, today),
        *_equity(stated),
    ]


def good_until(valued_on: date) -> date:
    """A valuation holds one year from its base day; after that it is made anew."""
    try:
        return valued_on.replace(year=valued_on.year + 1)
    except ValueError:  # 29 February
        return date(valued_on.year + 1, 2, 28)


def _valued(valued_on: date, today: date) -> list[Violation]:
    found = check.check_day("valued_on", "评估基准日", valued_on, today=today, basis=VALUATION)
    if not found and today >= good_until(valued_on):
        words = f"评估结果自基准日 {valued_on} 起一年内有效，已于 {good_until(valued_on)} 到期，需要重新评估"
        found.append(check.violation("valued_on", words, VALUATION))
    return found


def _equity(stated: AssetSubject) -> list[Violation]:
    if stated.asset != "equity":
        return []
    holders, staff = stated.priority_holders or "", stated.staff_settlement or ""
    return [
        *check.check_decimal("share", "转让比例", stated.share or "", most="100"),
        *check.check_text("priority_holders", "优先购买权人（没有的写无）", holders, limit=2000),
        *check.check_text("staff_settlement", "职工安置（不涉及的写明）", staff, limit=2000, basis="企业国有资产法41"),
    ]
