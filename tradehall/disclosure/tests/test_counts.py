"""Counts without lists: each is as long as its list, counted once a version, and never kept when it was cut short."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction

from tradehall.disclosure import counts, kept
from tradehall.disclosure.figures import figures
from tradehall.disclosure.projector import write_batch
from tradehall.disclosure.query import Query, parse_query
from tradehall.disclosure.rules import project_rendition
from tradehall.disclosure.search import search
from tradehall.disclosure.windows import Limits

from .renditions import rendition
from .reports import AT

WORDS: tuple[dict[str, str], ...] = (
    {"q": "小学", "line": "works"},
    {"q": "小学", "line": "land"},
    {"q": "新建工程施工"},
    {"q": "操场 7", "line": "land"},
    {"q": "学", "line": "land"},
    {"q": "没有", "line": "works"},
)


LATE = Limits(budget_ms=5_000, hard_ms=5_000)  # what is counted here must not hang on how busy the machine is


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.forget()
    monkeypatch.setattr(counts, "LIMITS", LATE)


def write(first: int, count: int) -> None:
    """Works and land in turns, over three quarters."""
    months = ("2025-11", "2026-01", "2026-03")
    values = [
        rendition(n, line=("works", "land")[n % 2], published_at=f"{months[n % 3]}-0{1 + n % 9}T09:00:00+08:00")
        for n in range(first, first + count)
    ]
    with transaction.atomic():
        write_batch([project_rendition(value, 1) for value in values])


def asked(*given: dict[str, str]) -> list[Query]:
    return [parse_query(one) for one in given]


@pytest.mark.parametrize("extra", [{}, {"stage": "notice"}, {"from": "2026-01-01"}, {"district": "310115"}])
def test_words_are_counted_as_their_lists_are(db: None, extra: dict[str, str]) -> None:
    write(0, 17)
    queries = asked(*({**given, **extra} for given in WORDS))
    listed = [search(query, AT, LATE).total for query in queries]
    assert sum(listed) > 20
    assert counts.counts_of_words(queries, AT, 1) == listed
    plain = queries[:3]  # one word each: these go together where nothing else is asked
    assert counts.counts_of_words(plain, AT, 1) == listed[:3]


def test_a_count_stops_where_its_list_stops(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write(0, 17)
    few, queries = replace(LATE, cap=6), asked(*WORDS[:3])
    monkeypatch.setattr(counts, "LIMITS", few)
    assert counts.counts_of_words(queries, AT, 1) == [search(query, AT, few).total for query in queries] == [5, 5, 5]


def test_counted_once_a_version(db: None, django_assert_num_queries: Callable[..., object]) -> None:
    write(0, 4)
    since, until = AT.replace(month=1, day=1), AT.replace(month=12, day=31)

    def every(version: int) -> tuple[object, ...]:
        lines = {line: sum(found.stages.values()) for line, found in counts.counts_by_line(version).items()}
        words = counts.counts_of_words(asked(*WORDS[:2]), AT, version)
        return (
            lines,
            words,
            counts.published(since, until, None, version),
            counts.deals(AT, since, until, None, version),
        )

    first = every(1)
    with django_assert_num_queries(0):
        assert every(1) == first
    write(4, 4)
    later = every(2)
    assert (first[:2], later[:2]) == (({"works": 2, "land": 2}, [2, 2]), ({"works": 4, "land": 4}, [4, 4]))
    assert later[3] == figures(AT, since, until)


def test_a_word_nobody_could_count_in_time_is_not_kept(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(0, 4)
    queries, found = asked(WORDS[0]), []
    monkeypatch.setattr(counts, "LIMITS", Limits())

    def count() -> None:
        try:
            found.append(counts.counts_of_words(queries, AT, 1))
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("lock table search_row in access exclusive mode")
        reader = threading.Thread(target=count)
        reader.start()
        reader.join(20)
    assert found == [[0]]
    monkeypatch.setattr(counts, "LIMITS", LATE)
    assert counts.counts_of_words(queries, AT, 1) == [2]


def test_kept_numbers_are_few_and_grow_old(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[int] = []
    for number in range(kept.MOST + 2):
        kept.kept(1, number, lambda n=number: asked_for.append(n))
    kept.kept(1, kept.MOST + 1, lambda: asked_for.append(-1))
    kept.kept(1, 0, lambda: asked_for.append(-2))
    assert asked_for[kept.MOST + 2 :] == [-2]
    monkeypatch.setattr(kept, "MAX_AGE_S", 0.01)
    time.sleep(0.02)
    kept.kept(1, kept.MOST + 1, lambda: asked_for.append(-3))
    assert asked_for[-1] == -3
