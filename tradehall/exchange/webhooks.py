"""Acts about webhooks: a system subscribes, changes its secret, asks for a part again, ends; the platform pauses.

Delivery is the courier's. No address and no secret enters the journal: an address may itself be a secret.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from tradehall.accounts import selectors as accounts
from tradehall.accounts.outgoing import address_problem
from tradehall.exchange import feed, signing
from tradehall.exchange.models import Webhook
from tradehall.journal import selectors as log
from tradehall.journal import services as journal
from tradehall.journal.clock import is_movable
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if

MOST_WEBHOOKS = 5
LONGEST_URL = 1_000
CENTRE = "centre"


@dataclass(frozen=True, slots=True, repr=False)
class NewWebhook:
    """The only time the secret is seen."""

    webhook: Webhook
    secret: str


def add_webhook(
    *, by: Actor, at: datetime, system: str, url: str, line: str | None = None, kind: str | None = None
) -> NewWebhook:
    """Everything that is sealed from now on and wished for will be sent there, in order."""
    _authorise(by, system)
    feed.wish_of(line, kind)
    with transaction.atomic():
        refuse_if(_problems(system, url))
        webhook_no, secret = f"W{secrets.token_hex(7)}", signing.new_secret()
        webhook = Webhook.objects.create(
            webhook_no=webhook_no, system=system, url=url, line=line or "", kind=kind or "",
            secret=signing.sealed_secret(secret, webhook_no), position=log.last_position(), next_at=timezone.now(),
            created_at=at,
        )  # fmt: skip
        facts = {"system": system, "line": line, "kind": kind}
        journal.record(code="exchange.add_webhook", by=by, at=at, subject=_ref(webhook), facts=facts)
    return NewWebhook(webhook, secret)


def rotate_webhook(*, by: Actor, at: datetime, webhook_no: str) -> NewWebhook:
    """A new secret; the one before signs along for a day."""
    with transaction.atomic():
        webhook = _locked(webhook_no, by)
        secret = signing.new_secret()
        webhook.old_secret, webhook.old_until = webhook.secret, timezone.now() + signing.OVERLAP
        webhook.secret = signing.sealed_secret(secret, webhook_no)
        webhook.save(update_fields=["secret", "old_secret", "old_until"])
        journal.record(code="exchange.rotate_webhook", by=by, at=at, subject=_ref(webhook), facts={})
    return NewWebhook(webhook, secret)


def resend_webhook(*, by: Actor, at: datetime, webhook_no: str, after: int | None = None) -> Webhook:
    """From a position on, everything once more under new ids; without one it goes on where it stands, pause ended."""
    last = log.last_position()
    message = f"位置应在 0 至 {last} 之间；没有重新推送"
    refuse_if([Violation("after", message, "after")] if after is not None and not 0 <= after <= last else [])
    with transaction.atomic():
        webhook = _locked(webhook_no, by)
        if after is not None:
            webhook.position, webhook.sending_position, webhook.resends = after, None, webhook.resends + 1
        webhook.failures, webhook.failing_from, webhook.paused_at, webhook.problem = 0, None, None, ""
        webhook.next_at = timezone.now()
        webhook.save()
        facts = {"after": webhook.position}
        journal.record(code="exchange.resend_webhook", by=by, at=at, subject=_ref(webhook), facts=facts)
    return webhook


def end_webhook(*, by: Actor, at: datetime, webhook_no: str) -> Webhook:
    with transaction.atomic():
        webhook = _locked(webhook_no, by)
        webhook.ended_at = at
        webhook.save(update_fields=["ended_at"])
        journal.record(code="exchange.end_webhook", by=by, at=at, subject=_ref(webhook), facts={})
    return webhook


def pause_webhook(*, at: datetime, webhook: Webhook, problem: str) -> None:
    """By the courier, when an address has not answered for days: found on the monitor until somebody goes on."""
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(paused_at=at, problem=problem[:300])
        facts = {"failures": webhook.failures, "position": webhook.position}
        journal.record(code="exchange.pause_webhook", by=PLATFORM, at=at, subject=_ref(webhook), facts=facts)


def _problems(system: str, url: str) -> list[Violation]:
    found = []
    problem = address_problem(url, loopback=is_movable()) if len(url) <= LONGEST_URL else "过长"
    if problem:
        found.append(Violation("url", f"推送地址：{problem}；没有登记", "url"))
    known = Webhook.objects.filter(system=system, ended_at__isnull=True)
    if known.filter(url=url).exists():
        found.append(Violation("url_taken", "这个地址已有订阅；没有登记，请先终止原订阅或更换密钥", "url"))
    if known.count() >= MOST_WEBHOOKS:
        found.append(Violation("too_many", f"一个系统最多 {MOST_WEBHOOKS} 个订阅；没有登记", "url"))
    return found


def _authorise(by: Actor, system: str) -> None:
    """A system for itself, the platform and the centre's staff for anybody that exists."""
    is_own = by.kind == "system" and by.id == system
    known = any(one.code == system and one.revoked_at is None for one in accounts.systems())
    if not known or not (is_own or by.kind == "platform" or by.has(CENTRE)):
        raise NotVisible(system)


def _locked(webhook_no: str, by: Actor) -> Webhook:
    webhook = Webhook.objects.select_for_update().filter(webhook_no=webhook_no, ended_at__isnull=True).first()
    if webhook is None:
        raise NotVisible(webhook_no)
    _authorise(by, webhook.system)
    return webhook


def _ref(webhook: Webhook) -> Ref:
    return Ref("webhook", webhook.webhook_no)


def shown_address(url: str) -> str:
    """For staff: where it goes, without what may be a secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
