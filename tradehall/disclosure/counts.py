"""How many, without the list: what cards, indicators and side columns say. Each equals the total of the list it names."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from .listing import Item, notice_item
from .models import NoticeRow
from .query import Query
from .search import total_of

__all__ = ["LineCounts", "count", "counts_by_line", "latest_of"]


@dataclass(frozen=True, slots=True)
class LineCounts:
    stages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


def count(query: Query, at: datetime) -> int:
    return total_of(query, at)


def counts_by_line() -> dict[str, LineCounts]:
    """All public notices by market, stage and kind, in one pass over the index that facets use."""
    found: dict[str, LineCounts] = {}
    with connection.cursor() as cursor:
        cursor.execute("select line, stage, kind, count(*) from disclosure_notice_row group by 1, 2, 3")
        for line, stage, kind, number in cursor.fetchall():
            counts = found.setdefault(line, LineCounts())
            counts.stages[stage] += number
            counts.kinds[kind] += number
    return found


def latest_of(stage: str, methods: tuple[str, ...], limit: int) -> list[Item]:
    rows = NoticeRow.objects.filter(stage=stage, method__in=methods)
    return [notice_item(row) for row in rows.order_by("-published_at", "-id")[:limit]]
