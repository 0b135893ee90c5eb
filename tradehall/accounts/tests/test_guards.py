"""The guards of views: whoever is interrupted comes back to the same act, with what he had typed, and nobody else does."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tradehall.accounts import drafts, services
from tradehall.accounts.models import Account, Draft, SignIn
from tradehall.accounts.tests import guarded
from tradehall.accounts.tests.conftest import AT, PASSWORD
from tradehall.accounts.tests.entering import entered, key_of, post_sign_in, sign_in_of
from tradehall.kernel.actor import PLATFORM

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tradehall.accounts.tests.guarded")]


@pytest.fixture(autouse=True)
def nothing_done() -> Iterator[None]:
    guarded.DONE.clear()
    yield


def entered_long_ago(account: Account) -> Client:
    """He came in ten minutes ago."""
    client = Client()
    client.force_login(account)
    services.sign_in(
        at=timezone.now() - timedelta(minutes=10), account=account, session_key=key_of(client), amr=["pwd"], acr="x"
    )
    return client


def confirm(client: Client, next_page: str) -> Any:
    return client.post("/login/again", {"password": PASSWORD, "next": next_page})


def test_a_fresh_proof_lets_the_act_through(lin: Account) -> None:
    assert entered(lin).post("/grave", {"reason": "到期"})["Location"] == "/done"
    assert guarded.DONE == [{"reason": "到期"}]


def test_an_old_proof_is_renewed_and_the_form_comes_back_as_it_was(lin: Account) -> None:
    client = entered_long_ago(lin)
    answer = client.post("/grave", {"reason": "写了很久的理由", "password": "never kept"})
    assert answer["Location"] == "/login/again?next=%2Fgrave" and guarded.DONE == []
    assert confirm(client, "/grave")["Location"] == "/grave"
    assert client.get("/grave").content.decode() == "写了很久的理由"
    assert client.post("/grave", {"reason": "写了很久的理由"})["Location"] == "/done"
    assert client.get("/grave").content.decode() == "nothing kept"


def test_the_proof_moves_the_time_that_systems_are_told(lin: Account) -> None:
    client = entered_long_ago(lin)
    before = SignIn.objects.get().proved_at
    assert confirm(client, "/grave").status_code == 302
    found = sign_in_of(client)
    assert found is not None and found.proved_at > before


def test_a_wrong_password_proves_nothing(lin: Account) -> None:
    client = entered_long_ago(lin)
    answer = client.post("/login/again", {"password": "wrong words", "next": "/grave"})
    assert answer.status_code == 400 and "口令不正确" in answer.content.decode()
    assert client.get("/grave")["Location"].startswith("/login/again")


def test_an_act_without_a_form_page_offers_itself_again(lin: Account) -> None:
    client = entered_long_ago(lin)
    client.post("/end", {"which": "7"})
    confirm(client, "/end")
    page = client.get("/end").content.decode()
    assert 'name="which" value="7"' in page and "结束" in page and guarded.DONE == []
    assert client.post("/end", {"which": "7"})["Location"] == "/done"
    assert client.get("/end").status_code == 405


def test_a_form_sent_after_the_session_ended_is_there_after_signing_in(lin: Account) -> None:
    marker = drafts.marker(lin)
    client = Client()
    answer = client.post("/form", {"reason": "一个小时的字", "draft_for": marker})
    assert answer["Location"] == "/login?next=%2Fform"
    assert post_sign_in(client, PASSWORD, next="/form")["Location"] == "/form"
    assert client.get("/form").content.decode() == "一个小时的字"
    assert "一个小时的字".encode() not in bytes(Draft.objects.get().secret)


def test_nobody_else_finds_it(lin: Account) -> None:
    wang = services.create_account(by=PLATFORM, at=AT, login="wang", name="王", password=PASSWORD)
    Client().post("/form", {"reason": "林远的字", "draft_for": drafts.marker(lin)})
    assert entered(wang).get("/form").content.decode() == "nothing kept"
    assert entered(lin).get("/form").content.decode() == "林远的字"


def test_a_forged_marker_keeps_nothing(lin: Account) -> None:
    Client().post("/form", {"reason": "别人的字", "draft_for": drafts.marker(lin) + "x"})
    assert not Draft.objects.exists()


def test_a_draft_is_gone_after_a_day(lin: Account) -> None:
    Client().post("/form", {"reason": "昨天的字", "draft_for": drafts.marker(lin)})
    later = timezone.now() + drafts.LIFE + timedelta(seconds=1)
    assert drafts.find(at=later, account=lin, form_href="/form") is None
    assert drafts.drop_old(at=later) == 1
