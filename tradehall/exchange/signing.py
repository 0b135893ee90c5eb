"""What a webhook is signed with: a secret shared with its system (`v1`, HMAC-SHA256) and the platform's key (`v1a`, Ed25519).

While a secret or the key is being changed both the old and the new one sign. Secrets leave here once, when they are made.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from tradehall.exchange import sealing
from tradehall.exchange.models import Webhook, WebhookKey
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref

OVERLAP = timedelta(hours=24)
SECRET_PREFIX, KEY_PREFIX = "whsec_", "whpk_"
SECRET_BYTES = 32
COLUMN = "webhook"
_LOCK = 7504


@dataclass(frozen=True, slots=True, repr=False)
class Signers:
    """All that signs at this moment, the newest first."""

    secrets: Sequence[bytes]
    keys: Sequence[Ed25519PrivateKey]


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sealed_secret(secret: str, webhook_no: str) -> str:
    return sealing.seal(secret, column=COLUMN, row=webhook_no)


def signers_of(webhook: Webhook) -> Signers:
    now = timezone.now()
    kept = [webhook.secret]
    if webhook.old_secret and webhook.old_until and webhook.old_until > now:
        kept.append(webhook.old_secret)
    opened = [sealing.unseal(one, column=COLUMN, row=webhook.webhook_no) for one in kept]
    return Signers([secret_bytes(one) for one in opened], [_private(one) for one in signing_keys(now)])


def headers(signers: Signers, *, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The three headers of a message, over `id.timestamp.body`."""
    stamp = str(int(at.timestamp()))
    content = b".".join((message_id.encode(), stamp.encode(), body))
    parts = [f"v1,{_base64(hmac.digest(secret, content, hashlib.sha256))}" for secret in signers.secrets]
    parts += [f"v1a,{_base64(key.sign(content))}" for key in signers.keys]
    return {"Webhook-Id": message_id, "Webhook-Timestamp": stamp, "Webhook-Signature": " ".join(parts)}


def secret_bytes(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX))


def signing_keys(now: datetime) -> list[WebhookKey]:
    """Those in force, the newest first; the first one ever is made here."""
    in_force = Q(until_at__isnull=True) | Q(until_at__gt=now)
    found = list(WebhookKey.objects.filter(in_force).order_by("-id"))
    return found or [_make_first_key()]


def all_keys() -> list[WebhookKey]:
    """Every one there ever was, the newest first, with when it began to sign and until when it did."""
    return list(WebhookKey.objects.order_by("-id")) or [_make_first_key()]


def signatures(content: bytes) -> list[bytes]:
    """Of the keys in force, the newest first."""
    return [_private(one).sign(content) for one in signing_keys(timezone.now())]


def public_keys() -> list[str]:
    return [one.public_key for one in signing_keys(timezone.now())]


def rotate_webhook_key(*, by: Actor, at: datetime, is_stolen: bool = False) -> WebhookKey:
    """A new key of the platform; the one before signs along for a day, so that systems can fetch the new one.

    A stolen one ends at once, and so do those that still signed beside it.
    """
    with transaction.atomic():
        _lock()
        now = timezone.now()
        signing_on = Q(until_at__gt=now) if is_stolen else Q(until_at__isnull=True)
        ends = now if is_stolen else now + OVERLAP
        WebhookKey.objects.filter(signing_on | Q(until_at__isnull=True)).update(until_at=ends)
        made = _make_key()
        subject = Ref("webhook_key", made.public_key.removeprefix(KEY_PREFIX)[:16])
        journal.record(
            code="exchange.rotate_webhook_key", by=by, at=at, subject=subject, facts={"public_key": made.public_key}
        )
    return made


def _make_first_key() -> WebhookKey:
    with transaction.atomic():
        _lock()
        return WebhookKey.objects.order_by("-id").first() or _make_key()


def _make_key() -> WebhookKey:
    key = Ed25519PrivateKey.generate()
    public = KEY_PREFIX + _base64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    seed = _base64(key.private_bytes_raw())
    return WebhookKey.objects.create(
        public_key=public, secret=sealing.seal(seed, column="webhook_key", row=public), created_at=timezone.now()
    )


def _private(key: WebhookKey) -> Ed25519PrivateKey:
    seed = sealing.unseal(key.secret, column="webhook_key", row=key.public_key)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", (_LOCK,))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
