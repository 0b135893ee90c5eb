"""Follows the journal: every published notice version, in the sealed order, once, into this app's own tables.

The position moves in the same transaction as the rows, so a crash repeats a batch or nothing. Calls nobody back.
"""

import threading
from collections.abc import Callable, Iterable

from django.db import connection, transaction

from tradehall.journal import selectors as journal
from tradehall.tenders import selectors as tenders

from .models import FollowerPosition
from .projector import clean, warm, write_batch
from .rules import project_rendition

NAME = "disclosure"
CODES = ("tenders.publish_notice", "tenders.report_notice", "tenders.correct_notice")
BATCH = 2_000
LARGE_BATCH = 10_000


def position() -> int:
    found = FollowerPosition.objects.filter(name=NAME).values_list("position", flat=True).first()
    return found or 0


def projection_version() -> int:
    """The position of the last entry that changed what the public sees: one row read by key, for caches of pages."""
    found = FollowerPosition.objects.filter(name=NAME).values_list("changed", flat=True).first()
    return found or 0


def catch_up(limit: int | None = None, progress: Callable[[int], None] | None = None) -> int:
    """Takes in what is sealed (at most `limit` entries); returns how many entries were passed."""
    passed = 0
    while limit is None or passed < limit:
        size = _batch_size() if limit is None else min(_batch_size(), limit - passed)
        done = _take(size)
        if not done:
            break
        passed += done
        if progress:
            progress(passed)
    return passed


def _batch_size() -> int:
    return LARGE_BATCH if (journal.last_position() or 0) - position() > LARGE_BATCH else BATCH


def _take(size: int) -> int:
    with transaction.atomic():
        FollowerPosition.objects.get_or_create(name=NAME)
        own = FollowerPosition.objects.select_for_update().get(name=NAME)
        entries = list(journal.entries_after(own.position, size))
        if not entries:
            return 0
        if _project(entries):
            own.changed = entries[-1].position
        own.position = entries[-1].position
        own.save(update_fields=["position", "changed"])
    clean()
    return len(entries)


def _project(entries: Iterable[journal.LogEntry]) -> int:
    wanted: dict[str, tuple[int, int]] = {}
    for entry in entries:
        if entry.code in CODES and entry.subject_kind == "notice":
            newest = wanted.get(entry.subject_no, (0, 0))
            wanted[entry.subject_no] = max(newest, (entry.subject_version or 1, entry.position))
    found = tenders.renditions([(no, version) for no, (version, _) in wanted.items()])
    return write_batch([project_rendition(item, wanted[str(item["notice_no"])][1]) for item in found])


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Drops every projection and reads the journal from its beginning."""
    with transaction.atomic(), connection.cursor() as cursor:
        FollowerPosition.objects.filter(name=NAME).delete()
        cursor.execute("select search_clear()")
    return catch_up(progress=progress)


def run_forever(stop: threading.Event | None = None, pause: float = 0.2) -> None:
    halt = stop or threading.Event()
    warm()
    while not halt.is_set():
        if not catch_up():
            connection.close()
            halt.wait(pause)
