"""Webhooks: signed to the letter, in order, repeated until they arrive, paused with a finding, never a secret in a log."""

import base64
import hashlib
import hmac
import logging
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.utils import timezone

from tests.peers.bad_system.running import BadSystem
from tradehall.accounts.outgoing import NotReached, post
from tradehall.exchange import courier, feed, signing, webhooks
from tradehall.exchange.feed import Wish
from tradehall.exchange.models import Webhook
from tradehall.exchange.tests.peers import OTHER, WORKS, peer, publish, registered
from tradehall.exchange.webhooks import NewWebhook, add_webhook, end_webhook, resend_webhook, rotate_webhook
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.refusal import NotVisible, Refusal

pytestmark = pytest.mark.django_db
__all__ = ["peer"]


def subscribed(peer: BadSystem, *, line: str | None = None, kind: str | None = None, at: str = "/hook") -> NewWebhook:
    url = peer.url + at
    made = add_webhook(by=WORKS, at=platform_now(), system="works-a", url=url, line=line, kind=kind)
    peer.told(secret=made.secret)
    return made


def now_due() -> None:
    Webhook.objects.update(next_at=timezone.now() - timedelta(seconds=1))


def positions(peer: BadSystem) -> list[int]:
    return [item["position"] for item in peer.items()]


def test_what_is_published_arrives_in_order_and_once(peer: BadSystem) -> None:
    registered()
    publish(1)
    subscribed(peer)
    publish(2, 3)
    assert courier.deliver_due() == 1
    publish(4)
    courier.deliver_due()
    wanted = [item for item in feed.page(0, Wish())[0]]
    assert peer.items() == wanted[1:] and len(wanted) == 4
    assert courier.deliver_due() == 0


def test_the_signatures_are_those_of_the_interface(peer: BadSystem) -> None:
    registered()
    made = subscribed(peer)
    publish(1)
    courier.deliver_due()
    [message] = peer.received()
    content = f"{message['id']}.{message['timestamp']}.{message['body']}".encode()
    shared, own = message["signature"].split(" ")
    secret = base64.b64decode(made.secret.removeprefix("whsec_"))
    assert shared == "v1," + base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
    [public] = signing.public_keys()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    key.verify(base64.b64decode(own.removeprefix("v1a,")), content)


def test_only_what_was_wished_for_arrives(peer: BadSystem) -> None:
    registered()
    subscribed(peer, line="procurement")
    publish(1)
    publish(2, name="BID_DEAL_ANNOUNCE")
    courier.deliver_due()
    assert [item["line"] for item in peer.items()] == ["procurement"]


def test_a_failure_is_repeated_with_the_same_id_and_bytes_and_growing_delay(peer: BadSystem) -> None:
    registered()
    subscribed(peer)
    publish(1)
    peer.told(status=503)
    courier.deliver_due()
    publish(2)
    assert courier.deliver_due() == 0, "not before its time"
    now_due()
    courier.deliver_due()
    waiting = Webhook.objects.get()
    assert (waiting.failures, waiting.problem) == (2, "HTTP 503") and waiting.next_at > timezone.now()
    peer.told(status=200)
    now_due()
    courier.deliver_due()
    first, second, third, fourth = peer.received()
    assert (first["id"], first["body"]) == (second["id"], second["body"]) == (third["id"], third["body"])
    assert fourth["id"] != first["id"]
    assert [courier.delay_s(n) for n in (1, 2, 3, 20)] == [5, 15, 45, 3600]


def test_after_days_it_is_paused_with_a_finding_and_goes_on_when_asked(peer: BadSystem) -> None:
    registered()
    made = subscribed(peer)
    publish(1)
    peer.told(status=500)
    Webhook.objects.update(failing_from=timezone.now() - timedelta(days=4), failures=70)
    courier.deliver_due()
    paused = Webhook.objects.get()
    assert paused.paused_at and "已暂停" in paused.problem, "pause_webhook"
    now_due()
    assert courier.deliver_due() == 0
    peer.told(status=200)
    resend_webhook(by=WORKS, at=platform_now(), webhook_no=made.webhook.webhook_no)
    courier.deliver_due()
    assert len(peer.items()) == 2, "once refused, once taken in"


