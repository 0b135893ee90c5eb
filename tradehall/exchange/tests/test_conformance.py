"""`tradehall conformance`: a system that does everything right passes, and each fault fails the rule of its name."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from tests.peers.bad_system.running import BadSystem
from tradehall.accounts.oidc.clients import register_client
from tradehall.exchange.conformance import RULES, examine
from tradehall.exchange.models import Webhook
from tradehall.exchange.tests.peers import peer, registered, served
from tradehall.exchange.webhooks import add_webhook
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
__all__ = ["peer", "served"]
# Who lies about one thing fails the rules that need it as well.
ALSO = {
    "discovery": set(RULES),
    "backchannel-accepts-genuine": {"backchannel-refuses-replay"},
    "webhook-accepts-signed": {"webhook-accepts-repeated"},
    "push-is-accepted": {"push-is-true"},
}


@pytest.fixture
def connected(peer: BadSystem, served: str) -> Iterator[BadSystem]:
    """Registered as a system, as a client, and as a subscriber."""
    token = registered().token
    hook = add_webhook(by=PLATFORM, at=platform_now(), system="works-a", url=peer.hook)
    client = register_client(
        by=PLATFORM, at=platform_now(), name="甲交易系统", redirects=[f"{peer.url}/callback"],
        backchannel=f"{peer.url}/logout",
    )  # fmt: skip
    with urllib.request.urlopen(f"{served}/oidc/jwks.json", timeout=30) as answer:
        jwks = json.loads(answer.read())
    peer.told(
        secret=hook.secret, audience=client.system.client_id, issuer=settings.SITE_URL, jwks=jwks,
        platform=served, token=token,
    )  # fmt: skip
    yield peer


def failures(peer: BadSystem) -> dict[str, str]:
    return {one.rule: one.words for one in examine(peer.url) if not one.is_passed}


def test_a_system_that_does_everything_right_passes_and_each_fault_has_its_rule(connected: BadSystem) -> None:
    assert failures(connected) == {}
    assert [one.rule for one in examine(connected.url)] == list(RULES)
    for rule in RULES:
        connected.told(faults=[rule])
        assert set(failures(connected)) == {rule} | ALSO.get(rule, set()), rule


def test_the_reference_system_passes(served: str) -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    own = f"http://127.0.0.1:{port}"
    with override_settings(SITE_URL=served), tempfile.TemporaryDirectory() as folder:
        client = register_client(
            by=PLATFORM, at=platform_now(), name="参考", redirects=[f"{own}/callback"], backchannel=f"{own}/backchannel"
        )
        secrets = {"TRADING_CLIENT_SECRET": client.secret or "", "TRADING_TOKEN": registered().token}
        words = ["--port", str(port), "--issuer", served, "--client-id", client.system.client_id]
        command = [sys.executable, "-m", "tests.peers.trading_system", *words, "--store", f"{folder}/store.sqlite3"]
        process = subprocess.Popen(
            command, cwd=settings.ROOT, env=os.environ | secrets, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout and process.stdout.readline()
            until = time.monotonic() + 60
            while not Webhook.objects.exists() and time.monotonic() < until:
                time.sleep(0.1)
            assert failures(BadSystem(own)) == {}
        finally:
            process.terminate()
            process.wait(30)


def test_a_stranger_fails_in_words(peer: BadSystem) -> None:
    found = failures(peer)
    assert "先用 tradehall client add 登记" in found["backchannel-accepts-genuine"]
    assert "先用 tradehall system webhook 登记" in found["webhook-accepts-signed"]
    assert failures(BadSystem("http://127.0.0.1:9"))["discovery"]
