"""Reads about accounts, sign-ins and connected systems. What a person may do for whom is asked of `parties`."""

import hashlib
from datetime import datetime, timedelta

from django.db.models import QuerySet

from tradehall.accounts.models import Account, FailedSignIn, SignIn, TradingSystem
from tradehall.accounts.rules import LOCK_S, TRIES_OF_ADDRESS, TRIES_OF_LOGIN
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible


def account(login: str) -> Account:
    found = Account.objects.filter(login=login).first()
    if found is None:
        raise NotVisible(login)
    return found


def systems() -> list[TradingSystem]:
    return list(TradingSystem.objects.order_by("code"))


def system_actor(system: TradingSystem) -> Actor:
    return Actor("system", system.code, system.name)


def session_hash(session_key: str) -> str:
    """What is kept of a browser session's key: enough to find its sign-in, useless for coming in."""
    return hashlib.sha256(session_key.encode("utf-8", "surrogatepass")).hexdigest()


def sign_in_of(session_key: str | None) -> SignIn | None:
    """The sign-in of `request.session.session_key`; None when there is none or it has ended."""
    if not session_key:
        return None
    standing = SignIn.objects.select_related("account").filter(ended_at__isnull=True)
    return standing.filter(session_hash=session_hash(session_key)).first()


def latest_sign_in(session_key: str) -> SignIn | None:
    """The sign-in of this browser session, ended or not. A session nobody signed in with has none."""
    return SignIn.objects.select_related("account").filter(session_hash=session_hash(session_key)).first()


def sign_ins(account: Account) -> list[SignIn]:
    """Standing ones, the newest first."""
    return list(SignIn.objects.filter(account=account, ended_at__isnull=True).order_by("-signed_in_at"))


def ended_sign_ins(since: datetime) -> list[SignIn]:
    """Those that ended from then on, in order: connected systems are told of them."""
    return list(SignIn.objects.filter(ended_at__gte=since).select_related("account").order_by("ended_at", "id"))


def locked_until(*, at: datetime, login: str, digest: str, address: str | None, trying: int = 0) -> datetime | None:
    """Attempts of a login count since it last came in; those of an address count whoever came in meanwhile.

    `trying`: how many more are just being judged.
    """
    since = at - timedelta(seconds=LOCK_S)
    recent = FailedSignIn.objects.filter(tried_at__gt=since, tried_at__lte=at)
    came_in = SignIn.objects.filter(account__login=login, signed_in_at__gt=since).order_by("-signed_in_at").first()
    of_login = recent.filter(login_digest=digest)
    if came_in is not None:
        of_login = of_login.filter(tried_at__gt=came_in.signed_in_at)
    ends = [_full_until(of_login, TRIES_OF_LOGIN - trying, at)]
    if address is not None:
        ends.append(_full_until(recent.filter(address=address), TRIES_OF_ADDRESS, at))
    return max((end for end in ends if end is not None), default=None)


def _full_until(tries: QuerySet[FailedSignIn], limit: int, at: datetime) -> datetime | None:
    """When the oldest of the last `limit` attempts is a quarter of an hour old; None while there are fewer."""
    if limit <= 0:
        return at + timedelta(seconds=LOCK_S)
    times = list(tries.order_by("-tried_at").values_list("tried_at", flat=True)[:limit])
    return times[-1] + timedelta(seconds=LOCK_S) if len(times) == limit else None
