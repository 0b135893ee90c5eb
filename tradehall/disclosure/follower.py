"""Follows the journal: every published notice version, in the sealed order, once, into this app's own tables.

The position moves in the same transaction as the rows, so a crash repeats a batch or nothing. While much waits, the work
is cut into short transactions and the few notices of other systems pass (`overtaking`). Calls nobody back.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import OperationalError, connection, transaction

from tradehall.journal import selectors as journal
from tradehall.journal.selectors import LogEntry
from tradehall.tenders import selectors as tenders

from .models import FollowerPosition, NoticeRow
from .overtaking import CODES, Outlook, is_notice
from .projector import LAYER_LEAST, clean, warm, write_batch
from .rules import project_rendition

__all__ = ["CODES", "catch_up", "position", "projection_version", "rebuild", "run_forever"]
NAME = "disclosure"
BATCH = 2_000
LARGE_BATCH = 10_000
# Running, a batch is kept short: whatever comes next waits for it. Below `LAYER_LEAST`, because readers wait for a layer.
TURN_SECONDS = 0.25
SMALLEST, LARGEST = 30, LAYER_LEAST - 10
MANY = 20_000  # no burst of a system leaves so much, an import does: then large batches, as long as nobody had to pass
QUIET_SECONDS = 30.0
PAUSE_SECONDS = 0.05
CLEAN_SECONDS = 1.0
RECONNECT_SECONDS = 1.0
log = logging.getLogger(__name__)


def position() -> int:
    found = FollowerPosition.objects.filter(name=NAME).values_list("position", flat=True).first()
    return found or 0


def projection_version() -> int:
    """Grows whenever what the public sees has changed: one row read by key, for caches of pages."""
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
        clean()
        passed += done
        if progress:
            progress(passed)
    return passed


def _batch_size() -> int:
    return LARGE_BATCH if (journal.last_position() or 0) - position() > LARGE_BATCH else BATCH


def _take(size: int) -> int:
    """The next entries in order."""
    with transaction.atomic():
        own = _locked()
        entries = journal.entries_after(own.position, size)
        if not entries:
            return 0
        if _project(entries):
            own.changed = max(own.changed + 1, entries[-1].position)
        own.position = entries[-1].position
        own.save(update_fields=["position", "changed"])
    return len(entries)


def _overtake(entries: Sequence[LogEntry]) -> None:
    """Entries further on, before their place: the position stays, and in their place they are found known."""
    with transaction.atomic():
        own = _locked()
        if _project(entries):
            own.changed += 1
            own.save(update_fields=["changed"])


def _locked() -> FollowerPosition:
    FollowerPosition.objects.get_or_create(name=NAME)
    return FollowerPosition.objects.select_for_update().get(name=NAME)


def _project(entries: Sequence[LogEntry]) -> int:
    wanted: dict[str, tuple[int, int]] = {}
    for entry in filter(is_notice, entries):
        newest = wanted.get(entry.subject_no, (0, 0))
        wanted[entry.subject_no] = max(newest, (entry.subject_version or 1, entry.position))
    known = dict(NoticeRow.objects.filter(notice_no__in=wanted).values_list("notice_no", "version"))
    news = [(no, version) for no, (version, _) in wanted.items() if known.get(no, 0) < version]
    found = tenders.renditions(news) if news else []
    return write_batch([project_rendition(item, wanted[str(item["notice_no"])][1]) for item in found])


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Drops every projection and reads the journal from its beginning."""
    with transaction.atomic(), connection.cursor() as cursor:
        FollowerPosition.objects.filter(name=NAME).delete()
        cursor.execute("select search_clear()")
    return catch_up(progress=progress)


@dataclass(slots=True)
class Running:
    """What a running follower remembers from turn to turn; it may forget all of it."""

    outlook: Outlook = field(default_factory=Outlook)
    size: int = BATCH // 10
    passed_s: float = 0.0
    unclean: threading.Event = field(default_factory=threading.Event)

    def turn(self) -> bool:
        """One look at who may pass, one short batch in order; False when there was nothing to do."""
        at = position()
        waiting = journal.last_position() - at
        if waiting > self.size:
            self._let_pass(at)
        is_many = waiting > MANY and time.monotonic() - self.passed_s > QUIET_SECONDS
        began = time.monotonic()
        done = _take(LARGE_BATCH if is_many else self.size) if waiting > 0 else 0
        if done and not is_many:
            self.size = next_size(self.size, done, time.monotonic() - began)
        if done:
            self.unclean.set()
        return done > 0

    def _let_pass(self, at: int) -> None:
        passing = self.outlook.chosen(at)
        if passing:
            _overtake(passing)
            self.unclean.set()
        if any(one.position > at + self.size for one in passing):
            self.passed_s = time.monotonic()


def next_size(size: int, done: int, taken: float) -> int:
    """As many entries as the last batch shows to be worth `TURN_SECONDS`; a batch that was not full shows nothing."""
    if done < size:
        return size
    return max(SMALLEST, min(LARGEST, int(done * TURN_SECONDS / max(taken, 0.001)), size * 2))


def run_forever(stop: threading.Event | None = None, pause: float = PAUSE_SECONDS) -> None:
    halt, running = stop or threading.Event(), Running()
    cleaner = threading.Thread(target=_keep_clean, args=(halt, running.unclean), daemon=True)
    cleaner.start()
    warm()
    while not halt.is_set():
        try:
            if not running.turn():
                halt.wait(pause)
        except OperationalError as problem:
            log.warning("follower: the database is away (%s); trying again", str(problem).strip())
            connection.close()
            halt.wait(RECONNECT_SECONDS)
    cleaner.join()


def _keep_clean(halt: threading.Event, unclean: threading.Event) -> None:
    """Beside the work, for emptying long lists takes longer than a batch may."""
    while not halt.wait(CLEAN_SECONDS):
        if not unclean.is_set():
            continue
        unclean.clear()
        try:
            clean()
        except OperationalError as problem:
            log.warning("follower: the search indexes were not cleaned (%s); trying again", str(problem).strip())
            unclean.set()
        finally:
            connection.close()
