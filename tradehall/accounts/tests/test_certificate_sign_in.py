"""Signing in with a certificate: the chain, the key, the challenge and the binding must all be right."""

import base64
import json
from collections.abc import Callable
from datetime import datetime

import pytest
from asn1crypto import x509
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tradehall.accounts.models import Certificate, Challenge, FailedSignIn, SignIn
from tradehall.accounts.tests.keyring import DAY, NOW, Tool, account, authority, bound, issued, trusted
from tradehall.crypto import issuing, signatures, sm2
from tradehall.kernel.times import parse_rfc3339

pytestmark = pytest.mark.django_db
KINDS = ("sm2", "p256", "rsa")


@pytest.fixture(params=KINDS)
def tool(request: pytest.FixtureRequest) -> Tool:
    """Somebody whose certificate is bound, under an authority that is trusted."""
    return ready(request.param)


def ready(kind: str, **changes: object) -> Tool:
    holder = issued(kind, **changes)
    trusted(kind)
    bound(account(), holder)
    return Tool(holder, kind)


def refused(tool: Tool, answer: HttpResponse, code: str, status: int = 403) -> None:
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code), said
    assert "证书未被接受" in said["message"] or "没有登录" in said["message"]
    assert not tool.is_in()


def test_a_three_tier_chain_signs_in(tool: Tool) -> None:
    answer = tool.sign_in()
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json() == {"name": "陈岚", "login": "chen", "href": "/desk"}
    assert tool.is_in()
    assert (SignIn.objects.get().acr, SignIn.objects.get().amr) == ("urn:tradehall:acr:certificate", ["sc"])


def test_the_challenge_is_said_in_two_fields() -> None:
    answer = Client().post("/login/certificate/challenge")
    assert answer["Cache-Control"].startswith("max-age=0") and set(answer.json()) == {"challenge", "expires_at"}
    assert len(base64.b64decode(answer.json()["challenge"], validate=True)) == 32
    left = parse_rfc3339(answer.json()["expires_at"]) - datetime.now(NOW.tzinfo)
    assert 290 < left.total_seconds() <= 300


def test_a_tool_may_sign_the_bytes_instead_of_their_text() -> None:
    tool = ready("sm2")
    text = settings.SITE_URL.encode() + b"\0" + base64.b64decode(tool.ask())
    assert tool.hand_in(signatures.sign(tool.holder.private, text)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_until": NOW - DAY}, "expired"),
        ({"valid_from": NOW + DAY}, "not_yet_valid"),
        ({"key_use": frozenset({"key_encipherment"})}, "wrong_purpose"),
        ({"purposes": ("server_auth",)}, "wrong_purpose"),
        ({"list_url": "http://crl.example/a.crl"}, "crl_missing"),
    ],
    ids=["已到期", "尚未生效", "加密证书", "服务器证书", "没有吊销列表"],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_certificate_does_not(kind: str, changes: dict[str, object], code: str) -> None:
    tool = ready(kind, **changes)
    refused(tool, tool.sign_in(), code)


def test_an_altered_leaf_does_not(tool: Tool) -> None:
    body = tool.holder.certificate["tbs_certificate"].copy()
    body["subject"] = x509.Name.build({"country_name": "CN", "common_name": "别人"})
    forged = issuing.seal(body, b"", tool.holder.certificate["signature_value"].native)
    chain = issuing.to_pem(issuing.Holder(forged, b""), authority(tool.kind)[1])
    refused(tool, tool.sign_in(chain), "altered")


def test_a_revoked_leaf_does_not(tool: Tool) -> None:
    _, middle = authority(tool.kind)
    serial = tool.holder.certificate.serial_number
    trusted(tool.kind, issuing.revoke(middle, [], NOW - DAY, NOW + DAY))
    assert tool.sign_in().status_code == 200
    tool.client = Client()
    trusted(tool.kind, issuing.revoke(middle, [serial], NOW - DAY, NOW + DAY))
    refused(tool, tool.sign_in(), "revoked")


def test_a_stale_list_lets_nobody_in(tool: Tool) -> None:
    trusted(tool.kind, issuing.revoke(authority(tool.kind)[1], [], NOW - 9 * DAY, NOW - DAY))
    refused(tool, tool.sign_in(), "crl_stale")


def test_an_unknown_root_does_not() -> None:
    trusted("p256")
    tool = Tool(issued("sm2"), "sm2")
    bound(account(), tool.holder)
    root, middle = authority("sm2")
    refused(tool, tool.sign_in(issuing.to_pem(tool.holder, middle, root)), "unknown_root")


def test_an_empty_user_id_does_not() -> None:
    tool = ready("sm2")
    text = settings.SITE_URL.encode() + b"\0" + tool.ask().encode()
    refused(tool, tool.hand_in(sm2.provider().sign(tool.holder.private, text, b"")), "sm2_empty_id")


