"""Which followers a notice concerns: the notice's own numbers, and saved lists by the very conditions of the list.

Reads this app's rows. A saved list is asked of the few rows at hand with the same SQL conditions that the list itself
uses, so that what is told is what a visit would show.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection

from tradehall.messages.selectors import Followed
from tradehall.parties import selectors as parties

from .filters import NOTICES, PROJECTS, TEXTS, row_conditions, span_conditions
from .grams import like_pattern
from .models import NoticeRow, NumberRow, RoleRow
from .query import Query, keyed_words, parse_query
from .suggestions import districts_from_words
from .windows import Condition

PROJECT: Final = "project"
LOT: Final = "lot"
ORGANISATION: Final = "organisation"
SEARCH: Final = "search"
KINDS = (PROJECT, LOT, ORGANISATION, SEARCH)
LOT_PAGE = "/lot/"


@dataclass(frozen=True, slots=True)
class Concerned:
    """Followers by what they follow, and each saved list once, however many follow it."""

    by_number: Mapping[tuple[str, str], Sequence[Followed]]
    lists: Mapping[str, Sequence[Followed]]

    @property
    def is_empty(self) -> bool:
        return not self.by_number and not self.lists


@dataclass(slots=True)
class Numbers:
    """What one notice is about, in numbers that can be followed."""

    project: str
    lots: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)


def grouped(followers: Iterable[Followed]) -> Concerned:
    by_number: dict[tuple[str, str], list[Followed]] = {}
    lists: dict[str, list[Followed]] = {}
    for one in followers:
        if one.kind == SEARCH:
            lists.setdefault(one.no, []).append(one)
        else:
            by_number.setdefault((one.kind, one.no), []).append(one)
    return Concerned(by_number, lists)


def concerned(rows: Mapping[int, NoticeRow], whom: Concerned, at: datetime) -> dict[int, list[Followed]]:
    """For each row (by id) those it concerns."""
    found: dict[int, list[Followed]] = {row_id: [] for row_id in rows}
    if whom.by_number:
        for row_id, numbers in numbers_of(rows).items():
            found[row_id] += _by_numbers(numbers, whom)
    for followers in whom.lists.values():
        for row_id in listed(followers[0].conditions, rows, at):
            found[row_id] += followers
    return found


def _by_numbers(numbers: Numbers, whom: Concerned) -> Iterator[Followed]:
    """A lot's follower hears of notices that name the lot, and of those of its project that name none."""
    yield from whom.by_number.get((PROJECT, numbers.project), ())
    for no in numbers.organisations:
        yield from whom.by_number.get((ORGANISATION, no), ())
    for no in numbers.lots:
        yield from whom.by_number.get((LOT, no), ())
    if not numbers.lots:
        for (kind, _), followers in whom.by_number.items():
            yield from (one for one in followers if kind == LOT and one.conditions.get("project") == numbers.project)


def numbers_of(rows: Mapping[int, NoticeRow]) -> dict[int, Numbers]:
    """An organisation by its code, by its name's number, and by the code either was joined to."""
    found = {row_id: Numbers(row.project_no) for row_id, row in rows.items()}
    stated = RoleRow.objects.filter(notice_id__in=found).values_list("notice_id", "uscc", "mention_no")
    pairs = [(row_id, no) for row_id, uscc, mention in stated for no in (uscc, None if uscc else mention) if no]
    joined = parties.joined({no for _, no in pairs})
    for row_id, no in pairs:
        found[row_id].organisations |= {no, joined.get(no, no)}
    lots = NumberRow.objects.filter(notice_id__in=found, href__startswith=LOT_PAGE).values_list("notice_id", "href")
    for row_id, href in lots:
        found[row_id].lots.add(href.removeprefix(LOT_PAGE))
    return found


def listed(conditions: Mapping[str, str], rows: Mapping[int, NoticeRow], at: datetime) -> list[int]:
    """Those of these notices that the list of these conditions holds at `at`."""
    stated = dict(conditions)
    view = stated.pop("view", "notices")
    query = parse_query(stated, view)
    likely = {row_id: row for row_id, row in rows.items() if view == "projects" or _may_be_in(query, row)}
    if not likely:
        return []
    query = districts_from_words(query)
    sql, more = _in_projects(query, at) if view == "projects" else _in_notices(query, at, likely)
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(likely), *more])
        return [row_id for (row_id,) in cursor.fetchall()]


def _may_be_in(query: Query, row: NoticeRow) -> bool:
    """What the plain conditions decide without asking: most lists have one, and most notices are of another market."""
    wanted = ((query.line, row.line), (query.stage, row.stage), (query.kind, row.kind), (query.method, row.method))
    return all(value is None or value == stated for value, stated in wanted)


def _in_notices(query: Query, at: datetime, rows: Mapping[int, NoticeRow]) -> tuple[str, list[Any]]:
    if not keyed_words(query.words):
        parts = [*_titles(query, "r"), *row_conditions(query, at, NOTICES), *span_conditions(query, NOTICES)]
        return _where("select r.id from disclosure_notice_row r where r.id = any(%s)", parts)
    moments = [row.published_at for row in rows.values()]
    quarters = Condition("s.published between %s and %s", (min(moments), max(moments)))
    parts = [quarters, *_texts(query, "s"), *row_conditions(query, at, TEXTS), *span_conditions(query, TEXTS)]
    return _where("select s.id from search_row s where s.id = any(%s)", parts)


def _in_projects(query: Query, at: datetime) -> tuple[str, list[Any]]:
    """A list of projects holds the project of a notice when any notice of it has the words."""
    parts = [*row_conditions(query, at, PROJECTS), *span_conditions(query, PROJECTS)]
    if not keyed_words(query.words):
        parts += _titles(query, "p")
    else:
        inner, values = _where(
            "select from search_row s join disclosure_notice_row o on o.id = s.id where o.project_no = r.project_no",
            _texts(query, "s"),
        )
        parts.append(Condition(f"exists ({inner})", tuple(values)))
    head = (
        "select r.id from disclosure_notice_row r join disclosure_project_row p using (project_no) where r.id = any(%s)"
    )
    return _where(head, parts)


def _titles(query: Query, alias: str) -> list[Condition]:
    return [Condition(f"{alias}.title_key like %s", (like_pattern(word),)) for word in query.words]


def _texts(query: Query, alias: str) -> list[Condition]:
    """The text itself decides; the keys of the search only find it faster among millions."""
    return [Condition(f"({alias}.doc || '') like %s", (like_pattern(word),)) for word in query.words]


def _where(head: str, parts: Sequence[Condition]) -> tuple[str, list[Any]]:
    sql = " and ".join([head, *(part.sql for part in parts)])
    return sql, [value for part in parts for value in part.parameters]
