"""Signing in and out, and the desk: who I am and for whom I act."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tradehall.accounts import services
from tradehall.kernel.actor import PLATFORM

AT = datetime(2026, 9, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    services.create_account(by=PLATFORM, at=AT, login="lin", name="林远", password="a long enough secret")
    return Client()


def sign_in(client: Client, password: str = "a long enough secret", **stated: str) -> int:
    return client.post("/login", {"login": "lin", "password": password, **stated}).status_code


def test_it_leads_to_the_desk_and_out_again(client: Client) -> None:
    assert sign_in(client) == 302
    assert "林远" in client.get("/desk").content.decode()
    client.post("/logout")
    assert client.get("/desk").status_code == 302


def test_a_wrong_password_keeps_the_name_and_says_so(client: Client) -> None:
    answer = client.post("/login", {"login": "lin", "password": "wrong"})
    assert answer.status_code == 400
    assert 'value="lin"' in answer.content.decode() and "账号或口令不正确" in answer.content.decode()


def test_an_unknown_login_is_told_the_same(client: Client) -> None:
    known = client.post("/login", {"login": "lin", "password": "wrong"}).content
    unknown = client.post("/login", {"login": "lim", "password": "wrong"}).content
    assert "账号或口令不正确" in unknown.decode() and "账号或口令不正确" in known.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_never_leads_outside(client: Client, target: str) -> None:
    answer = client.post("/login", {"login": "lin", "password": "a long enough secret", "next": target})
    assert answer.headers["Location"] == "/desk"
