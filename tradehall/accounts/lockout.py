"""Who may still try. Failed attempts are counted where they are recorded, so all web processes count together.

Only guessable secrets are counted: a passkey or a certificate comes in while passwords are locked, so nobody can lock a
bidder out before a deadline who has one of them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from tradehall.accounts import selectors, services
from tradehall.accounts.signing import address_of
from tradehall.journal.clock import platform_now
from tradehall.kernel.times import to_beijing

Found = TypeVar("Found")
TRYING_S = 60


def locked_until(request: HttpRequest, login: str, trying: int = 0) -> datetime | None:
    """When this login may be tried again from this address; None when it may now."""
    now, digest = timezone.now(), services.login_digest(login)
    return selectors.locked_until(at=now, login=login, digest=digest, address=address_of(request), trying=trying)


def words(until: datetime) -> str:
    """The time is said by the platform's clock, which is what the page shows."""
    shown = to_beijing(platform_now() + (until - timezone.now()) + timedelta(seconds=59))
    return (
        f"多次输入不正确，已暂停用口令和动态码登录，请在 {shown:%H:%M} 之后再试；"
        "没有其他改动。已登记通行密钥或数字证书的，现在就可以用它登录。"
    )


def note(request: HttpRequest, login: str, kind: str) -> None:
    services.note_failed_sign_in(at=timezone.now(), login=login, kind=kind, address=address_of(request))


def attempt(request: HttpRequest, login: str, kind: str, check: Callable[[], Found | None]) -> Found | None:
    """Judge one attempt and record it when it fails. Attempts that are being judged count as failed until they are not:
    a hundred sent at once are five. No transaction is open meanwhile, for hashing a password takes its time.
    """
    _begin(request, login)
    found, is_judged = None, False
    try:
        found = check()
        is_judged = True
    finally:
        with transaction.atomic():
            _count_trying(login, -1)
            if is_judged and found is None:
                note(request, login, kind)
    return found


def _begin(request: HttpRequest, login: str) -> None:
    with transaction.atomic():
        trying = _count_trying(login, +1)
        until = locked_until(request, login, trying)
        if until is not None:
            raise ValidationError(words(until), code="locked", params={"until": until})


def _count_trying(login: str, change: int) -> int:
    """How many others are being judged for this login, in all web processes; the count forgets a process that died."""
    digest = services.login_digest(login)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 8921))", [digest])
    key = f"accounts.trying.{digest}"
    before = int(cache.get(key, 0))
    cache.set(key, max(0, before + change), TRYING_S)
    return before
