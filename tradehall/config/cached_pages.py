"""Puts the page cache before Django and tells it when a kept page is no longer what Django would answer.

With a standby, that is put between the two, and told up to where a page of the present version must be right.
"""

from django.conf import settings
from django.db import DatabaseError, connection

from tradehall.config import replica
from tradehall.disclosure import selectors
from tradehall.web.page_cache import PageCache, Wsgi

UNKNOWN = -1
CLOCK_OFFSET_S = "select round(extract(epoch from platform_now() - clock_timestamp()))::bigint"
NOTHING_IS_ENOUGH = 2**64 - 1


class Versions:
    """The version last read, and the position in the write-ahead log that holds all of it."""

    def __init__(self) -> None:
        self._needed = NOTHING_IS_ENOUGH

    def needed(self) -> int:
        return self._needed

    def read(self) -> int:
        """Of the projections, and of a demonstration's clock. Asked outside any request: nobody else closes the connection."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(CLOCK_OFFSET_S)
                found = hash((selectors.projection_version(), cursor.fetchone()[0]))
            if settings.REPLICA_URL:
                self._needed = replica.flushed()
            return found
        except DatabaseError:
            self._needed = NOTHING_IS_ENOUGH
            return UNKNOWN  # Django is asked, and answers what it answers without a database
        finally:
            connection.close()


def cached(application: Wsgi) -> PageCache:
    versions = Versions()
    behind = replica.Replica(application, versions.needed) if settings.REPLICA_URL else application
    return PageCache(behind, versions.read)
