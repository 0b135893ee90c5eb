"""Coming in by password and code, and going out: what works, what is refused, what is written down."""

import re
from typing import Any

import pytest
from django.test import Client

from tradehall.accounts import rules, services
from tradehall.accounts.models import Account, FailedSignIn, SignIn
from tradehall.accounts.tests.conftest import AT, PASSWORD
from tradehall.accounts.tests.entering import code_of, key_of, post_sign_in, sign_in_of
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def with_totp(lin: Account) -> Account:
    services.give_totp(by=PLATFORM, at=AT, account=lin, secret=SECRET)
    return lin


def test_a_password_leads_to_the_desk_and_out_again(lin: Account) -> None:
    client = Client()
    anonymous = client.get("/login").wsgi_request.session.session_key
    answer = post_sign_in(client, PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/desk")
    found = sign_in_of(client)
    assert found is not None and key_of(client) != anonymous
    assert (found.account, found.amr, found.acr, found.address) == (lin, ["pwd"], rules.PASSWORD, "127.0.0.1")
    key = key_of(client)
    client.post("/logout")
    assert SignIn.objects.get(pk=found.pk).ended_at is not None
    assert client.get("/account").status_code == 302 and key_of(client) != key


def test_a_wrong_password_keeps_the_login_and_never_shows_the_password(lin: Account) -> None:
    answer = post_sign_in(Client(), "not the password")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_login"' in page and 'value="lin"' in page and "账号或口令不正确" in page
    assert "not the password" not in page
    assert FailedSignIn.objects.get().kind == "password"


def test_unknown_and_known_look_the_same(lin: Account) -> None:
    known, unknown = (post_sign_in(Client(), "wrong words", login=name).content for name in ("lin", "lim"))
    assert unmarked(known) == unmarked(unknown.replace(b"lim", b"lin"))


@pytest.mark.parametrize(
    ("target", "leads"),
    [("/search?q=桥", "/search?q=%E6%A1%A5"), ("https://evil.example/", "/desk"), ("//evil.example", "/desk"),
     ("https:evil.example", "/desk"), ("javascript:alert(1)", "/desk")],
)  # fmt: skip
def test_only_our_own_pages_are_led_to(lin: Account, target: str, leads: str) -> None:
    assert post_sign_in(Client(), PASSWORD, next=target)["Location"] == leads


def test_with_a_second_factor_the_password_alone_is_nothing(with_totp: Account) -> None:
    client = Client()
    assert post_sign_in(client, PASSWORD, next="/notices")["Location"] == "/login/code"
    assert client.get("/account").status_code == 302
    assert not SignIn.objects.exists()
    assert 'name="code"' in client.get("/login/code").content.decode()
    answer = client.post("/login/code", {"code": code_of(SECRET)})
    assert (answer.status_code, answer["Location"]) == (302, "/notices")
    found = sign_in_of(client)
    assert found is not None and (found.amr, found.acr) == (["pwd", "otp", "mfa"], rules.MULTI_FACTOR)


def test_the_code_may_also_be_sent_to_the_first_page(with_totp: Account) -> None:
    client = Client()
    post_sign_in(client, PASSWORD)
    assert client.post("/login", {"code": code_of(SECRET)})["Location"] == "/desk"


def test_a_code_serves_once(with_totp: Account) -> None:
    code = code_of(SECRET)
    for expected in (302, 400):
        client = Client()
        post_sign_in(client, PASSWORD)
        answer = client.post("/login/code", {"code": code})
        assert answer.status_code == expected
    assert "已经用过" in answer.content.decode()


def test_somebody_half_way_may_start_anew(with_totp: Account) -> None:
    client = Client()
    post_sign_in(client, PASSWORD)
    assert client.get("/login")["Location"] == "/login/code"
    assert client.post("/login/anew")["Location"] == "/login"
    assert client.get("/login").status_code == 200


def test_a_closed_account_does_not_come_in(lin: Account) -> None:
    lin.is_active = False
    lin.save()
    assert post_sign_in(Client(), PASSWORD).status_code == 400


def test_a_foreign_form_is_refused_in_words(lin: Account) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login", {"login": "lin", "password": PASSWORD})
    assert answer.status_code == 403 and "页面已过期" in answer.content.decode()


def test_cookies_are_kept_from_scripts_and_other_sites(lin: Account) -> None:
    cookie: Any = post_sign_in(Client(), PASSWORD).cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["max-age"]


def unmarked(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"|<time[^>]*>[^<]*</time>|data-clock[^>]*>', b"", page)