def test_a_part_can_be_asked_for_again(peer: BadSystem) -> None:
    registered()
    made = subscribed(peer)
    publish(1, 2)
    courier.deliver_due()
    resend_webhook(by=WORKS, at=platform_now(), webhook_no=made.webhook.webhook_no, after=0)
    courier.deliver_due()
    first, second = peer.received()
    assert positions(peer) == positions(peer)[:2] * 2 and first["id"] != second["id"]
    with pytest.raises(Refusal):
        resend_webhook(by=WORKS, at=platform_now(), webhook_no=made.webhook.webhook_no, after=10**9)


def test_while_a_secret_changes_both_sign(peer: BadSystem) -> None:
    registered()
    made = subscribed(peer)
    rotated = rotate_webhook(by=WORKS, at=platform_now(), webhook_no=made.webhook.webhook_no)
    before = signing.public_keys()
    signing.rotate_webhook_key(by=PLATFORM, at=platform_now())
    publish(1)
    courier.deliver_due()
    peer.told(secret=rotated.secret)
    publish(2)
    courier.deliver_due()
    assert [one["problem"] for one in peer.received()] == ["", ""], "the old secret, then the new one"
    Webhook.objects.update(old_until=timezone.now())
    publish(3)
    courier.deliver_due()
    assert peer.received()[-1]["signature"].count("v1,") == 1
    assert signing.public_keys()[1:] == before


def test_an_ended_webhook_gets_nothing(peer: BadSystem) -> None:
    registered()
    made = subscribed(peer)
    end_webhook(by=WORKS, at=platform_now(), webhook_no=made.webhook.webhook_no)
    publish(1)
    assert courier.deliver_due() == 0
    assert subscribed(peer).secret != made.secret, "the address is free again"


def test_another_system_sees_no_webhook_of_ours(peer: BadSystem) -> None:
    registered()
    registered(OTHER)
    made = subscribed(peer)
    for act in (rotate_webhook, resend_webhook, end_webhook):
        with pytest.raises(NotVisible):
            act(by=OTHER, at=platform_now(), webhook_no=made.webhook.webhook_no)
    with pytest.raises(NotVisible):
        add_webhook(by=OTHER, at=platform_now(), system="works-a", url=peer.hook + "2")
    with pytest.raises(NotVisible):
        add_webhook(by=Actor("person", "x", "某人"), at=platform_now(), system="works-a", url=peer.hook + "2")


@pytest.mark.parametrize(
    "url",
    ["http://example.com/h", "https://u:p@example.com/", "ftp://127.0.0.1/", "https:///x", "https://a/#b", "x" * 1001],
)
def test_an_address_that_may_not_be_called_is_refused(url: str) -> None:
    registered()
    with pytest.raises(Refusal) as refused:
        add_webhook(by=WORKS, at=platform_now(), system="works-a", url=url)
    assert refused.value.violations[0].field == "url"


def test_a_production_database_reaches_neither_loopback_nor_a_private_network() -> None:
    for address in ("http://127.0.0.1:1/", "https://127.0.0.1:1/", "https://10.0.0.1/", "https://169.254.169.254/"):
        with pytest.raises(NotReached):
            post(address, b"", {}, loopback=False, seconds=2)


def test_a_redirect_is_not_followed(peer: BadSystem) -> None:
    registered()
    subscribed(peer)
    publish(1)
    peer.told(status=307)
    courier.deliver_due()
    assert "307" in Webhook.objects.get().problem


def test_one_system_has_few_webhooks(peer: BadSystem) -> None:
    registered()
    for number in range(webhooks.MOST_WEBHOOKS):
        subscribed(peer, at=f"/hook?{number}")
    with pytest.raises(Refusal):
        subscribed(peer, at="/hook?more")


def test_no_secret_is_in_any_log_entry_or_column(peer: BadSystem, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    new = registered()
    made = subscribed(peer, at="/hook?key=in-the-address")
    rotated = rotate_webhook(by=WORKS, at=platform_now(), webhook_no=made.webhook.webhook_no)
    publish(1)
    peer.told(status=500)
    courier.deliver_due()
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(body, ' ') from journal_entry")
        kept = cursor.fetchone()[0] + caplog.text
        cursor.execute("select string_agg(w::text, ' ') from exchange_webhook w")
        columns = cursor.fetchone()[0] + repr(made) + repr(rotated)
    secrets = [new.token, *(one.secret for one in (made, rotated))]
    assert [one for one in secrets if one in kept or one.removeprefix("whsec_") in columns] == []
    assert "in-the-address" not in kept
    assert made.webhook.webhook_no in kept
