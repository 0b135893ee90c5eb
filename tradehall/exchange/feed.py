"""The ordered feed of public records: journal positions ascending, without repeats, resumable from any of them.

Few may wait at a time, because each waiter holds a thread of the page server; for many there is `push`.
"""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tradehall.journal import selectors as journal
from tradehall.journal.selectors import LogEntry
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.kernel.times import rfc3339
from tradehall.parties.rules import KINDS as STANDING_KINDS
from tradehall.reference.lines import lines
from tradehall.tenders.kinds import KINDS

Item = dict[str, object]
RECORDS = ("notice", "standing", "organisation")
KNOWN_KINDS = (*RECORDS, *KINDS, *STANDING_KINDS)
PAGE = 500
LONGEST_SCAN = 5_000
LONGEST_WAIT = 25
STREAM_SECONDS = 300
KEEP_ALIVE_SECONDS = 15
BEAT_SECONDS = 0.25
MOST_WAITERS = 8  # of the page server's sixteen threads
_waiters = threading.BoundedSemaphore(MOST_WAITERS)


@dataclass(frozen=True, slots=True)
class Wish:
    """`kind`: a kind of record (notice, standing, organisation) or of notice or standing."""

    line: str | None = None
    kind: str | None = None


def page(after: int, wish: Wish) -> tuple[list[Item], int]:
    """The next items after a position, and the position to go on from: everything up to it has been looked at."""
    items: list[Item] = []
    last = after
    while len(items) < PAGE and last - after < LONGEST_SCAN:
        entries = journal.entries_after(last, PAGE - len(items))
        if not entries:
            break
        last = entries[-1].position
        items += wished(entries, wish)
    return items, last


def wished(entries: Iterable[LogEntry], wish: Wish) -> list[Item]:
    made = ((entry, item_of(entry)) for entry in entries)
    return [item for entry, item in made if item is not None and is_wished(entry, item, wish)]


def page_or_wait(after: int, wish: Wish, wait: float) -> tuple[list[Item], int]:
    """Answers at once when there is something, or nothing to wait with; else as soon as something comes."""
    items, last = page(after, wish)
    if items or wait <= 0:
        return items, last
    with _a_place() as has_place:
        until = time.monotonic() + (wait if has_place else 0)
        while not items and time.monotonic() < until:
            time.sleep(BEAT_SECONDS)
            if journal.last_position() > last:
                items, last = page(last, wish)
    return items, last


def stream(after: int, wish: Wish, seconds: float) -> Iterator[bytes]:
    """Server-sent events until the time is up; the client comes back with the last id it saw."""
    with _a_place() as has_place:
        until = time.monotonic() + (seconds if has_place else 0)
        quiet_since = time.monotonic()
        yield b"retry: 3000\n\n"
        while True:
            items, after = page(after, wish)
            for item in items:
                yield event_of(item)
            if items:
                quiet_since = time.monotonic()
                continue
            if time.monotonic() >= until:
                return
            if time.monotonic() - quiet_since > KEEP_ALIVE_SECONDS:
                quiet_since = time.monotonic()
                yield b": keep-alive\n\n"
            time.sleep(BEAT_SECONDS)


def event_of(item: Item) -> bytes:
    data = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    return f"id: {item['position']}\ndata: {data}\n\n".encode()


def item_of(entry: LogEntry) -> Item | None:
    """None for what is not public."""
    if entry.subject_kind not in RECORDS:
        return None
    facts = json.loads(entry.body)["facts"]
    return {
        "position": entry.position,
        "kind": str(facts.get("kind") or entry.subject_kind),
        "no": entry.subject_no,
        "version": entry.subject_version,
        "line": facts.get("line"),
        "at": rfc3339(entry.at),
        "href": _href(entry, facts),
    }


def is_wished(entry: LogEntry, item: Item, wish: Wish) -> bool:
    return wish.line in (None, item["line"]) and wish.kind in (None, item["kind"], entry.subject_kind)


def wish_of(line: str | None, kind: str | None) -> Wish:
    """Refuses a line or kind that nobody knows: a misspelt filter would otherwise be silent for ever."""
    known_lines = [one.code for one in lines()]
    problems = []
    if line is not None and line not in known_lines:
        problems.append(Violation("line", f"没有这条业务线；可用：{'、'.join(known_lines)}", "line"))
    if kind is not None and kind not in KNOWN_KINDS:
        problems.append(Violation("kind", f"没有这种条目；可用：{'、'.join(KNOWN_KINDS)}", "kind"))
    refuse_if(problems)
    return Wish(line, kind)


def _href(entry: LogEntry, facts: dict[str, object]) -> str:
    if entry.subject_kind == "notice":
        return f"/n/{entry.subject_no}/v/{entry.subject_version}"
    no = entry.subject_no if entry.subject_kind == "organisation" else facts.get("uscc")
    return f"/org/{no}" if no else "/credit"


@contextmanager
def _a_place() -> Iterator[bool]:
    """One of the few places for waiting; without one, whoever asks is answered at once."""
    has_place = _waiters.acquire(blocking=False)
    try:
        yield has_place
    finally:
        if has_place:
            _waiters.release()
