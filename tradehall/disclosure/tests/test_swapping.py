"""While a quarter is exchanged under them, searches wait a moment: none fails, none loses a notice."""

import threading

from django.db import connection, transaction

from tradehall.disclosure.projector import write_batch
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.rules import project_rendition
from tradehall.disclosure.search import search
from tradehall.disclosure.windows import Limits

from .renditions import rendition
from .reports import AT

LATE = Limits(budget_ms=5_000, hard_ms=5_000)


def test_searches_beside_a_writer_that_exchanges_quarters(committed_db: str) -> None:
    _write(1, 420)
    stop, seen, failures = threading.Event(), [], []
    readers = [threading.Thread(target=_read, args=(stop, seen, failures)) for _ in range(4)]
    for reader in readers:
        reader.start()
    for version in range(2, 8):
        _write(version, 420)
    stop.set()
    for reader in readers:
        reader.join(30)
    assert failures == []
    assert len(seen) > 20 and set(seen) == {(420, True)}


def test_a_search_that_cannot_have_the_table_says_so(committed_db: str) -> None:
    _write(1, 3)
    found = []

    def ask() -> None:
        try:
            found.append(search(parse_query({"q": "小学"}), AT))
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("lock table search_row in access exclusive mode")
        reader = threading.Thread(target=ask)
        reader.start()
        reader.join(20)
    assert [(page.total_is_exact, page.notes[0].code) for page in found] == [(False, "unfinished")]


def _write(version: int, count: int) -> None:
    with transaction.atomic():
        write_batch([project_rendition(rendition(n, version=version), version) for n in range(count)])


def _read(stop: threading.Event, seen: list, failures: list) -> None:
    try:
        while not stop.is_set():
            page = search(parse_query({"q": "小学"}), AT, LATE)
            seen.append((page.total, page.total_is_exact))
    except Exception as error:
        failures.append(repr(error))
    finally:
        connection.close()
