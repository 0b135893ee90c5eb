"""Carries the feed to those who subscribed: one message at a time for each webhook, in order, nothing skipped.

A message keeps its id and its bytes however often it is tried; a courier that dies repeats at most the one it was
carrying. Never logs an address, a secret or what the other side answered.
"""

import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import psycopg
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from tradehall.accounts import outgoing
from tradehall.exchange import feed, signing, webhooks, withdrawn
from tradehall.exchange.feed import Item, Wish
from tradehall.exchange.models import Webhook
from tradehall.journal import selectors as journal
from tradehall.journal.appending import CHANNEL, LIBPQ
from tradehall.journal.clock import is_movable, platform_now

SECONDS = 10.0
LEASE = timedelta(seconds=90)
FIRST_DELAY_S, GROWTH, LONGEST_DELAY_S = 5, 3, 3_600
PAUSE_AFTER = timedelta(days=3)
GONE = 410
MESSAGES_A_TURN = 20
BEAT_SECONDS = 1.0
THREADS = 8
log = logging.getLogger(__name__)


def _at_once(work: Callable[[], None]) -> None:
    work()


def deliver_due(run: Callable[[Callable[[], None]], None] = _at_once) -> int:
    """Starts one turn for each webhook that is behind and whose time has come; returns how many."""
    started = 0
    for pk in _due(journal.last_position()):
        webhook = _claim(pk)
        if webhook is not None:
            run(partial(_turn, webhook))
            started += 1
    return started


def run_forever(stop: threading.Event) -> None:
    """Wakes when the log grows, and at least once a beat for what is to be tried again."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="courier") as pool:
        while not stop.is_set():
            try:
                _listen(stop, pool)
            except (psycopg.OperationalError, OSError) as problem:
                log.warning("courier: the database is away (%s); trying again", type(problem).__name__)
                connection.close()
                stop.wait(BEAT_SECONDS)


def delay_s(failures: int) -> int:
    """5 s, 15 s, 45 s … one hour."""
    return int(min(LONGEST_DELAY_S, FIRST_DELAY_S * GROWTH ** min(max(0, failures - 1), 12)))


def _listen(stop: threading.Event, pool: ThreadPoolExecutor) -> None:
    parameters = {key: value for key, value in connection.get_connection_params().items() if key in LIBPQ}
    turns: set[Future[None]] = set()

    def run(work: Callable[[], None]) -> None:
        turns.add(pool.submit(_in_thread, work))

    with psycopg.Connection.connect(**parameters, autocommit=True, application_name="tradehall courier") as own:
        own.execute(f"listen {CHANNEL}")
        while not stop.is_set():
            turns -= {one for one in turns if one.done()}
            deliver_due(run)
            connection.close()
            for _ in own.notifies(timeout=BEAT_SECONDS, stop_after=1):
                pass


def _in_thread(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:
        log.exception("courier: a turn broke off; it is tried again when its lease ends")
    finally:
        connection.close()


def _due(last: int) -> list[int]:
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    waiting = Webhook.objects.filter(free, ended_at__isnull=True, paused_at__isnull=True, next_at__lte=now)
    return list(waiting.filter(position__lt=last).order_by("next_at").values_list("pk", flat=True))


def _claim(pk: int) -> Webhook | None:
    """Several couriers may run, on several machines: the lease goes to one."""
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    if not Webhook.objects.filter(free, pk=pk).update(leased_until=now + LEASE):
        return None
    return Webhook.objects.get(pk=pk)


def _turn(webhook: Webhook) -> None:
    """Messages until there is nothing more, one fails, or it is others' turn."""
    try:
        for _ in range(MESSAGES_A_TURN):
            if not _send_next(webhook):
                break
            Webhook.objects.filter(pk=webhook.pk).update(leased_until=timezone.now() + LEASE)
            webhook.refresh_from_db()
            if webhook.ended_at or webhook.paused_at:
                break
    finally:
        Webhook.objects.filter(pk=webhook.pk).update(leased_until=None)


def _send_next(webhook: Webhook) -> bool:
    """True when there may be more."""
    items, last = _message(webhook)
    if last == webhook.position:
        return False
    if not items:
        return _arrived(webhook, last)
    if webhook.sending_position is None:
        _ours(webhook).update(sending_position=last)
    problem = _post(webhook, items, last)
    if problem is None:
        return _arrived(webhook, last, delivered_at=timezone.now())
    _failed(webhook, problem)
    return False


def _message(webhook: Webhook) -> tuple[list[Item], int]:
    """What was begun, exactly as it was begun, else what is next."""
    wish = Wish(webhook.line or None, webhook.kind or None)
    if webhook.sending_position is None:
        return feed.page(webhook.position, wish)
    items: list[Item] = []
    last = webhook.position
    while last < webhook.sending_position:
        entries = journal.entries_after(last, min(feed.PAGE, webhook.sending_position - last))
        if not entries:
            break
        last = entries[-1].position
        items += feed.wished(entries, wish)
    return items, last


def message_id(webhook: Webhook, last: int) -> str:
    """Never used for other contents: a restored log uses positions anew, and says the how manieth it is."""
    restores = len(journal.log_names()) - 1
    again = f".{restores}" if restores else ""
    return f"{webhook.webhook_no}-{webhook.resends}{again}-{webhook.position}-{last}"


def _post(webhook: Webhook, items: list[Item], last: int) -> str | None:
    """None when it arrived, else why not, in words that repeat nothing the other side said."""
    body = json.dumps({"items": items, "next": last}, ensure_ascii=False, separators=(",", ":")).encode()
    signed = signing.headers(
        signing.signers_of(webhook), message_id=message_id(webhook, last), at=timezone.now(), body=body
    )
    own = {"User-Agent": "tradehall-webhook", **withdrawn.headers()}
    headers = {"Content-Type": "application/json; charset=utf-8", **own, **signed}
    try:
        answer = outgoing.post(webhook.url, body, headers, loopback=is_movable(), seconds=SECONDS)
    except outgoing.NotReached as problem:
        return str(problem)
    if 200 <= answer.status < 300:
        return None
    return f"HTTP {answer.status}" + ("（不跟随转向）" if 300 <= answer.status < 400 else "")


def _arrived(webhook: Webhook, last: int, *, delivered_at: datetime | None = None) -> bool:
    more = {"delivered_at": delivered_at} if delivered_at else {}
    done = _ours(webhook).update(
        position=last, sending_position=None, failures=0, failing_from=None, problem="", next_at=timezone.now(), **more
    )
    return bool(done)


def _failed(webhook: Webhook, problem: str) -> None:
    now = timezone.now()
    webhook.failures += 1
    webhook.failing_from = webhook.failing_from or now
    _ours(webhook).update(
        failures=webhook.failures, failing_from=webhook.failing_from, problem=problem[:300],
        next_at=now + timedelta(seconds=delay_s(webhook.failures)),
    )  # fmt: skip
    log.info("courier: %s was not delivered (%s), %s times", webhook.webhook_no, problem, webhook.failures)
    if now - webhook.failing_from >= PAUSE_AFTER or problem == f"HTTP {GONE}":
        words = f"{problem}；自 {webhook.failing_from:%Y-%m-%d} 起 {webhook.failures} 次未送达，已暂停，可重新推送"
        webhooks.pause_webhook(at=platform_now(), webhook=webhook, problem=words)


def _ours(webhook: Webhook) -> QuerySet[Webhook]:
    """Nothing is written when the system asked for another position in the meantime."""
    return Webhook.objects.filter(pk=webhook.pk, resends=webhook.resends, ended_at__isnull=True)
