"""What a standing must be to be kept, and when it counts. Pure; the day is an argument."""

import hashlib
from datetime import date, datetime

from tradehall.kernel.actor import Actor, Scope
from tradehall.kernel.identifiers import is_uscc
from tradehall.kernel.refusal import Violation

KINDS = {
    "approval": "审批核准",
    "qualification": "资质",
    "penalty": "行政处罚",
    "honour": "奖励",
    "blacklist": "失信名单",
    "revocation": "撤销",
}


def standing_no(source_system: str, source_id: str) -> str:
    return "S" + hashlib.sha256(f"{source_system}\0{source_id}".encode("utf-8", "surrogatepass")).hexdigest()[:20]


def standing_violations(kind: str, uscc: str | None, from_on: date | None, until_on: date | None) -> list[Violation]:
    found = []
    if kind not in KINDS:
        found.append(Violation("kind", f"没有这种信用记录：{kind}；可用：{'、'.join(KINDS)}", field="kind"))
    if uscc is not None and not is_uscc(uscc):
        found.append(Violation("uscc", f"统一社会信用代码校验不通过：{uscc}", field="uscc", basis="GB 32100"))
    if from_on and until_on and until_on < from_on:
        found.append(Violation("period", f"终止日期 {until_on} 早于起始日期 {from_on}", field="until_on"))
    return found


def standing_state(until_on: date | None, revoked_at: datetime | None, at: datetime, day: date) -> str:
    """`revoked`, `expired` or `current`; the last day still counts."""
    if revoked_at is not None and revoked_at <= at:
        return "revoked"
    return "expired" if until_on is not None and until_on < day else "current"


def may_see(scope: Scope, line: str, district: str | None) -> bool:
    """Whether a role bound to lines and districts reaches this trade; a trade of no stated district only the unbound."""
    reaches_line = scope.lines is None or line in scope.lines
    if scope.districts is None:
        return reaches_line
    return reaches_line and district is not None and any(lies_in(district, one) for one in scope.districts)


def sees(by: Actor, roles: frozenset[str], line: str, district: str | None) -> bool:
    """Whether any of these roles of the actor reaches the trade."""
    return any(one.role in roles and may_see(one, line, district) for one in by.scopes)


def lies_in(district: str, region: str) -> bool:
    """By GB/T 2260: `..00` is a city with its districts, `..0000` a province; a district is itself only."""
    if region.endswith("0000"):
        return district[:2] == region[:2]
    return district[:4] == region[:4] if region.endswith("00") else district == region
