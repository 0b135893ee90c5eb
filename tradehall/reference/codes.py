"""The code lists everybody asks: classifications, industries, catalogues, dictionaries, places and working days.

Facts of others, shipped with source and date; a row nobody has confirmed says so. Nothing here decides anything.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from tradehall.kernel.calendar import WorkdayCalendar
from tradehall.reference.places import (
    DEMO_CITY,
    HOME_CITIES,
    SHANGHAI,
    Found,
    Region,
    districts_of,
    find_region,
    full_name,
    is_region_code,
    region,
    region_by_name,
)
from tradehall.reference.tables import Source, damage, rows, source, sources

__all__ = [
    "DEMO_CITY", "HOME_CITIES", "SHANGHAI", "CodeItem", "Found", "Region", "Source", "classification",
    "classifications", "damage", "dictionary", "districts_of", "expert_specialties", "find_region", "full_name",
    "holidays_known_until", "industries", "is_region_code", "procurement_catalogue", "region", "region_by_name",
    "source", "sources", "work_calendar",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeItem:
    """One row of a list; `is_provisional` when its meaning was not found in an official text."""

    code: str
    name: str
    level: int = 1
    parent_code: str | None = None
    is_provisional: bool = False
    line: str | None = None
    note: str = ""


def classification(code: str) -> CodeItem | None:
    """公共资源交易分类代码, e.g. A01 房屋建筑."""
    return classifications().get(code)


@cache
def classifications() -> dict[str, CodeItem]:
    return _items("classifications")


@cache
def industries() -> dict[str, CodeItem]:
    """GB/T 4754 (the edition is named by its source)."""
    return _items("industries")


@cache
def procurement_catalogue() -> dict[str, CodeItem]:
    return _items("procurement_catalogue")


@cache
def expert_specialties() -> dict[str, CodeItem]:
    return _items("expert_specialties")


@cache
def dictionary(name: str) -> dict[str, CodeItem]:
    """A small code set of the data norm: subject_type, subject_role, deal_classify, deal_stage, data_type, …"""
    found = {row["code"]: _item(row) for row in rows("dictionaries") if row["list"] == name}
    if not found:
        raise KeyError(name)
    return found


@cache
def work_calendar() -> WorkdayCalendar:
    """The working days of the published lists. Its version changes with every byte of them."""
    kinds = {date.fromisoformat(row["date"]): row["kind"] for row in rows("holidays")}
    listed = source("holidays")
    return WorkdayCalendar(
        version=f"cn-{max(kinds).year}-{listed.sha256[:8]}",
        off=frozenset(day for day, kind in kinds.items() if kind != "makeup_workday"),
        on=frozenset(day for day, kind in kinds.items() if kind == "makeup_workday"),
        first=date(min(kinds).year, 1, 1),
        last=date(max(kinds).year, 12, 31),
    )


def holidays_known_until() -> date:
    """The horizon: the last day of the last year whose holidays are published."""
    return work_calendar().last


def _items(name: str) -> dict[str, CodeItem]:
    return {row["code"]: _item(row) for row in rows(name)}


def _item(row: dict[str, str]) -> CodeItem:
    return CodeItem(
        row["code"],
        row["name"],
        int(row.get("level") or 1),
        row.get("parent_code") or None,
        row.get("is_provisional") == "1",
        row.get("line"),
        row.get("note", ""),
    )
