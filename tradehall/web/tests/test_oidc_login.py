"""Signing in to a system: what it gets to know, what it may demand, and what no prompt may do."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tradehall.accounts import services
from tradehall.accounts.models import SignIn
from tradehall.web.tests.relying import REDIRECT, Relying, answered, person, read_unchecked, register, signed_in

pytestmark = pytest.mark.django_db
CERTIFICATE = "urn:tradehall:acr:certificate"


@pytest.fixture
def works() -> Relying:
    return Relying(register(), signed_in(person()))


def test_discovery_names_what_is_there_and_denies_the_rest() -> None:
    told = json.loads(Client().get("/.well-known/openid-configuration").content)
    assert told["issuer"] == settings.SITE_URL
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    assert told["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert set(["sub", "name", "acr", "amr", "auth_time", "org_code", "org_name", "roles", "sid"]) <= set(
        told["claims_supported"]
    )
    assert told["backchannel_logout_supported"] and told["backchannel_logout_session_supported"]
    assert CERTIFICATE in told["acr_values_supported"]
    assert told["request_uri_parameter_supported"] is False
    for name, address in told.items():
        if name.endswith(("_endpoint", "jwks_uri")):
            assert Client().get(urlsplit(address).path).status_code != 404, name


def test_the_id_token_says_how_and_userinfo_says_who(works: Relying) -> None:
    tokens = works.tokens()
    claims = read_unchecked(tokens["id_token"])
    sign_in = SignIn.objects.get()
    assert claims["iss"] == settings.SITE_URL and claims["aud"] == works.client_id and claims["nonce"] == "no"
    assert claims["sid"] == sign_in.sid and claims["auth_time"] == int(sign_in.proved_at.timestamp())
    assert (claims["acr"], claims["amr"]) == ("urn:tradehall:acr:password", ["pwd"])
    told = json.loads(works.userinfo(tokens["access_token"]).content)
    assert told == {"sub": claims["sub"], "name": "林远", "roles": []}


def test_a_stranger_signs_in_first_and_comes_back_to_the_same_request() -> None:
    works = Relying(register(), Client())
    answer = works.authorize()
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/login?")
    back = answered(answer)["next"]
    assert parse_qs(urlsplit(back).query)["state"] == ["st"]


def test_consent_is_a_form_and_declining_is_told(works: Relying) -> None:
    page = works.authorize().content.decode()
    assert 'method="post"' in page and 'type="submit"' in page and "工程交易系统" in page
    answer = works.consent(action="refuse")
    assert answered(answer)["error"] == "access_denied" and answer.headers["Location"].startswith(REDIRECT)


def test_whoever_has_agreed_in_this_sign_in_is_not_asked_twice(works: Relying) -> None:
    works.tokens()
    assert "code" in answered(works.authorize())
    assert works.authorize(prompt="consent").status_code == 200


def test_a_posted_request_is_asked_again_by_get(works: Relying) -> None:
    answer = works.browser.post("/oidc/authorize", works.request())
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/oidc/authorize?")


def test_the_answer_names_its_issuer_and_keeps_the_state(works: Relying) -> None:
    works.authorize()
    answer = answered(works.consent())
    assert (answer["state"], answer["iss"]) == ("st", settings.SITE_URL)


@pytest.mark.parametrize(
    ("changes", "signed", "error"),
    [({}, False, "login_required"), ({}, True, "consent_required"), ({"max_age": "1"}, True, "login_required"),
     ({"acr_values": CERTIFICATE}, True, "login_required")],
)  # fmt: skip
def test_a_silent_request_gets_an_error_and_no_page(changes: dict[str, str], signed: bool, error: str) -> None:
    browser = signed_in(person(), ago_s=60) if signed else Client()
    answer = Relying(register(), browser).authorize(prompt="none", **changes)
    assert answered(answer) | {"error": error, "state": "st"} == answered(answer)


def test_a_silent_request_after_consent_succeeds(works: Relying) -> None:
    works.tokens()
    assert "code" in answered(works.authorize(prompt="none"))


def test_prompt_login_wants_a_proof_made_after_the_asking(works: Relying) -> None:
    answer = works.authorize(prompt="login")
    assert answer.status_code == 303
    back = answered(answer)["next"]
    assert works.browser.get(back).status_code == 303  # asked again: nobody has proved anything yet
    assert works.consent(prompt="login").headers["Location"].startswith("/oidc/authorize?")
    services.prove_again(at=timezone.now(), session_key=works.browser.session.session_key or "", amr=["pwd"])
    assert works.browser.get(back).status_code == 200


def test_the_mark_of_one_request_is_worth_nothing_in_another(works: Relying) -> None:
    back = answered(works.authorize(prompt="login"))["next"]
    services.prove_again(at=timezone.now(), session_key=works.browser.session.session_key or "", amr=["pwd"])
    assert works.browser.get(back.replace("state=st", "state=other")).status_code == 303


def test_max_age_wants_a_fresh_proof() -> None:
    works = Relying(register(), signed_in(person(), ago_s=100))
    assert works.authorize(max_age="1000").status_code == 200
    answer = works.authorize(max_age="50")
    assert answer.status_code == 303
    services.prove_again(at=timezone.now(), session_key=works.browser.session.session_key or "", amr=["pwd"])
    assert works.browser.get(answered(answer)["next"]).status_code == 200
    claims = read_unchecked(works.tokens(max_age="50")["id_token"])
    assert time.time() - claims["auth_time"] < 20


def test_a_system_can_demand_a_certificate() -> None:
    made = register()
    weak = Relying(made, signed_in(person()))
    assert weak.authorize(acr_values=CERTIFICATE).headers["Location"].startswith("/login/certificate?")
    strong = Relying(made, signed_in(person("lan"), amr=("sc",), acr=CERTIFICATE))
    claims = read_unchecked(strong.tokens(acr_values=CERTIFICATE)["id_token"])
    assert (claims["acr"], claims["amr"]) == (CERTIFICATE, ["sc"])


def test_whoever_has_tried_and_cannot_reach_the_level_is_sent_back_with_that(works: Relying) -> None:
    wanted = "urn:tradehall:acr:multi-factor"
    answer = works.authorize(acr_values=wanted)
    assert answer.headers["Location"].startswith("/login/again?")
    services.prove_again(at=timezone.now(), session_key=works.browser.session.session_key or "", amr=["pwd"])
    assert answered(works.browser.get(answered(answer)["next"]))["error"] == "unmet_authentication_requirements"


def test_a_stronger_sign_in_is_enough_for_a_weaker_demand() -> None:
    strong = Relying(register(), signed_in(person(), amr=("sc",), acr=CERTIFICATE))
    assert strong.authorize(acr_values="urn:tradehall:acr:multi-factor").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "none login"},
        {"prompt": "dance"},
        {"max_age": "-1"},
        {"request": "x.y.z"},
        {"response_mode": "form_post"},
    ],
)
def test_what_cannot_be_meant_goes_back_in_words(works: Relying, changes: dict[str, str]) -> None:
    answer = answered(works.authorize(**changes))
    assert answer["error"] == "invalid_request" and answer["error_description"] and answer["state"] == "st"
