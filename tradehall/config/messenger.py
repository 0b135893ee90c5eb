"""The process `messenger`: finds who is to be told, and sends what waits. One may run on every host.

The finding is one at a time (its position is locked); the sending shares the outbox among all that run.
"""

import threading
from functools import partial

from tradehall.disclosure import matcher, reminders
from tradehall.journal import turns
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.messages import outbox, selectors, services

SENDERS = 2
DIGEST_SECONDS = 30.0
FORGET_SECONDS = 600.0
LONGEST_REST_SECONDS = 60.0
guard = partial(turns.guarded, "messenger")


def run_forever(stop: threading.Event) -> None:
    sending = (stop, _send, LONGEST_REST_SECONDS)
    senders = [
        threading.Thread(target=turns.keep_sending, args=sending, name=f"mail-{number}") for number in range(SENDERS)
    ]
    for one in senders:
        one.start()
    turns.keep_doing(stop, (_match, _remind), {_digest: DIGEST_SECONDS, _forget: FORGET_SECONDS}, guard)
    for one in senders:
        one.join()


def _send() -> bool | None:
    verdict = guard(lambda: outbox.send_next(platform_now())) if selectors.mail_is_on() else None
    return None if verdict is None else verdict.outcome != "again"


def _match() -> object:
    return matcher.catch_up(platform_now())


def _remind() -> object:
    return reminders.sweep(platform_now())


def _digest() -> int:
    return services.queue_digests(by=PLATFORM, at=platform_now())


def _forget() -> int:
    return services.forget(at=platform_now())
