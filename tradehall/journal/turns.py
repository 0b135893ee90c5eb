"""How a process that never ends takes its turns: guarded, on time, and resting when the other side is away.

Knows nothing of what is done. Nothing that was sent or received is repeated in the log.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import psycopg
from django.db import DatabaseError, connection

BEAT_SECONDS = 0.5
FAILURES_IN_A_ROW = 3
T = TypeVar("T")
log = logging.getLogger(__name__)


def guarded(name: str, work: Callable[[], T], away: type[Exception] | tuple[type[Exception], ...] = ()) -> T | None:
    """What goes wrong is said once and tried again; `away`: what only says that the other side is not there."""
    try:
        return work()
    except away as problem:
        log.info("%s: %s", name, problem)
    except (psycopg.OperationalError, DatabaseError) as problem:
        log.warning("%s: the database is away (%s); trying again", name, type(problem).__name__)
        connection.close()
    except Exception:
        log.exception("%s: a turn broke off; it is tried again", name)
        connection.close()
    return None


def keep_doing(
    stop: threading.Event,
    always: Sequence[Callable[[], object]],
    every: Mapping[Callable[[], object], float],
    guard: Callable[[Callable[[], object]], object],
) -> None:
    """`always` each beat; each of `every` at once, and again after so many seconds."""
    due = dict.fromkeys(every, 0.0)
    while not stop.is_set():
        for work in always:
            guard(work)
        for work, moment in due.items():
            if time.monotonic() >= moment:
                due[work] = time.monotonic() + every[work]
                guard(work)
        connection.close()
        stop.wait(BEAT_SECONDS)


def keep_sending(stop: threading.Event, send: Callable[[], bool | None], longest_s: float) -> None:
    """`send` answers None when nothing is due, else whether it came through. After a few failures in a row it rests a
    little longer each time: the other side is away, not one message bad."""
    failures = 0
    while not stop.is_set():
        came_through = send()
        if came_through is None:
            connection.close()
            stop.wait(BEAT_SECONDS)
        elif came_through:
            failures = 0
        else:
            failures += 1
            beyond = failures - FAILURES_IN_A_ROW
            rest = min(longest_s, BEAT_SECONDS * 2.0 ** min(beyond, 8)) if beyond >= 0 else 0.0
            stop.wait(rest * (0.5 + random.random()))
