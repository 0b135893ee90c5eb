"""The lock-out: after how many, until when, for whom, and what still comes in."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tradehall.accounts import selectors, services
from tradehall.accounts.models import Account, FailedSignIn
from tradehall.accounts.rules import LOCK_S, TRIES_OF_ADDRESS, TRIES_OF_LOGIN
from tradehall.accounts.tests.conftest import PASSWORD
from tradehall.accounts.tests.entering import post_sign_in

pytestmark = pytest.mark.django_db


def failed(login: str, count: int, at: datetime, address: str = "192.0.2.9") -> None:
    for _ in range(count):
        services.note_failed_sign_in(at=at, login=login, kind="password", address=address)


def test_after_five_wrong_ones_the_right_one_waits_and_the_page_says_until_when(lin: Account) -> None:
    client = Client()
    for _ in range(TRIES_OF_LOGIN):
        assert post_sign_in(client, "wrong words").status_code == 400
    answer = post_sign_in(client, PASSWORD)
    page = answer.content.decode()
    assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= LOCK_S
    assert "之后再试" in page and "通行密钥" in page
    assert FailedSignIn.objects.count() == TRIES_OF_LOGIN


def test_the_lock_ends_by_itself(lin: Account) -> None:
    failed("lin", TRIES_OF_LOGIN, timezone.now() - timedelta(seconds=LOCK_S + 1))
    assert post_sign_in(Client(), PASSWORD).status_code == 302


def test_an_unknown_login_is_locked_alike() -> None:
    failed("nobody", TRIES_OF_LOGIN, timezone.now())
    assert post_sign_in(Client(), PASSWORD, login="nobody").status_code == 429


def test_coming_in_begins_the_count_anew(lin: Account) -> None:
    failed("lin", TRIES_OF_LOGIN - 1, timezone.now())
    assert post_sign_in(Client(), PASSWORD).status_code == 302
    assert post_sign_in(Client(), "wrong words").status_code == 400
    assert post_sign_in(Client(), PASSWORD).status_code == 302


def test_one_address_trying_many_logins_is_locked_and_others_are_not(lin: Account) -> None:
    now = timezone.now()
    for number in range(TRIES_OF_ADDRESS):
        failed(f"login-{number}", 1, now, address="127.0.0.1")
    assert post_sign_in(Client(), PASSWORD).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.77").post("/login", {"login": "lin", "password": PASSWORD}).status_code == 302


def test_the_lock_ends_a_quarter_of_an_hour_after_the_fifth_last_attempt(lin: Account) -> None:
    now = timezone.now()
    for minute in range(TRIES_OF_LOGIN):
        failed("lin", 1, now - timedelta(minutes=minute))
    digest = services.login_digest("lin")
    until = selectors.locked_until(at=now, login="lin", digest=digest, address=None)
    assert until == now - timedelta(minutes=TRIES_OF_LOGIN - 1) + timedelta(seconds=LOCK_S)


def test_no_transaction_is_open_while_a_password_is_judged(lin: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing on a busy machine takes longer than an idle transaction may live."""
    depth: list[int] = []
    check = Account.check_password

    def noted(self: Account, password: str) -> bool:
        depth.append(len(connection.savepoint_ids))
        return check(self, password)

    before = len(connection.savepoint_ids)
    monkeypatch.setattr(Account, "check_password", noted)
    post_sign_in(Client(), PASSWORD)
    assert depth == [before]
