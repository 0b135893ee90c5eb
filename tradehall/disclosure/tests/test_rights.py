"""The application owns no table: it follows, searches and rebuilds through the owner's functions."""

import pytest
from django.db import connection

from tradehall.disclosure import follower, projector
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.search import search

from .reports import AT
from .test_search import PATIENT


def test_the_application_follows_searches_and_rebuilds(as_application: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "REBUILD_LEAST", 10)
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
            cursor.execute("select search_swap(%s)", [name])


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
