"""Attacks on the provider: each is refused in words, hurts its own family at most, and leaves a record."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from allauth.idp.oidc.models import Token
from django.test import Client
from django.utils import timezone

from tradehall.accounts.oidc import clients, families, signing
from tradehall.accounts.oidc.models import LogoutDelivery, TokenFamily
from tradehall.journal.clock import platform_now
from tradehall.journal.models import Entry
from tradehall.kernel.actor import PLATFORM
from tradehall.web.page_cache import PageCache
from tradehall.web.tests.relying import REDIRECT, Relying, answered, challenge_of, person, register, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Relying:
    return Relying(register(), signed_in(person()))


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize(
    "changes",
    [{"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"},
     {"code_challenge_method": None}, {"code_challenge": "short"}, {"code_challenge": None}],
)  # fmt: skip
def test_nobody_gets_a_code_without_s256(changes: dict[str, str | None], public: bool) -> None:
    works = Relying(register(public=public), signed_in(person()))
    for answer in (works.authorize(**changes), works.consent(**changes)):
        assert answered(answer)["error"] == "invalid_request" and "code" not in answered(answer)
    assert not Token.objects.exists()


@pytest.mark.parametrize("verifier", ["", "x" * 43, None])
def test_a_wrong_verifier_gets_nothing(works: Relying, verifier: str | None) -> None:
    code = works.code()
    if verifier is None:
        status, answer = works.token(grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    else:
        status, answer = works.exchange(code, code_verifier=verifier)
    assert status >= 400 and "access_token" not in answer


def test_the_challenge_itself_is_no_verifier(works: Relying) -> None:
    status, _ = works.exchange(works.code(), code_verifier=challenge_of(works.verifier))
    assert status >= 400


def test_a_reused_code_takes_its_tokens_back(works: Relying) -> None:
    code = works.code()
    status, first = works.exchange(code)
    assert status == 200 and works.userinfo(first["access_token"]).status_code == 200
    assert works.exchange(code)[1]["error"] == "invalid_grant"
    assert works.userinfo(first["access_token"]).status_code == 401
    assert works.refresh(first["refresh_token"])[0] == 400
    assert TokenFamily.objects.get().cause == "token_reused"


def test_a_stolen_refresh_token_ends_its_family_and_nothing_else(works: Relying) -> None:
    other = Relying(register("采购交易系统"), works.browser)
    innocent = other.tokens()
    stolen = works.tokens()["refresh_token"]
    status, second = works.refresh(stolen)
    assert status == 200 and second["refresh_token"] != stolen
    assert works.refresh(stolen)[1]["error"] == "invalid_grant"
    assert works.refresh(second["refresh_token"])[1]["error"] == "invalid_grant"
    assert works.userinfo(second["access_token"]).status_code == 401
    assert other.refresh(innocent["refresh_token"])[0] == 200
    assert not LogoutDelivery.objects.exists()
    assert Entry.objects.filter(code="accounts.end_family").count() == 1


def test_the_code_of_another_client_is_worth_nothing_and_stays_unharmed(works: Relying) -> None:
    thief = Relying(register("冒充者"), Client(), verifier=works.verifier)
    code = works.code()
    assert thief.exchange(code)[1]["error"] == "invalid_grant"
    status, tokens = works.exchange(code)
    assert status == 200
    assert thief.refresh(tokens["refresh_token"])[1]["error"] == "invalid_grant"
    thief.revoke(tokens["refresh_token"])
    assert works.refresh(tokens["refresh_token"])[0] == 200


def test_an_expired_code_is_worth_nothing(works: Relying) -> None:
    code = works.code()
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert works.exchange(code)[1]["error"] == "invalid_grant"


def test_the_redirect_of_the_token_request_is_compared(works: Relying) -> None:
    assert works.exchange(works.code(), redirect_uri="https://works.example/other")[0] >= 400


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "https://works.example/callback/", "https://works.example/callback?x=1",
     "https://WORKS.example/callback", "http://works.example/callback", "https://works.example:444/callback",
     "https://works.example/callback#f", "//works.example/callback", ""],
)  # fmt: skip
def test_nobody_is_sent_to_an_address_that_differs_in_a_letter(works: Relying, address: str) -> None:
    for answer in (works.authorize(redirect_uri=address), works.consent(redirect_uri=address)):
        assert answer.status_code == 400 and "Location" not in answer.headers
        assert "无法继续" in answer.content.decode()


def test_a_foreign_form_cannot_consent(works: Relying) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = works.browser.cookies
    strict = Relying(works.made, browser)
    assert strict.consent().status_code == 403
    assert not TokenFamily.objects.exists()


def test_other_grants_do_not_exist(works: Relying) -> None:
    for grant in ("client_credentials", "password", "urn:ietf:params:oauth:grant-type:device_code", "", "implicit"):
        status, answer = works.token(grant_type=grant, username="lin", password="a long enough one", scope="openid")
        assert status >= 400 and answer["error"] == "unsupported_grant_type"
    for kind in ("token", "id_token", "code token", "code id_token", "none"):
        answer = works.authorize(response_type=kind)
        assert answer.status_code in (302, 303) and "error=" in answer.headers["Location"]
        assert "code=" not in answer.headers["Location"]


def test_a_wrong_secret_opens_nothing(works: Relying) -> None:
    code = works.code()
    forged = Relying(clients.NewClient(works.made.system, "wrong"), Client(), verifier=works.verifier)
    assert forged.exchange(code)[0] == 401
    nameless = Relying(clients.NewClient(works.made.system, None), Client(), verifier=works.verifier)
    assert nameless.exchange(code)[0] == 401
    assert works.exchange(code)[0] == 200


def test_a_disabled_client_is_nobody(works: Relying) -> None:
    tokens = works.tokens()
    clients.disable_client(by=PLATFORM, at=platform_now(), client_id=works.client_id)
    assert works.authorize().status_code == 400
    assert works.refresh(tokens["refresh_token"])[0] == 401
    assert works.userinfo(tokens["access_token"]).status_code == 401


def _forged(claims: dict[str, Any], algorithm: str, key: Any) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": _kid()})


def _kid() -> str:
    return str(json.loads(Client().get("/oidc/jwks.json").content)["keys"][0]["kid"])


def test_the_algorithm_of_a_hint_is_never_its_own_choice(works: Relying) -> None:
    genuine = works.tokens()["id_token"]
    claims = jwt.decode(genuine, options={"verify_signature": False})
    modulus = json.loads(Client().get("/oidc/jwks.json").content)["keys"][0]["n"]
    for forged in (_forged(claims, "none", None), _forged(claims, "HS256", base64.urlsafe_b64decode(modulus + "=="))):
        assert signing.read(forged) is None
        answer = works.browser.get("/oidc/logout", {"id_token_hint": forged})
        assert answer.status_code == 400
    assert signing.read(genuine) is not None
    assert signing.read(genuine, audience="another") is None


def test_an_id_token_is_no_access_token(works: Relying) -> None:
    assert works.userinfo(works.tokens()["id_token"]).status_code == 401
    assert Client().get("/oidc/userinfo", {"access_token": works.tokens()["access_token"]}).status_code == 401


def test_a_person_who_was_locked_out_of_the_house_is_out(works: Relying) -> None:
    tokens = works.tokens()
    families.TokenFamily.objects.get().account.__class__.objects.update(is_active=False)
    assert works.refresh(tokens["refresh_token"])[0] == 400
    assert works.userinfo(tokens["access_token"]).status_code == 401


@pytest.mark.parametrize(
    ("path", "said"), [("/oidc/userinfo", []), ("/rules", []), ("/systems", [("Cache-Control", "private")])]
)
def test_what_one_token_opens_is_never_kept_for_another(path: str, said: list[tuple[str, str]]) -> None:
    """The page cache stands before Django and knows no tokens: it must never give such an answer twice."""

    def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), *said])
        return [environ.get("HTTP_AUTHORIZATION", "nobody").encode()]

    with httpx.Client(transport=httpx.WSGITransport(app=PageCache(echo, lambda: 1)), base_url="http://here") as visitor:
        heard = [visitor.get(path, headers={"authorization": one}).text for one in ("Bearer a", "Bearer b")]
        assert heard == ["Bearer a", "Bearer b"]
        assert visitor.get(path).text == "nobody"
