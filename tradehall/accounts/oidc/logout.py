"""Back-channel logout: a signed word to a system that somebody's sign-in has ended, and what it answered.

Every attempt says it anew (own `jti`, own times) and leaves its own record. OpenID Connect Back-Channel Logout 1.0.
"""

import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from allauth.idp.oidc.adapter import get_adapter
from django.conf import settings
from django.utils import timezone

from tradehall.accounts.models import Account
from tradehall.accounts.oidc.models import ClientSystem, LogoutDelivery
from tradehall.accounts.oidc.signing import sign
from tradehall.accounts.outgoing import NotReached, post
from tradehall.journal.clock import is_movable

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_SECONDS = 120
ANSWER_SECONDS = 4.0
# Seconds after the 1st, 2nd … failure; then we give up: the tokens are long dead, only the system's own session is not.
WAITS = (1, 3, 6, 12, 24, 60, 300, 1800)


@dataclass(frozen=True, slots=True)
class Outcome:
    is_done: bool
    is_worth_repeating: bool
    words: str


def logout_token(system: ClientSystem, account: Account, sid: str, token_id: str) -> str:
    now = int(time.time())
    claims = {
        "iss": settings.SITE_URL,
        "aud": system.client_id,
        "sub": get_adapter().get_user_sub(system.client, account),
        "sid": sid,
        "jti": token_id,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "events": {EVENT: {}},
    }
    return sign(claims, kind="logout+jwt")


def send(system_id: int, account_id: int, sid: str) -> Outcome:
    """One attempt. 2xx is done; silence and 5xx are worth repeating; any other answer is an answer."""
    system = ClientSystem.objects.select_related("client").get(pk=system_id)
    account = Account.objects.get(pk=account_id)
    token_id = secrets.token_urlsafe(24)
    made = LogoutDelivery(
        system=system, account=account, sid=sid, token_id=token_id, sent_at=timezone.now(),
        number=LogoutDelivery.objects.filter(system=system, sid=sid).count() + 1,
    )  # fmt: skip
    made.status, made.note = _post(system.backchannel_href, logout_token(system, account, sid, token_id))
    made.save()
    done = made.status is not None and 200 <= made.status < 300
    return Outcome(done, made.status is None or made.status >= 500, f"{system.name}: {made.status or made.note}")


def _post(address: str, token: str) -> tuple[int | None, str]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"logout_token": token}).encode()
    try:
        answer = post(address, body, headers, loopback=is_movable(), seconds=ANSWER_SECONDS)
    except NotReached as problem:
        return None, str(problem)[:200]
    return answer.status, ""


def deliveries(system: ClientSystem, sid: str) -> list[LogoutDelivery]:
    return list(LogoutDelivery.objects.filter(system=system, sid=sid).order_by("number"))


def last_delivery(system: ClientSystem) -> LogoutDelivery | None:
    return LogoutDelivery.objects.filter(system=system).order_by("-pk").first()
