"""Data exchange as tables: quality by system, traffic by market and hour, refusals with their reasons. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tradehall.kernel.times import to_beijing
from tradehall.reference.lines import lines

Row = dict[str, Any]
COLUMNS = {"accepted": "收下", "unchanged": "重复", "refused": "退回", "resent": "改正后收下"}
SHARES = {"complete": "必填齐全", "timely": "24 小时内", "valid": "代码有效"}
DEFINITIONS = (
    ("收下", "统计期内报送并公开的公告、信用记录和主体信息，按条计；修改和删除各计一条。"),
    ("必填齐全", "数据规范列为必填的字段都已报送的记录所占比例。"),
    ("24 小时内", "平台收到的时间距记录所称的发布时间不超过 24 小时；只有日期的从当日结束起算，所称时间在平台时间之后的不计入。"),
    ("代码有效", "代码集、行政区划、统一交易标识码和主体代码都有效的记录所占比例。"),
    ("不计入的", "不公开的记录，例如投标和评审过程中的信息：其条数也不公开。"),
)  # fmt: skip


def desk_crumbs(label: str, *above: tuple[str, str]) -> list[dict[str, str]]:
    """The way back from a page of the desk; `above` are label and address of what stands between."""
    steps = (("首页", "/"), ("工作台", "/desk"), *above, (label, ""))
    return [{"label": name, "href": href} for name, href in steps]


def share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else "无数据"


def market(code: str) -> str:
    return next((one.name for one in lines() if one.code == code), "主体、信用等")


def quality_table(rows: Sequence[Row], names: Mapping[str, str]) -> Row:
    """One row a system."""
    columns = ["系统", *COLUMNS.values(), *SHARES.values()]
    return {
        "label": "各系统的数据质量",
        "columns": [{"label": one, "right": place > 0} for place, one in enumerate(columns)],
        "rows": [
            [
                names.get(row["system"], row["system"]),
                *({"text": f"{row[name]:,}", "right": True} for name in COLUMNS),
                *({"text": share(row[name], row["accepted"]), "right": True} for name in SHARES),
            ]
            for row in rows
        ],
    }


def traffic_table(rows: Sequence[Row]) -> Row:
    """One row a market and hour, the newest first."""
    columns = ["小时", "市场", *COLUMNS.values()]
    return {
        "label": "按市场和小时",
        "columns": [{"label": one, "right": place > 1} for place, one in enumerate(columns)],
        "rows": [
            [
                {"text": hour_label(row["hour_at"]), "nowrap": True},
                {"text": market(row["line"]), "nowrap": True},
                *({"text": f"{row[name]:,}", "right": True} for name in COLUMNS),
            ]
            for row in sorted(rows, key=lambda row: row["hour_at"], reverse=True)
        ],
    }


def hour_label(moment: datetime) -> str:
    return f"{to_beijing(moment):%m-%d %H}:00"


def summed(rows: Sequence[Row]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in (*COLUMNS, *SHARES)}
