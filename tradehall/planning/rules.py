"""What a plan must say, who may say it, and what changed between two versions.

Pure: the day and the code lists are arguments. Says nothing about the trade that may follow.
"""

import re
from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from tradehall.kernel.actor import Actor
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.identifiers import check_uscc
from tradehall.kernel.masking import mask_personal
from tradehall.kernel.money import MAX_CENTS, format_wan
from tradehall.kernel.refusal import Violation

NOTHING_KEPT: Final = "没有保存任何内容"
LENGTHS: Final = {"principal_name": 200, "subject": 300, "funds": 300}
WORDS: Final = {
    "principal_name": "发起方名称", "principal_uscc": "统一社会信用代码", "line": "交易类别", "subject": "标的",
    "district": "所在地区", "estimate_cents": "估算价", "expected_on": "预计时间", "funds": "资金来源",
}  # fmt: skip
LAST_YEAR: Final = 2100
_MONTH: Final = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class PlanStatement:
    """What a plan says. `expected_on` is a month (`2026-05`) or a day; an estimate not yet known is None."""

    principal_name: str
    principal_uscc: str | None
    line: str
    subject: str
    estimate_cents: int | None
    expected_on: str
    district: str
    funds: str


@dataclass(frozen=True, slots=True)
class PlanChange:
    label: str
    old: str
    new: str


def statement_violations(
    stated: PlanStatement, *, day: date, lines: frozenset[str], is_district: bool
) -> list[Violation]:
    """Everything wrong with a statement made on `day`, at once."""
    found = [one for name in LENGTHS for one in _text_violations(name, getattr(stated, name))]
    if stated.line not in lines:
        found.append(_violation("line", f"没有这个交易类别：{stated.line}；可用：{'、'.join(sorted(lines))}"))
    if not is_district:
        found.append(_violation("district", f"{stated.district} 不是行政区划代码，请填写6位代码"))
    cents = stated.estimate_cents
    if cents is not None and not 0 < cents <= MAX_CENTS:
        found.append(_violation("estimate_cents", "估算价应大于零且不超过上限；尚未确定的请留空"))
    return found + _uscc_violations(stated.principal_uscc) + _expected_violations(stated.expected_on, day)


def _text_violations(name: str, text: str) -> list[Violation]:
    found = []
    if not text.strip():
        found.append(_violation(name, f"{WORDS[name]}没有填写"))
    if len(text) > LENGTHS[name]:
        found.append(_violation(name, f"{WORDS[name]}超过 {LENGTHS[name]} 字，现为 {len(text)} 字"))
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", text):
        found.append(_violation(name, f"{WORDS[name]}含有换行或者控制字符，请写成一行"))
    if mask_personal(text) != text:
        found.append(_violation(name, f"{WORDS[name]}含有手机号码或者身份证号码，计划公开后人人可见，请删去"))
    return found


def _uscc_violations(uscc: str | None) -> list[Violation]:
    try:
        if uscc is not None:
            check_uscc(uscc)
    except ValueError as error:
        return [_violation("principal_uscc", str(error), "GB 32100")]
    return []


def _expected_violations(expected_on: str, day: date) -> list[Violation]:
    try:
        last = latest_day(expected_on)
    except ValueError:
        return [_violation("expected_on", f"预计时间 {expected_on} 不是月份（如 2026-05）或者日期（如 2026-05-12）")]
    if last.year > LAST_YEAR:
        return [_violation("expected_on", f"预计时间 {expected_on} 晚于 {LAST_YEAR} 年，请核对年份")]
    if last < day:
        return [_violation("expected_on", f"预计时间 {expected_on} 早于公开之日 {day}，请改为今后的时间")]
    return []


def latest_day(expected_on: str) -> date:
    """The last day the words allow: of a month, its last; ValueError when they name neither month nor day."""
    if _MONTH.fullmatch(expected_on):
        first = date.fromisoformat(f"{expected_on}-01")
        return first.replace(day=monthrange(first.year, first.month)[1])
    day = date.fromisoformat(expected_on)
    if day.isoformat() != expected_on:
        raise ValueError(expected_on)
    return day


def publisher_violations(by: Actor, principal: PlanStatement) -> list[Violation]:
    """The principal for himself, an agency for its principal, or the platform."""
    if by.kind == "platform" or (by.has("agency") and by.organisation):
        return []
    return [] if _is_principal(by, principal) else [_role_violation("公开计划")]


def reviser_violations(by: Actor, principal: PlanStatement, publisher: str | None) -> list[Violation]:
    """The principal, the body that published the plan, or the platform."""
    if by.kind == "platform" or _is_principal(by, principal):
        return []
    if by.has("agency") and by.organisation and by.organisation == publisher:
        return []
    return [_role_violation("修改计划")]


def is_for_client(by: Actor, stated: PlanStatement) -> bool:
    """An agency that acts for somebody else, and so needs a mandate."""
    return by.has("agency") and not _is_principal(by, stated)


def _is_principal(by: Actor, stated: PlanStatement) -> bool:
    """By code; by name only for a principal that stated no code."""
    return (
        by.has("principal")
        and by.organisation is not None
        and by.organisation == (stated.principal_uscc or stated.principal_name)
    )


def reason_violations(reason: str) -> list[Violation]:
    text = reason.strip()
    if not text or len(text) > 500:
        return [_violation("reason", "请写明修改原因，不超过500字")]
    return [_violation("reason", "修改原因含有手机号码或者身份证号码，请删去")] if mask_personal(text) != text else []


def changes(old: PlanStatement, new: PlanStatement) -> list[PlanChange]:
    """What a revision changed, in words."""
    return [PlanChange(WORDS[name], _shown(name, before), _shown(name, after))
            for name, before, after in _pairs(old, new) if before != after]  # fmt: skip


def content(plan_no: str, version: int, stated: PlanStatement) -> bytes:
    """The canonical bytes whose digest the journal keeps."""
    return canonical_json({"plan_no": plan_no, "version": version, **asdict(stated)})


def plan_no(day: date, count: int) -> str:
    return f"P{day:%Y%m%d}{count:06d}"


def _pairs(old: PlanStatement, new: PlanStatement) -> list[tuple[str, object, object]]:
    return [(name, value, asdict(new)[name]) for name, value in asdict(old).items()]


def _shown(name: str, value: object) -> str:
    if value is None:
        return "未定"
    return f"{format_wan(value)} 万元" if name == "estimate_cents" and isinstance(value, int) else str(value)


def _violation(field: str, message: str, basis: str | None = None) -> Violation:
    return Violation(f"planning.{field}", f"{message}；{NOTHING_KEPT}", field, basis)


def _role_violation(act: str) -> Violation:
    words = f"{act}只能由该计划的发起方、受托的代理机构或者平台办理；{NOTHING_KEPT}"
    return Violation("planning.role", words, "by")
