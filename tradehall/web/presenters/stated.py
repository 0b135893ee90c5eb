"""Facts as a source stated them, as labelled rows. Pure; what has no label here is shown under its own name."""

from collections.abc import Mapping
from typing import Any

from tradehall.kernel.money import format_wan
from tradehall.kernel.times import format_minute, parse_rfc3339

LABELS = {
    "budget_cents": "预算金额", "ceiling_cents": "最高限价", "starting_price_cents": "起始价", "deposit_cents": "保证金",
    "estimate_cents": "估算金额", "area_m2": "面积（平方米）", "land_use": "用途", "term_years": "年限", "premium_rate": "溢价率（%）",
    "ending": "结束方式", "cause": "原因", "basis": "依据", "quality": "质量", "period": "工期或履约期", "documents_from": "文件获取起",
    "documents_until": "文件获取止", "opening_place": "开标地点", "expected_on": "预计时间", "regulator": "监督部门",
    "supply_method": "供应方式", "review_from": "公示起", "review_until": "公示止", "signed_at": "签订时间", "traded_on": "成交日期",
    "about_record": "对应记录", "source_no": "来源编号", "parcel_no": "宗地编号", "location": "位置",
}  # fmt: skip
SKIPPED = frozenset({"winners", "candidates", "bidders", "supplier", "lot_no", "name", "unified_code"})


def stated_rows(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """[{label, value}] of every plain fact, money in 万元, times in Beijing time."""
    rows = []
    for code, value in facts.items():
        if code in SKIPPED or value in (None, "", [], {}) or isinstance(value, list | dict):
            continue
        rows.append({"label": LABELS.get(code, code), "value": _words(code, value)})
    return rows


def _words(code: str, value: object) -> str:
    if code.endswith("_cents"):
        return f"{format_wan(int(str(value)))} 万元"
    if code.endswith(("_at", "_from", "_until")) and "T" in str(value):
        return format_minute(parse_rfc3339(str(value)))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
