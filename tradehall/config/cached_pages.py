"""Puts the page cache before Django and tells it which version of the published projections is current."""

from django.db import DatabaseError, connection

from tradehall.disclosure import selectors
from tradehall.web.page_cache import PageCache, Wsgi

UNKNOWN = -1


def cached(application: Wsgi) -> PageCache:
    return PageCache(application, version)


def version() -> int:
    """Asked outside any request, where nobody else gives the connection back to the pool."""
    try:
        return selectors.projection_version()
    except DatabaseError:
        return UNKNOWN  # Django is asked, and answers what it answers without a database
    finally:
        connection.close()
