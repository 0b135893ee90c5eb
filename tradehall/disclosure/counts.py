"""How many, without the list: what cards, indicators and side columns say. Each equals the total of the list it names.

`version` is that of the projections (`selectors.projection_version`), read before anything is counted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction

from .figures import Figures, figures, whole_days
from .filters import TEXTS, row_conditions
from .kept import kept
from .listing import Item, notice_item
from .models import NoticeRow
from .query import Query, keyed_words
from .search import PLAIN_CAP, total_of
from .windows import SETTINGS, STOPPED, WAIT, Limits, word_conditions

__all__ = ["LineCounts", "count", "counts_by_line", "counts_of_words", "deals", "latest_of", "published"]
LIMITS = Limits()
TIMED = "select set_config('statement_timeout', %s, true)"
STAGES_OF_LINES = "select line, stage, kind, count(*) from disclosure_notice_row group by 1, 2, 3"
PUBLISHED = """select count(*), count(*) filter (where stage = 'abnormal') from disclosure_notice_row
    where published_at >= %s and published_at < %s and (%s::text is null or line = %s)"""


@dataclass(frozen=True, slots=True)
class LineCounts:
    stages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


def count(query: Query, at: datetime) -> int:
    return total_of(query, at)


def counts_by_line(version: int) -> dict[str, LineCounts]:
    """All public notices by market, stage and kind, in one pass over the index that facets use."""
    return kept(version, "lines", _counts_by_line)


def _counts_by_line() -> dict[str, LineCounts]:
    found: dict[str, LineCounts] = {}
    with connection.cursor() as cursor:
        cursor.execute(STAGES_OF_LINES)
        for line, stage, kind, number in cursor.fetchall():
            counts = found.setdefault(line, LineCounts())
            counts.stages[stage] += number
            counts.kinds[kind] += number
    return found


def counts_of_words(queries: Sequence[Query], at: datetime, version: int) -> list[int]:
    """How long these lists are: single words in a market in one statement, what asks for more one by one."""
    together = iter(_counted([query for query in queries if _is_word_in_market(query)], at, version))
    return [next(together) if _is_word_in_market(query) else count(query, at) for query in queries]


def _counted(queries: Sequence[Query], at: datetime, version: int) -> list[int]:
    asked = tuple((query.line, query.words) for query in queries)
    try:
        return kept(version, ("words", asked), lambda: _together(queries, at))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") not in STOPPED:
            raise
        return [count(query, at) for query in queries]  # each says what it reached in its own time; kept by nobody


def _is_word_in_market(query: Query) -> bool:
    given = {name for name in query.given if name not in ("line", "q")}
    return query.view == "notices" and not given and len(query.words) == len(keyed_words(query.words)) == 1


def _together(queries: Sequence[Query], at: datetime) -> list[int]:
    """The walk of a search without its order: any hits up to the cap count the same. It has the time of all of them."""
    if not queries:
        return []
    parts = [_part(place, query, at) for place, query in enumerate(queries)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(WAIT)
        cursor.execute(TIMED, [str(int(LIMITS.hard_ms * len(queries)))])
        cursor.execute(" union all ".join(sql for sql, _ in parts), [value for _, given in parts for value in given])
        found = dict(cursor.fetchall())
        transaction.set_rollback(True)  # nothing was written, and the settings end here also inside a transaction
    return [found[place] for place in range(len(queries))]


def _part(place: int, query: Query, at: datetime) -> tuple[str, list[Any]]:
    filters = row_conditions(query, at, TEXTS)
    keys = tuple(key for condition in filters for key in condition.keys)
    conditions = [*word_conditions(keyed_words(query.words), keys), *filters]
    where = " and ".join(condition.sql for condition in conditions)
    given = [value for condition in conditions for value in condition.parameters]
    sql = f"select %s::int, count(*) from (select from search_row s where {where} limit %s) capped"
    return sql, [place, *given, LIMITS.cap - 1]


def published(since: datetime, until: datetime, line: str | None, version: int) -> tuple[int, int]:
    """Notices of these whole days, and those of them that say how a trade came to nothing."""
    return kept(version, ("published", since, until, line), lambda: _published(since, until, line))


def _published(since: datetime, until: datetime, line: str | None) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED, [since, until, line, line])
        every, abnormal = cursor.fetchone()
    return min(every, PLAIN_CAP), min(abnormal, PLAIN_CAP)


def deals(at: datetime, since: datetime, until: datetime, line: str | None, version: int) -> Figures:
    """`figures`, counted once a version for the same whole days."""
    found = kept(version, ("deals", *whole_days(since, until), line), lambda: figures(at, since, until, line))
    return replace(found, as_of=at)


def latest_of(stage: str, methods: tuple[str, ...], limit: int) -> list[Item]:
    rows = NoticeRow.objects.filter(stage=stage, method__in=methods)
    return [notice_item(row) for row in rows.order_by("-published_at", "-id")[:limit]]
