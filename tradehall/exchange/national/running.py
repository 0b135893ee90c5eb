"""The process `national`: one reader, a few senders, and now and then a comparison and a look at what is shared.

Without an address of the national platform it waits, silent, for its end.
"""

import threading
from functools import partial

from django.conf import settings

from tradehall.exchange.national import calling, reading, reconciling, sending, sharing
from tradehall.journal import turns
from tradehall.journal.clock import platform_now

SENDERS = 4
PULL_SECONDS = 60.0
RECONCILE_SECONDS = 3_600.0
LONGEST_REST_SECONDS = 30.0
guard = partial(turns.guarded, "national", away=calling.NotReached)


def run_forever(stop: threading.Event) -> None:
    if not calling.is_on():
        stop.wait()
        return
    work = (stop, _send, LONGEST_REST_SECONDS)
    senders = [
        threading.Thread(target=turns.keep_sending, args=work, name=f"sender-{number}") for number in range(SENDERS)
    ]
    for one in senders:
        one.start()
    turns.keep_doing(stop, (_read,), {_pull: PULL_SECONDS, _reconcile: RECONCILE_SECONDS}, guard)
    for one in senders:
        one.join(settings.NATIONAL_SECONDS + 5)


def _send() -> bool | None:
    verdict = guard(sending.send_next)
    return None if verdict is None else verdict.outcome != sending.AGAIN


def _read() -> object:
    return reading.read_all(platform_now())


def _pull() -> None:
    sharing.pull_all(platform_now())


def _reconcile() -> None:
    reconciling.reconcile_due(platform_now())
