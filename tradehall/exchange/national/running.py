"""The process `national`: one reader, a few senders, and now and then a comparison and a look at what is shared.

Without an address of the national platform it waits, silent, for its end.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection

from tradehall.exchange.national import calling, reading, reconciling, sending, sharing
from tradehall.journal.clock import platform_now

SENDERS = 4
BEAT_SECONDS = 0.5
PULL_SECONDS = 60.0
RECONCILE_SECONDS = 3_600.0
FAILURES_IN_A_ROW = 3
LONGEST_REST_SECONDS = 30.0
T = TypeVar("T")
log = logging.getLogger(__name__)


def run_forever(stop: threading.Event) -> None:
    if not calling.is_on():
        stop.wait()
        return
    senders = [threading.Thread(target=_send, args=(stop,), name=f"sender-{number}") for number in range(SENDERS)]
    for one in senders:
        one.start()
    _read(stop)
    for one in senders:
        one.join(settings.NATIONAL_SECONDS + 5)


def _read(stop: threading.Event) -> None:
    due = dict.fromkeys((_pull, _reconcile), 0.0)
    every = {_pull: PULL_SECONDS, _reconcile: RECONCILE_SECONDS}
    while not stop.is_set():
        _guarded(lambda: reading.read_all(platform_now()))
        for work, moment in due.items():
            if time.monotonic() >= moment:
                due[work] = time.monotonic() + every[work]
                _guarded(work)
        connection.close()
        stop.wait(BEAT_SECONDS)


def _send(stop: threading.Event) -> None:
    """After a few failures in a row it rests a little longer each time: the other side is away, not one message bad."""
    failures = 0
    while not stop.is_set():
        verdict = _guarded(sending.send_next)
        if verdict is None:
            connection.close()
            stop.wait(BEAT_SECONDS)
        elif verdict.outcome != sending.AGAIN:
            failures = 0
        else:
            failures += 1
            beyond = failures - FAILURES_IN_A_ROW
            rest = min(LONGEST_REST_SECONDS, BEAT_SECONDS * 2.0 ** min(beyond, 8)) if beyond >= 0 else 0.0
            stop.wait(rest * (0.5 + random.random()))


def _pull() -> None:
    sharing.pull_all(platform_now())


def _reconcile() -> None:
    reconciling.reconcile_due(platform_now())


def _guarded(work: Callable[[], T]) -> T | None:
    """What goes wrong is said once in the log and tried again; nothing the other side said is repeated there."""
    try:
        return work()
    except calling.NotReached as problem:
        log.info("national: %s", problem)
    except (psycopg.OperationalError, DatabaseError) as problem:
        log.warning("national: the database is away (%s); trying again", type(problem).__name__)
        connection.close()
    except Exception:
        log.exception("national: a turn broke off; it is tried again")
        connection.close()
    return None
