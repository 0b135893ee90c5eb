"""The process `messenger`: finds who is to be told, and sends what waits. One may run on every host.

The finding is one at a time (its position is locked); the sending shares the outbox among all that run.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from django.db import DatabaseError, connection

from tradehall.disclosure import matcher, reminders
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.messages import outbox, selectors, services

SENDERS = 2
BEAT_SECONDS = 0.5
DIGEST_SECONDS = 30.0
FORGET_SECONDS = 600.0
FAILURES_IN_A_ROW = 3
LONGEST_REST_SECONDS = 60.0
T = TypeVar("T")
log = logging.getLogger(__name__)


def run_forever(stop: threading.Event) -> None:
    senders = [threading.Thread(target=_send, args=(stop,), name=f"mail-{number}") for number in range(SENDERS)]
    for one in senders:
        one.start()
    _find(stop)
    for one in senders:
        one.join()


def _find(stop: threading.Event) -> None:
    due = {_digest: 0.0, _forget: 0.0}
    every = {_digest: DIGEST_SECONDS, _forget: FORGET_SECONDS}
    while not stop.is_set():
        _guarded(lambda: matcher.catch_up(platform_now()))
        _guarded(lambda: reminders.sweep(platform_now()))
        for work, moment in due.items():
            if time.monotonic() >= moment:
                due[work] = time.monotonic() + every[work]
                _guarded(work)
        connection.close()
        stop.wait(BEAT_SECONDS)


def _send(stop: threading.Event) -> None:
    """After a few failures in a row it rests longer each time: the mail server is away, not one mail bad."""
    failures = 0
    while not stop.is_set():
        verdict = _guarded(lambda: outbox.send_next(platform_now())) if selectors.mail_is_on() else None
        if verdict is None:
            connection.close()
            stop.wait(BEAT_SECONDS)
        elif verdict.outcome != "again":
            failures = 0
        else:
            failures += 1
            beyond = failures - FAILURES_IN_A_ROW
            stop.wait(min(LONGEST_REST_SECONDS, BEAT_SECONDS * 2.0 ** min(beyond, 8)) if beyond >= 0 else 0.0)


def _digest() -> int:
    return services.queue_digests(by=PLATFORM, at=platform_now())


def _forget() -> int:
    return services.forget(at=platform_now())


def _guarded(work: Callable[[], T]) -> T | None:
    """What goes wrong is said once in the log and tried again; no address and no text of a mail is repeated there."""
    try:
        return work()
    except (psycopg.OperationalError, DatabaseError) as problem:
        log.warning("messenger: the database is away (%s); trying again", type(problem).__name__)
        connection.close()
    except Exception:
        log.exception("messenger: a turn broke off; it is tried again")
        connection.close()
    return None
