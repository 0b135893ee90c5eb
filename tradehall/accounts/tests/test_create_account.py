"""A person opens an account of his own: it signs in, may register an organisation, and may do nothing else."""

import pytest
from django.test import Client

from tradehall.accounts.models import Account
from tradehall.accounts.views import joining

pytestmark = pytest.mark.django_db
STATED = {"name": "沈岚", "login": "Shen.Lan", "password1": "cloud-river-47", "password2": "cloud-river-47"}


def refused(client: Client, **other: str) -> str:
    answer = client.post("/login/new", {**STATED, **other})
    assert answer.status_code == 400 and not Account.objects.filter(name="沈岚", login=other.get("login", "")).exists()
    return answer.content.decode()


def test_whoever_opens_one_is_signed_in_and_led_to_the_registration(client: Client) -> None:
    answer = client.post("/login/new", STATED)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/register")
    assert "主体登记" in client.get("/register").content.decode()
    assert client.get("/desk/grants").status_code == 403
    client.post("/logout")
    again = client.post("/login", {"login": "shen.lan", "password": STATED["password1"]})
    assert again.status_code == 302 and Account.objects.get(login="shen.lan").name == "沈岚"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("login", "a b", "4 至 32 个"),
        ("login", "沈岚沈岚", "4 至 32 个"),
        ("password1", "9876501234", "口令不能只有数字"),
        ("password1", "short", "口令太短"),
        ("password2", "cloud-river-48", "不一致"),
        ("name", "", "请填写姓名"),
    ],
)
def test_what_is_stated_wrongly_is_said_beside_the_field(client: Client, field: str, value: str, words: str) -> None:
    page = refused(client, **{field: value})
    assert words in page and 'value="cloud-river' not in page


def test_a_login_is_given_once(client: Client) -> None:
    client.post("/login/new", STATED)
    answer = Client().post("/login/new", {**STATED, "name": "别人", "login": "shen.lan"})
    assert answer.status_code == 400 and "已被使用" in answer.content.decode()


def test_one_address_cannot_make_them_by_the_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MOST_AN_HOUR", 2)
    codes = [Client().post("/login/new", {**STATED, "login": f"shen.{number}x"}).status_code for number in range(4)]
    assert codes == [302, 302, 400, 400] and Account.objects.filter(name="沈岚").count() == 2
