"""Puts the page cache before Django and tells it when a kept page is no longer what Django would answer."""

from django.db import DatabaseError, connection

from tradehall.disclosure import selectors
from tradehall.web.page_cache import PageCache, Wsgi

UNKNOWN = -1
CLOCK_OFFSET_S = "select round(extract(epoch from platform_now() - clock_timestamp()))::bigint"


def cached(application: Wsgi) -> PageCache:
    return PageCache(application, version)


def version() -> int:
    """Of the projections, and of a demonstration's clock. Asked outside any request: nobody else closes the connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLOCK_OFFSET_S)
            return hash((selectors.projection_version(), cursor.fetchone()[0]))
    except DatabaseError:
        return UNKNOWN  # Django is asked, and answers what it answers without a database
    finally:
        connection.close()