def test_an_unbound_certificate_is_told_how_to_be_bound(tool: Tool) -> None:
    Certificate.objects.update(ended_at=NOW)
    refused(tool, tool.sign_in(), "certificate_unbound")


def test_an_account_that_is_closed_does_not_open(tool: Tool) -> None:
    account_row = Certificate.objects.get().account
    account_row.is_active = False
    account_row.save()
    refused(tool, tool.sign_in(), "certificate_unbound")


# ── the challenge ──────────────────────────────────────────────────────────────────────────────────────────────────
def replayed(tool: Tool) -> HttpResponse:
    """The very same answer again, from a browser session that went out in between."""
    signature = tool.sign(tool.ask())
    tool.hand_in(b"wrong")
    return tool.hand_in(signature)


def of_another_session(tool: Tool) -> HttpResponse:
    theirs = Tool(tool.holder, tool.kind).ask()
    tool.ask()
    return tool.hand_in(tool.sign(theirs))


def for_another_site(tool: Tool) -> HttpResponse:
    tool.origin = "https://hall.example.org"
    return tool.sign_in()


def late(tool: Tool) -> HttpResponse:
    signature = tool.sign(tool.ask())
    Challenge.objects.update(expires_at=NOW - DAY / 2)
    return tool.hand_in(signature)


def by_another_key(tool: Tool) -> HttpResponse:
    return tool.hand_in(Tool(issued(tool.kind, private=issuing.make_key(tool.kind)), tool.kind).sign(tool.ask()))


def of_a_binding(tool: Tool) -> HttpResponse:
    signature = tool.sign(tool.ask())
    Challenge.objects.update(use="bind_certificate")
    return tool.hand_in(signature)


def by_a_foreign_host(tool: Tool) -> HttpResponse:
    """A site in between asks in its own name; what is signed for it is not what is asked here."""
    tool.origin = "http://relay.example"
    return tool.hand_in(tool.sign(tool.ask(Host="relay.example")), Host="relay.example")


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (replayed, "challenge_used"),
        (of_another_session, "signature_wrong"),
        (for_another_site, "signature_wrong"),
        (late, "challenge_expired"),
        (by_another_key, "signature_wrong"),
        (of_a_binding, "challenge_missing"),
        (by_a_foreign_host, "signature_wrong"),
        (lambda tool: tool.hand_in(b"\x30\x00"), "challenge_missing"),
    ],
    ids=["重放", "别的会话的挑战", "为别的网站签名", "过期", "别人的私钥", "绑定用的挑战", "中间网站", "没有挑战"],
)
def test_a_challenge_serves_once_here_and_now(tool: Tool, attack: Callable[[Tool], HttpResponse], code: str) -> None:
    refused(tool, attack(tool), code)


def test_a_good_answer_replayed_is_refused() -> None:
    tool = ready("p256")
    signature = tool.sign(tool.ask())
    assert tool.hand_in(signature).status_code == 200
    assert tool.hand_in(signature).json()["code"] in ("challenge_used", "challenge_missing")


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["别的来源", "匿名来源", "跨站"],
)
def test_a_foreign_page_gets_neither_challenge_nor_entry(headers: dict[str, str]) -> None:
    tool = ready("p256")
    asked = tool.client.post("/login/certificate/challenge", headers=headers)
    assert (asked.status_code, asked.json()["code"]) == (403, "foreign_origin")
    refused(tool, tool.hand_in(tool.sign(tool.ask()), **headers), "foreign_origin")
    assert tool.hand_in(tool.sign(tool.ask()), Origin=settings.SITE_URL).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('{"chain_pem": "x"}', "application/json", 400),
        ('{"chain_pem": "x", "signature_der_base64": 5}', "application/json", 400),
        ('{"chain_pem": "x", "signature_der_base64": "AA==", "login": "admin"}', "application/json", 400),
        ('{"chain_pem": "x", "signature_der_base64": "**"}', "application/json", 400),
        ("[" * 60_000, "application/json", 400),
        ('{"chain_pem": "x", "signature_der_base64": "AA=="}', "text/plain", 415),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(body: str, kind: str, status: int) -> None:
    answer = Client().post("/login/certificate", body, content_type=kind)
    assert answer.status_code == status and answer.json()["message"]


def test_refusals_are_recorded_without_what_was_sent(tool: Tool, caplog: pytest.LogCaptureFixture) -> None:
    chain = issuing.to_pem(tool.holder, authority(tool.kind)[1])
    refused(tool, tool.hand_in(b"\x30\x00", chain), "challenge_missing")
    assert [one.kind for one in FailedSignIn.objects.all()] == ["certificate"]
    assert "challenge_missing" in caplog.text and json.dumps(chain)[20:60] not in caplog.text
