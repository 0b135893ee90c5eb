"""Reads `search_row` quarter by quarter from the newest, until the cap, the budget or the hard stop.

Statements are made from fixed text and parameters only. What is not reached is said (`cut_at`), never guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from .grams import WordKeys, like_pattern

ENOUGH = 20
STEPS = (1, 1, 2, 3)
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)
SETTINGS = """select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '32MB', true),
    set_config('random_page_cost', '1.1', true), set_config('lock_timeout', '3s', true)"""
WAIT = "lock table only search_row in access share mode"
STOPPED = ("57014", "55P03", "40P01")  # the time given, the wait for a lock, a deadlock: each an answer that is cut


@dataclass(frozen=True, slots=True)
class Limits:
    cap: int = 2_001
    budget_ms: float = 50
    hard_ms: float = 250


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition with its parameters; `keys` are facet values that the key index can cut with."""

    sql: str
    parameters: tuple[Any, ...] = ()
    keys: tuple[int, ...] = ()


class Hit(NamedTuple):
    id: int
    project_id: int
    line: str
    stage: str
    kind: str
    district: int | None


@dataclass(slots=True)
class Found:
    hits: list[Hit] = field(default_factory=list)
    cut_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        return self.cut_at is None


def word_conditions(words: Sequence[WordKeys], facet_keys: Sequence[int]) -> list[Condition]:
    """The recipe: keys where they decide or cut, the trigram index for long words standing alone.

    Beside keys the text is compared as an expression that no index has: left a choice, the planner takes the trigram
    index of a common word and reads thousands of keys. Codes and numbers have few keys and common trigrams.
    """
    by_keys = bool(facet_keys) or any(word.exact or word.word.isascii() or not word.trigrams for word in words)
    text = "(s.doc || '')" if by_keys else "s.doc"
    conditions = [Condition(f"{text} like %s", (like_pattern(word.word),)) for word in words if not word.exact]
    if by_keys:
        keys = sorted({key for word in words for key in word.keys} | set(facet_keys))
        conditions.insert(0, Condition("s.keys @> %s::int4[]", (keys,)))
    return conditions


def windows(since: datetime | None, until: datetime | None) -> Iterator[tuple[datetime, datetime]]:
    """Half-open spans covering all time, newest first, their inner edges at quarters that exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select search_quarter_start(c.relname::text) from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            " where i.inhparent = 'search_row'::regclass and c.relname <> 'search_row_other' order by 1 desc"
        )
        starts = [start for (start,) in cursor.fetchall()]
    low, high = since or FIRST, until or LAST
    edges = [start for start in starts if low < start < high]
    upper, at, step = high, 0, 0
    while at < len(edges):
        width = STEPS[min(step, len(STEPS) - 1)]
        lower = edges[min(at + width, len(edges)) - 1]
        yield lower, upper
        upper, at, step = lower, at + width, step + 1
    yield low, upper


def walk(
    conditions: Sequence[Condition], spans: Iterator[tuple[datetime, datetime]], limits: Limits, join: str = ""
) -> Found:
    where = " and ".join(condition.sql for condition in conditions) or "true"
    parameters = [value for condition in conditions for value in condition.parameters]
    statement = (
        "select s.id, s.project_id, s.line, s.stage, s.kind, s.district from search_row s"
        f" {join} where {where} and s.published >= %s and s.published < %s"
        " order by s.published desc, s.id desc limit %s"
    )
    found = Found()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _walk(cursor, statement, parameters, spans, limits, found)
            transaction.set_rollback(True)  # nothing was written, and the settings end here also inside a transaction
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") not in STOPPED:
            raise
        found.cut_at = found.cut_at or LAST
    if len(found.hits) >= limits.cap and found.cut_at is None:
        found.cut_at = FIRST
    return found


def _walk(
    cursor: CursorWrapper, statement: str, parameters: list[Any], spans: Iterator[tuple[datetime, datetime]],
    limits: Limits, found: Found,
) -> None:  # fmt: skip
    """Waits first for a quarter that is being exchanged, then lets the clock of the search run."""
    cursor.execute(SETTINGS)
    cursor.execute(WAIT)
    started = perf_counter()
    for low, high in spans:
        elapsed = (perf_counter() - started) * 1000
        is_enough = elapsed > limits.budget_ms and len(found.hits) >= ENOUGH
        if is_enough or elapsed > limits.hard_ms or len(found.hits) >= limits.cap:
            found.cut_at = high
            return
        found.cut_at = high
        cursor.execute(
            "select set_config('statement_timeout', %s, true)", [str(max(20, int(limits.hard_ms - elapsed)))]
        )
        cursor.execute(statement, [*parameters, low, high, limits.cap - len(found.hits)])
        found.hits += [Hit(*row) for row in cursor.fetchall()]
        found.cut_at = None
