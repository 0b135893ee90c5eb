"""The service hall upstream, played by a real provider in a process of its own: linked here first, then a way in."""

import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from tradehall.accounts.models import Account, SignIn
from tradehall.accounts.tests.entering import entered, sign_in_of

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    secret = tmp_path_factory.mktemp("hall") / "secret"
    secret.write_text("hall secret\n")
    command = [sys.executable, "-m", "tests.peers.service_hall", "--port", str(port), "--client-id", "tradehall"]
    back = f"http://testserver/login/hall/{provider_of(address)}/callback"
    peer = subprocess.Popen([*command, "--secret-file", str(secret), "--redirect", back], cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while not answers(address):
            assert peer.poll() is None and time.monotonic() < deadline
            time.sleep(0.2)
        yield address
    finally:
        peer.terminate()
        peer.wait(10)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/jwks").status_code == 200
    except httpx.TransportError:
        return False


def provider_of(address: str) -> str:
    return "hall-" + hashlib.sha256(address.encode()).hexdigest()[:12]


@pytest.fixture
def hall(issuer: str, settings: Any) -> str:
    """The address of the hall's button; the site is configured for this hall."""
    provider = provider_of(issuer)
    app = {
        "provider_id": provider, "name": "统一身份认证", "client_id": "tradehall", "secret": "hall secret",
        "settings": {"server_url": issuer, "fetch_userinfo": False},
    }  # fmt: skip
    settings.HALL_APPS = [app]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    return f"/login/hall/{provider}"


def through_the_hall(client: Client, start: str, sub: str) -> Any:
    """Press the button here, sign in there, come back."""
    out = client.post(start)
    assert out.status_code == 302, out.content.decode()
    back = httpx.post(out["Location"], data={"sub": sub}).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def linked(account: Account, hall: str, sub: str) -> Client:
    client = entered(account)
    assert through_the_hall(client, f"{hall}?process=connect", sub)["Location"] == "/account"
    return client


def test_an_unknown_identity_is_told_to_link_and_makes_no_account(lin: Account, hall: str) -> None:
    client = Client()
    answer = through_the_hall(client, hall, "310-unknown")
    assert answer.status_code == 403 and "请先登录一次并关联" in answer.content.decode()
    assert client.get("/account").status_code == 302
    assert Account.objects.count() == 1 and not SocialAccount.objects.exists()


def test_after_linking_here_the_hall_is_a_way_in(lin: Account, hall: str) -> None:
    linked(lin, hall, "310-lin")
    kept = SocialAccount.objects.get()
    assert (kept.uid, kept.extra_data) == ("310-lin", {})
    client = Client()
    assert through_the_hall(client, hall, "310-lin").status_code == 302
    found = sign_in_of(client)
    assert found is not None and found.account == lin


def test_the_same_subject_of_another_issuer_is_somebody_else(lin: Account, hall: str) -> None:
    linked(lin, hall, "310-lin")
    SocialAccount.objects.update(provider=provider_of("https://another.example"))
    assert through_the_hall(Client(), hall, "310-lin").status_code == 403


def test_one_identity_opens_one_account(lin: Account, hall: str) -> None:
    linked(lin, hall, "310-lin")
    wang = Account.objects.create(login="wang", name="王", created_at=lin.created_at)
    answer = through_the_hall(entered(wang), f"{hall}?process=connect", "310-lin")
    assert answer.status_code == 409
    assert SocialAccount.objects.get().user_id == lin.pk


def test_linking_wants_a_fresh_proof(lin: Account, hall: str) -> None:
    client = Client()
    client.force_login(lin)
    assert client.post(f"{hall}?process=connect")["Location"] == "/login/again?next=/account"


def test_a_refusal_there_is_said_here(lin: Account, hall: str) -> None:
    answer = through_the_hall(Client(), hall, "refuse")
    assert answer.status_code == 502 and "没有登录" in answer.content.decode()
    assert not SignIn.objects.exists()


def test_a_forged_return_is_refused(lin: Account, hall: str) -> None:
    answer = Client().get(f"{hall}/callback", {"code": "x", "state": "forged"})
    assert answer.status_code == 502


def test_a_link_ends_where_it_was_made(lin: Account, hall: str) -> None:
    client = linked(lin, hall, "310-lin")
    assert "解除关联" in client.get("/account").content.decode()
    assert client.post("/account/hall/unlink")["Location"] == "/account"
    assert through_the_hall(Client(), hall, "310-lin").status_code == 403
