"""One's own account: password, second factors, where one is signed in, out everywhere."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from tradehall.accounts import services
from tradehall.accounts.models import Account, SignIn
from tradehall.accounts.tests.conftest import AT, PASSWORD
from tradehall.accounts.tests.entering import code_of, entered, key_of, post_sign_in, sign_in_of
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
NEW = "another long secret 2"


def came_in(login: str = "lin") -> Client:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140.0")
    assert post_sign_in(client, PASSWORD, login=login).status_code == 302
    return client


def recorded(code: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from journal_entry where code = %s", [code])
        return int(cursor.fetchone()[0])


def test_change_password_ends_every_other_sign_in(lin: Account) -> None:
    here, there = came_in(), came_in()
    answer = here.post("/account/password", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert here.get("/account").status_code == 200 and there.get("/account").status_code == 302
    assert sign_in_of(here) is not None and SignIn.objects.filter(ended_at__isnull=True).count() == 1
    assert post_sign_in(Client(), PASSWORD).status_code == 400
    assert post_sign_in(Client(), NEW).status_code == 302
    assert recorded("accounts.change_password") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"oldpassword": "wrong"}, "当前口令不正确"), ({"password1": "short", "password2": "short"}, "10"),
        ({"password2": "something else"}, "不一致"), ({"oldpassword": ""}, "请填写当前口令"),
    ],
    ids=["旧口令不对", "太短", "不一致", "没填"],
)  # fmt: skip
def test_a_password_that_will_not_do_is_refused_in_words(lin: Account, typed: dict[str, str], said: str) -> None:
    answer = came_in().post("/account/password", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW, **typed})
    assert answer.status_code == 400 and said in answer.content.decode()
    assert NEW not in answer.content.decode()


def test_turning_the_code_on_asks_who_one_is_and_gives_recovery_codes(lin: Account) -> None:
    client = came_in()
    assert client.get("/account/totp")["Location"].startswith("/login/again")
    client.post("/login/again", {"password": PASSWORD, "next": "/account/totp"})
    page = client.get("/account/totp").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret[:4] in page and "<svg" in page
    assert client.post("/account/totp", {"code": "000000"}).status_code == 400
    assert client.post("/account/totp", {"code": code_of(secret)})["Location"] == "/account/recovery-codes"
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/account/recovery-codes").content.decode())
    assert len(codes) == 10 and recorded("accounts.change_way_in") == 1
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    other = Client()
    post_sign_in(other, PASSWORD)
    assert other.post("/login/code", {"code": codes[0]}).status_code == 302
    assert "还剩 9 个" in client.get("/account").content.decode()


def test_turning_the_code_off_takes_the_recovery_codes_along(lin: Account) -> None:
    services.give_totp(by=PLATFORM, at=AT, account=lin, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = entered(lin)
    client.post("/login/again", {"password": PASSWORD, "next": "/account/totp/off"})
    assert client.post("/account/totp/off").status_code == 302
    assert not Authenticator.objects.exists()
    assert recorded("accounts.change_way_in") == 2


def test_the_list_shows_time_address_and_device_and_ends_one(lin: Account) -> None:
    here, there = came_in(), came_in()
    page = here.get("/account/sessions").content.decode()
    assert page.count("<b>Chrome（Windows）</b>") == 2
    assert "127.0.0.1" in page and "本机" in page
    other = sign_in_of(there)
    assert other is not None
    assert here.post(f"/account/sessions/{other.sid}/end")["Location"] == "/account/sessions"
    assert there.get("/account").status_code == 302 and here.get("/account").status_code == 200


def test_nobody_ends_the_sign_in_of_another(lin: Account) -> None:
    services.create_account(by=PLATFORM, at=AT, login="wang", name="王", password=PASSWORD)
    mine = sign_in_of(came_in())
    assert mine is not None
    assert came_in("wang").post(f"/account/sessions/{mine.sid}/end").status_code == 404


def test_end_all_sign_ins_leaves_nobody_in(lin: Account) -> None:
    here, there = came_in(), came_in()
    assert here.post("/account/sessions/end-all")["Location"] == "/login"
    assert [client.get("/account").status_code for client in (here, there)] == [302, 302]
    assert recorded("accounts.end_all_sign_ins") == 1


def test_all_others_may_end_while_this_one_stays(lin: Account) -> None:
    here, there = came_in(), came_in()
    here.post("/account/sessions/end-all", {"spare": "this"})
    assert [client.get("/account").status_code for client in (here, there)] == [200, 302]


def test_an_ended_sign_in_is_out_even_if_its_session_remains(lin: Account) -> None:
    client = came_in()
    SignIn.objects.update(ended_at=SignIn.objects.get().signed_in_at)
    assert client.get("/account").status_code == 302


def test_every_page_says_until_when(lin: Account) -> None:
    client = came_in()
    assert 'data-session-seconds="1800"' in client.get("/account").content.decode()
    assert "登录保留到" in client.get("/account").content.decode()
    assert "data-session-seconds" not in Client().get("/login").content.decode()
    assert client.get("/account/stay").json() == {"seconds": 1800}
    assert Client().get("/account/stay").json() == {"seconds": 0}


def test_the_session_key_is_kept_nowhere_but_in_the_session(lin: Account) -> None:
    client = came_in()
    assert key_of(client) not in str(SignIn.objects.values().get())
