"""Challenges: what a browser session must sign to show that it holds a key. One use, five minutes, one site.

Bound to the session by the hash of its key and to the site by the signed text, so that what was signed for a page that
imitates ours is worthless here. Times are the machine's.
"""

import base64
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from tradehall.accounts.models import Challenge
from tradehall.accounts.selectors import session_hash
from tradehall.kernel.refusal import Refusal, Violation

LIFE = timedelta(minutes=5)
KEPT = timedelta(minutes=15)  # a spent one is remembered for a while, to say that it was spent
LEAST_LEFT = timedelta(minutes=2)
SIGN_IN, BIND = "sign_in", "bind_certificate"
WORDS = {
    "challenge_missing": "本浏览器会话没有待签名的挑战；证书未被接受，请先取得新的挑战，并在同一会话内提交签名。",
    "challenge_used": "这个挑战已经用过；证书未被接受，请取得新的挑战并重新签名。",
    "challenge_expired": "挑战已过期（有效期 5 分钟）；证书未被接受，请取得新的挑战并重新签名。",
}


def issue(*, at: datetime, session_key: str, site_url: str, use: str) -> Challenge:
    """A new one; old ones go, so that nobody can fill the table for long."""
    Challenge.objects.filter(expires_at__lt=at - KEPT).delete()
    return Challenge.objects.create(
        value=base64.b64encode(secrets.token_bytes(32)).decode(),
        session_hash=session_hash(session_key),
        site_url=site_url,
        use=use,
        issued_at=at,
        expires_at=at + LIFE,
    )


def standing(*, at: datetime, session_key: str, site_url: str, use: str) -> Challenge:
    """For pages: the one this session already has, if there is time left to sign it, else a new one."""
    latest = _latest(session_key, use)
    if latest and latest.used_at is None and latest.site_url == site_url and latest.expires_at - at >= LEAST_LEFT:
        return latest
    return issue(at=at, session_key=session_key, site_url=site_url, use=use)


def spend(*, at: datetime, session_key: str, use: str) -> Challenge:
    """The session's latest challenge, from now on used up, whatever becomes of the signature."""
    with transaction.atomic():
        found = _latest(session_key, use, lock=True)
        if found is None:
            raise _refused("challenge_missing")
        if found.used_at is not None:
            raise _refused("challenge_used")
        if found.expires_at <= at:
            raise _refused("challenge_expired")
        found.used_at = at
        found.save(update_fields=["used_at"])
    return found


def texts_to_sign(challenge: Challenge) -> tuple[bytes, bytes]:
    """`origin ‖ 0x00 ‖ challenge`, with the challenge as it was written or as the bytes it stands for."""
    start = challenge.site_url.encode() + b"\0"
    return start + challenge.value.encode(), start + base64.b64decode(challenge.value)


def _latest(session_key: str, use: str, *, lock: bool = False) -> Challenge | None:
    rows = Challenge.objects.select_for_update() if lock else Challenge.objects.all()
    return rows.filter(session_hash=session_hash(session_key), use=use).order_by("-id").first()


def _refused(code: str) -> Refusal:
    return Refusal([Violation(code, WORDS[code])])
