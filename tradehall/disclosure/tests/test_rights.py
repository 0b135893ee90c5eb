"""The application owns no table: it follows, searches and rebuilds through the owner's functions."""

import pytest
from django.db import connection, transaction

from tradehall.disclosure import follower, projector
from tradehall.disclosure.projector import write_batch
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.rules import project_rendition
from tradehall.disclosure.search import search

from .renditions import rendition
from .reports import AT
from .test_search import PATIENT


def test_the_application_follows_searches_and_rebuilds(as_application: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "LAYER_LEAST", 10)
    with connection.cursor() as cursor:
        cursor.execute("select current_user, pg_get_userbyid(relowner) from pg_class where relname = 'search_row'")
        assert len(set(cursor.fetchone())) == 2
    follower.catch_up()
    assert search(parse_query({"q": "小学"}), AT, PATIENT).total == 30
    assert projector.warm() >= 0
    follower.rebuild()
    assert search(parse_query({"q": "小学"}), AT, PATIENT).total == 30


def test_functions_of_the_owner_take_nothing_but_quarters(as_application: None) -> None:
    for name in ("search_row; drop table x", "tenders_notice", "search_row_other"):
        with pytest.raises(Exception, match="not a quarter"), connection.cursor() as cursor:
            cursor.execute("select search_attach(%s, '{}')", [name])


def test_nobody_else_may_call_them(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname from pg_proc where prosecdef and proname like 'search%%'"
            " and (proacl is null or exists (select from aclexplode(proacl) where grantee = 0))"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "select proname from pg_proc where prosecdef and proname like 'search%%'"
            " and coalesce(array_to_string(proconfig, ';'), '') not like '%%search_path=public, pg_temp%%'"
        )
        assert cursor.fetchall() == []


def test_large_batches_become_layers_and_layers_of_one_size_are_merged(
    as_application: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "LAYER_LEAST", 10)
    layers = [_layers_after(batch) for batch in range(9)]
    assert layers == [
        [0, 1],
        [0, 1, 2],
        [0, 1, 2, 3],
        [0, 4],
        [0, 4, 5],
        [0, 4, 5, 6],
        [0, 4, 5, 6, 7],
        [0, 4, 8],
        [0, 4, 8, 9],
    ]
    assert search(parse_query({"q": "小学"}), AT, PATIENT).total == 9 * 12


def _layers_after(batch: int) -> list[int]:
    """Twelve more notices of one quarter."""
    items = [project_rendition(rendition(n), n) for n in range(batch * 12, batch * 12 + 12)]
    with transaction.atomic(), connection.cursor() as cursor:
        write_batch(items)
        cursor.execute("select search_layers(search_quarter(%s))", [items[0].notice["published_at"]])
        found: list[int] = cursor.fetchone()[0]
    return found
