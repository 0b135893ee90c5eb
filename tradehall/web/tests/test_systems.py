"""Doors for everybody, and the desk where centre staff register the systems behind them."""

import re

import pytest
from django.conf import settings
from django.test import Client

from tradehall.accounts.oidc.models import ClientSystem
from tradehall.journal.clock import platform_now
from tradehall.parties.tests import bodies
from tradehall.web.tests.relying import REDIRECT, Relying, answered, person, read_unchecked, register, signed_in

pytestmark = pytest.mark.django_db


def door(client_id: str) -> str:
    return f"/systems/{client_id}/enter"


def test_every_open_system_has_a_door(client: Client) -> None:
    made = register()
    page = client.get("/systems").content.decode()
    assert f'href="{door(made.system.client_id)}"' in page and "工程交易系统" in page
    ClientSystem.objects.update(disabled_at=platform_now())
    assert "工程交易系统" not in client.get("/systems").content.decode()
    assert client.get(door(made.system.client_id)).status_code == 404


def test_a_stranger_at_a_door_signs_in_first(client: Client) -> None:
    target = door(register().system.client_id)
    assert client.get(target).headers["Location"] == f"/login?next={target.replace('/', '%2F')}"


def test_behind_a_door_nobody_is_asked_again() -> None:
    works = Relying(register(), signed_in(person()))
    answer = works.browser.get(door(works.client_id))
    assert answer.headers["Location"] == f"https://works.example/?iss={_quoted(settings.SITE_URL)}"
    assert "code" in answered(works.authorize())


def test_a_foreign_page_opens_the_door_but_says_nothing_for_the_person() -> None:
    works = Relying(register(), signed_in(person()))
    works.browser.get(door(works.client_id), headers={"sec-fetch-site": "cross-site"})
    assert works.authorize().status_code == 200


def test_the_choice_of_one_door_opens_no_other() -> None:
    works = Relying(register(), signed_in(person()))
    other = Relying(register("别的系统"), works.browser)
    works.browser.get(door(works.client_id))
    assert other.authorize().status_code == 200


def test_a_door_leads_in_as_whom_the_session_acts_for() -> None:
    at = platform_now()
    one, other = bodies.code_of("MA0000AA"), bodies.code_of("MA0000BB")
    for code in (one, other):
        bodies.appointed("lin", "bidder", code, at=at)
    works = Relying(register(), signed_in(bodies.person("lin", at=at)))
    works.browser.post("/acting-for", {"organisation": other, "next": "/desk"})
    works.browser.get(door(works.client_id))
    tokens = works.exchange(answered(works.authorize())["code"])[1]
    assert works.userinfo(tokens["access_token"]).json()["org_code"] == other
    assert read_unchecked(tokens["id_token"])["acr"]


@pytest.fixture
def clerk() -> Client:
    at = platform_now()
    bodies.appointed(bodies.CLERK, "centre", bodies.CENTRE, at=at)
    return signed_in(bodies.person(bodies.CLERK, at=at))


def test_centre_staff_register_a_system_and_see_its_secret_once(clerk: Client) -> None:
    stated = {"name": "土地交易系统", "line": "land", "redirect": f"{REDIRECT}\nhttps://works.example/b", "kind": "confidential",
              "backchannel": "https://works.example/out", "logout": "", "start": ""}  # fmt: skip
    page = clerk.post("/desk/clients", stated).content.decode()
    system = ClientSystem.objects.get()
    secret = re.search(r'client_secret</dt><dd class="secret">([^<]+)', page)
    assert secret and system.client.check_secret(secret.group(1))
    assert system.client.get_redirect_uris() == [REDIRECT, "https://works.example/b"]
    again = clerk.get("/desk/clients").content.decode()
    assert system.client_id in again and secret.group(1) not in again
    clerk.post(f"/desk/clients/{system.client_id}/disable")
    system.refresh_from_db()
    assert system.disabled_at is not None


def test_a_wrong_address_is_named_and_nothing_typed_is_lost(clerk: Client) -> None:
    answer = clerk.post("/desk/clients", {"name": "土地交易系统", "redirect": "http://a.example/cb", "kind": "public"})
    page = answer.content.decode()
    assert answer.status_code == 400 and 'value="土地交易系统"' in page and "https" in page
    assert not ClientSystem.objects.exists()


def test_nobody_else_registers_anything(client: Client) -> None:
    assert client.get("/desk/clients").status_code == 302
    assert signed_in(person()).post("/desk/clients", {"name": "x"}).status_code in (403, 404)


def _quoted(address: str) -> str:
    return address.replace(":", "%3A").replace("/", "%2F")
