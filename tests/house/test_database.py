"""The test database is the one we promise: PostgreSQL with the builtin C.UTF-8 locale, trigrams of Chinese included."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_chinese_words_have_trigrams() -> None:
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists pg_trgm")
        cursor.execute("select cardinality(show_trgm('污水处理厂'))")
        assert cursor.fetchone() == (6,)
