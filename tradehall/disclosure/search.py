"""Answers a list: which rows, how many, in which order, with facets and everything the reader should know.

Lists with words walk the searched texts; lists without read the rows.
The first twenty are always right; counts stop at the cap.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from tradehall.kernel.times import to_beijing
from tradehall.tenders.kinds import KINDS, STAGES

from . import suggestions
from .filters import NOTICES, PROJECTS, TEXTS, row_conditions, span_conditions
from .grams import like_pattern
from .listing import Item, items_of
from .query import Note, Query, keyed_words
from .rules import place_parameter
from .windows import FIRST, LAST, Condition, Found, Hit, Limits, walk, windows, word_conditions

PLAIN_CAP = 200_000
DEEPEST_ROW = 20_000
DIMENSIONS = ("line", "stage", "district", "kind")
DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    query: Query
    total: int
    total_is_exact: bool
    page: int
    pages: int
    items: tuple[Item, ...]
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    cut_year: int | None = None
    redirect: str | None = None

    @property
    def total_words(self) -> str:
        return str(self.total) if self.total_is_exact else f"{self.total:,}+"


@dataclass(frozen=True, slots=True)
class Answer:
    ids: list[int]
    total: int
    is_exact: bool
    counts: dict[str, Counter[Any]]
    cut_at: datetime | None = None


def search(query: Query, at: datetime, limits: Limits = DEFAULT) -> Page:
    target = suggestions.direct_hit(query)
    if target:
        return Page(query, 1, True, 1, 1, (), redirect=target)
    query = suggestions.districts_from_words(query)
    answer = _answer(query, at, limits)
    pages = max(1, -(-min(answer.total, DEEPEST_ROW) // query.size))
    notes = query.notes + _cut_notes(answer, query)
    if not answer.ids and answer.is_exact and not answer.total:
        notes += suggestions.when_empty(query, lambda other: _answer(other, at, replace(limits, cap=1)).total > 0)
    return Page(
        query=query,
        total=answer.total,
        total_is_exact=answer.is_exact,
        page=query.page,
        pages=pages,
        items=items_of(query.view, answer.ids, deals=query.state == "deal"),
        facets=_facets(answer.counts),
        notes=notes,
        cut_year=to_beijing(answer.cut_at).year if answer.cut_at and FIRST < answer.cut_at < LAST else None,
    )


def total_of(query: Query, at: datetime, limits: Limits = DEFAULT) -> int:
    """How long the list of `search` is, up to the cap, without reading its rows or looking for advice."""
    return _answer(suggestions.districts_from_words(query), at, limits).total


def _answer(query: Query, at: datetime, limits: Limits) -> Answer:
    words = keyed_words(query.words)
    return _by_texts(query, at, limits) if words else _by_rows(query, at)


def _by_texts(query: Query, at: datetime, limits: Limits) -> Answer:
    in_projects = query.view == "projects"
    conditions = row_conditions(query, at, PROJECTS if in_projects else TEXTS)
    keys = () if in_projects else tuple(key for condition in conditions for key in condition.keys)
    singles = [Condition("s.doc like %s", (like_pattern(word),)) for word in query.words if len(word) == 1]
    texts = [*word_conditions(keyed_words(query.words), keys), *singles]
    join = "join disclosure_project_row p on p.id = s.project_id" if in_projects else ""
    extra = span_conditions(query, PROJECTS) if in_projects else []
    spans = windows(None, query.until) if in_projects else windows(query.since, query.until)
    found = walk([*texts, *conditions, *extra], spans, limits, join)
    kept = found.hits[: limits.cap - 1] if len(found.hits) >= limits.cap > 1 else found.hits
    if in_projects:
        return _projects(query, kept, found)
    counts = {name: Counter(getattr(hit, name) for hit in kept) for name in DIMENSIONS}
    ids = _ordered([hit.id for hit in kept], query, NOTICES)
    return Answer(_page_of(ids, query), len(ids), found.is_complete, counts, found.cut_at)


def _projects(query: Query, hits: Sequence[Hit], found: Found) -> Answer:
    ids = _ordered(list(dict.fromkeys(hit.project_id for hit in hits)), query, PROJECTS)
    with connection.cursor() as cursor:
        cursor.execute("select line, stage, district, kind from disclosure_project_row where id = any(%s)", [ids])
        rows = cursor.fetchall()
    counts = {name: Counter(row[at] for row in rows) for at, name in enumerate(DIMENSIONS)}
    return Answer(_page_of(ids, query), len(ids), found.is_complete, counts, found.cut_at)


def _page_of(ids: list[int], query: Query) -> list[int]:
    start = (query.page - 1) * query.size
    return ids[start : start + query.size]


def _ordered(ids: list[int], query: Query, names: dict[str, str]) -> list[int]:
    """Hits come newest first; any other order is an order of these hits."""
    if query.sort == "newest" or len(ids) < 2:
        return ids
    table = "disclosure_notice_row" if names["alias"] == "r" else "disclosure_project_row"
    order, parameters = _order(query, names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {names['alias']}.id from {table} {names['alias']} where id = any(%s) order by {order}",
            [ids, *parameters],
        )
        return [row_id for (row_id,) in cursor.fetchall()]


def _order(query: Query, names: dict[str, str]) -> tuple[str, list[Any]]:
    s = names["alias"]
    newest = f"{s}.published_at desc, {s}.id desc"
    if query.sort == "closing":
        return f"{s}.closes_at is null, {s}.closes_at, {newest}", []
    if query.sort == "amount":
        return f"{s}.amount_cents desc nulls last, {newest}", []
    if query.sort == "relevance" and query.words:
        score = " + ".join(f"({s}.title_key like %s)::int" for _ in query.words)
        return f"({score}) desc, {newest}", [like_pattern(word) for word in query.words]
    return newest, []


def _by_rows(query: Query, at: datetime) -> Answer:
    names = PROJECTS if query.view == "projects" else NOTICES
    table = "disclosure_project_row p" if query.view == "projects" else "disclosure_notice_row r"
    s = names["alias"]
    titles = [Condition(f"{s}.title_key like %s", (like_pattern(word),)) for word in query.words]
    conditions = [*titles, *row_conditions(query, at, names), *span_conditions(query, names)]
    where = " and ".join(condition.sql for condition in conditions) or "true"
    parameters = [value for condition in conditions for value in condition.parameters]
    order, ordering = _order(query, names)
    with connection.cursor() as cursor:
        cursor.execute(
            "select line, stage, district, kind, count(*) from (select line, stage, district, kind"
            f" from {table} where {where} limit %s) capped group by 1, 2, 3, 4",
            [*parameters, PLAIN_CAP + 1],
        )
        groups = cursor.fetchall()
        offset = min((query.page - 1) * query.size, DEEPEST_ROW)
        cursor.execute(
            f"select {s}.id from {table} where {where} order by {order} limit %s offset %s",
            [*parameters, *ordering, query.size if offset < DEEPEST_ROW else 0, offset],
        )
        ids = [row_id for (row_id,) in cursor.fetchall()]
    counts: dict[str, Counter[Any]] = {name: Counter() for name in DIMENSIONS}
    for *values, count in groups:
        for name, value in zip(DIMENSIONS, values, strict=True):
            counts[name][value] += count
    total = sum(group[-1] for group in groups)
    return Answer(ids, min(total, PLAIN_CAP), total <= PLAIN_CAP, counts)


def _facets(counts: dict[str, Counter[Any]]) -> dict[str, tuple[Facet, ...]]:
    """Counts of every dimension add up to the total; rows without a value stand under an empty one."""
    districts = suggestions.district_names(code for code in counts["district"] if code)
    facets: dict[str, tuple[Facet, ...]] = {}
    for name, values in counts.items():
        facets[name] = tuple(
            Facet(_parameter(name, value), _label(name, value, districts), count)
            for value, count in sorted(values.items(), key=lambda pair: (-pair[1], str(pair[0])))
        )
    return facets


def _parameter(dimension: str, value: str | int | None) -> str:
    """What the parameter of this dimension says for the value."""
    if dimension == "district":
        return place_parameter(None if value is None else int(value))
    return "" if value is None else str(value)


def _label(dimension: str, value: str | int | None, districts: dict[int, str]) -> str:
    if value is None:
        return "未注明"
    if dimension == "kind":
        return KINDS[str(value)].label if value in KINDS else str(value)
    if dimension == "district":
        return districts.get(int(value), str(value))
    return STAGES.get(str(value), str(value)) if dimension == "stage" else str(value)


def _cut_notes(answer: Answer, query: Query) -> tuple[Note, ...]:
    notes: list[Note] = []
    if answer.cut_at == LAST:
        notes.append(Note("unfinished", "本次检索没有在时限内完成，已找到的列在下面；请增加条件或稍后再试。"))
    elif answer.cut_at and answer.cut_at > FIRST:
        day = to_beijing(answer.cut_at).date()
        notes.append(Note("cut", f"本次只检索到 {day:%Y 年 %m 月} 为止，更早的可继续检索。", instead=day.isoformat()))
    if not answer.is_exact and query.sort != "newest":
        notes.append(Note("sorted_part", f"结果较多，只在最新的 {answer.total} 条内排序。", drop="sort"))
    if query.words and not keyed_words(query.words):
        notes.append(Note("short", "只有一个字时仅在标题中查找，输入两个字以上可查全文。"))
    if query.page > 1 and not answer.ids and answer.total:
        notes.append(Note("past_end", f"没有第 {query.page} 页，请返回第 1 页或缩小时间范围。", drop="page"))
    return tuple(notes)
