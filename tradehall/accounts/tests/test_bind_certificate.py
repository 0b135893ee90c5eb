"""bind_certificate and unbind_certificate: after a fresh proof of who one is, with the key in hand, each once."""

import base64
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tradehall.accounts import certificate_reads, certificates
from tradehall.accounts.models import Account, Certificate, SignIn
from tradehall.accounts.tests.keyring import DAY, NOW, PASSWORD, Tool, account, authority, bound, issued, trusted
from tradehall.crypto import issuing, signatures
from tradehall.crypto.issuing import Holder
from tradehall.journal.models import Entry
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal

pytestmark = pytest.mark.django_db
PAGE = "/account/certificates/bind"
LIN = Actor("person", "lin", "林远")


@pytest.fixture
def client() -> Client:
    """Somebody who has just come in with his password."""
    trusted("sm2")
    account(password=PASSWORD)
    client = Client()
    assert client.post("/login", {"login": "chen", "password": PASSWORD}).status_code == 302
    return client


def shown(client: Client, page: str = PAGE) -> str:
    found = re.search(r'name="challenge" value="([^"]+)"', client.get(page).content.decode())
    assert found
    return found[1]


def text_of(challenge: str) -> bytes:
    return settings.SITE_URL.encode() + b"\0" + challenge.encode()


def submit(client: Client, holder: Holder, challenge: str, page: str = PAGE) -> HttpResponse:
    made = base64.encodebytes(signatures.sign(holder.private, text_of(challenge))).decode()
    chain = issuing.to_pem(holder, authority("sm2")[1])
    return client.post(page, {"chain_pem": chain, "signature_der_base64": made, "challenge": challenge})


def test_it_works_and_then_signs_in(client: Client) -> None:
    holder = issued("sm2")
    assert submit(client, holder, shown(client)).headers["Location"] == "/account/certificates"
    one = Certificate.objects.get()
    assert (one.name, one.issuer, one.account.login) == ("陈岚", "测试中级 sm2", "chen")
    assert one.sha256[:6] in client.get("/account/certificates").content.decode()
    entry = Entry.objects.get(code="accounts.bind_certificate")
    assert entry.subject_no == one.sha256 and "陈岚" not in entry.body
    assert Tool(holder, "sm2").sign_in().status_code == 200


def test_files_serve_as_well_as_text(client: Client) -> None:
    holder, challenge = issued("sm2"), shown(client)
    chain = SimpleUploadedFile("chain.pem", issuing.to_pem(holder, authority("sm2")[1]).encode())
    made = SimpleUploadedFile("signature.der", signatures.sign(holder.private, text_of(challenge)))
    assert client.post(PAGE, {"chain_file": chain, "signature_file": made}).status_code == 302


def test_nobody_else_may(client: Client) -> None:
    assert Client().get(PAGE).headers["Location"].startswith("/login")
    SignIn.objects.update(proved_at=NOW - timedelta(hours=1))
    asked = client.get(PAGE)
    assert asked.status_code == 302 and PAGE.replace("/", "%2F") in asked.headers["Location"]
    assert not Certificate.objects.exists()


def test_a_form_interrupted_by_the_question_who_one_is_comes_back_filled(client: Client) -> None:
    holder, challenge = issued("sm2"), shown(client)
    SignIn.objects.update(proved_at=NOW - timedelta(hours=1))
    assert submit(client, holder, challenge).headers["Location"].startswith("/login")
    SignIn.objects.update(proved_at=NOW + timedelta(minutes=2))
    assert "BEGIN CERTIFICATE" in client.get(PAGE).content.decode()
    assert submit(client, holder, challenge).status_code == 302


def test_a_wrong_signature_keeps_the_chain_and_shows_a_new_challenge(client: Client) -> None:
    challenge = shown(client)
    holder = issued("sm2")
    answer = submit(client, Holder(holder.certificate, authority("sm2")[0].private), challenge)
    page = answer.content.decode()
    assert answer.status_code == 400 and "签名与本次挑战不符" in page and "上一个挑战已经用掉" in page
    assert "BEGIN CERTIFICATE" in page and challenge not in page


def test_what_cannot_be_read_costs_no_challenge(client: Client) -> None:
    challenge = shown(client)
    answer = client.post(PAGE, {"chain_pem": "no", "signature_der_base64": "AAAA", "challenge": challenge})
    page = answer.content.decode()
    assert answer.status_code == 400 and challenge in page and "AAAA" in page
    assert submit(client, issued("sm2"), challenge).status_code == 302


def test_a_certificate_opens_one_account(client: Client) -> None:
    holder = issued("sm2")
    bound(account("lin"), holder)
    page = submit(client, holder, shown(client)).content.decode()
    assert "已经绑定了账号" in page
    assert [one.account.login for one in Certificate.objects.all()] == ["lin"]


def test_unbinding_ends_it_and_it_may_be_bound_again(client: Client) -> None:
    holder = issued("sm2")
    bound(Account.objects.get(login="chen"), holder)
    address = f"/account/certificates/{holder.certificate.sha256.hex()}/unbind"
    assert "解除绑定" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert Tool(holder, "sm2").sign_in().json()["code"] == "certificate_unbound"
    assert Entry.objects.filter(code="accounts.unbind_certificate").count() == 1
    assert client.get(address).status_code == 404
    assert submit(client, holder, shown(client)).status_code == 302


def test_nobody_unbinds_for_another() -> None:
    holder = issued("sm2")
    bound(account(), holder)
    with pytest.raises(NotVisible):
        certificates.unbind_certificate(by=LIN, at=NOW, account=account("lin"), sha256=holder.certificate.sha256.hex())


# ── coming in by the page, without script ──────────────────────────────────────────────────────────────────────────
def test_the_page_signs_in_and_leads_on(client: Client) -> None:
    holder = issued("sm2")
    bound(Account.objects.get(login="chen"), holder)
    visitor = Client()
    challenge = shown(visitor, "/login/certificate?next=/notices")
    made = base64.b64encode(signatures.sign(holder.private, text_of(challenge))).decode()
    fields = {"chain_pem": issuing.to_pem(holder, authority("sm2")[1]), "signature_der_base64": made}
    answer = visitor.post("/login/certificate/page", fields | {"next": "https://evil.example/"})
    assert answer.headers["Location"] == "/desk"
    assert visitor.get("/account/certificates").status_code == 200


def test_the_page_needs_its_own_form() -> None:
    assert Client(enforce_csrf_checks=True).post("/login/certificate/page", {}).status_code == 403


def test_whoever_is_in_becomes_stronger(client: Client) -> None:
    holder = issued("sm2")
    bound(Account.objects.get(login="chen"), holder)
    assert Tool(holder, "sm2", client).sign_in().status_code == 200
    one = SignIn.objects.get()
    assert one.acr == "urn:tradehall:acr:certificate" and {"pwd", "sc"} <= set(one.amr)


def test_anothers_session_on_this_browser_ends_first(client: Client) -> None:
    holder = issued("sm2")
    bound(account("lin"), holder)
    assert Tool(holder, "sm2", client).sign_in().json()["login"] == "lin"
    before, after = SignIn.objects.order_by("id")
    assert before.ended_at is not None and after.ended_at is None


# ── what expires ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_expiry_before_a_deadline_is_foretold() -> None:
    person = bound(account(), issued("sm2", valid_until=NOW + 10 * DAY))
    bound(person, issued("sm2", valid_until=NOW + 100 * DAY))
    assert len(certificate_reads.certificates_expiring(person, NOW + 30 * DAY)) == 1
    assert certificate_reads.expiry_forecast(person, []) == []
    assert certificate_reads.expiry_forecast(person, [NOW + 5 * DAY]) == []
    ((one, missed),) = certificate_reads.expiry_forecast(person, [NOW + 5 * DAY, NOW + 40 * DAY, NOW + 12 * DAY])
    assert (one.valid_until, missed) == (NOW + 10 * DAY, NOW + 12 * DAY)


def test_it_is_bound_once() -> None:
    holder = issued("sm2")
    person = bound(account(), holder)
    with pytest.raises(Refusal, match="已经绑定"):
        bound(person, holder)


def test_unbinding_ends_what_the_certificate_opened_and_nothing_else(client: Client) -> None:
    holder = issued("sm2")
    bound(Account.objects.get(login="chen"), holder)
    tool, raised = Tool(holder, "sm2"), Tool(holder, "sm2")
    assert raised.client.post("/login", {"login": "chen", "password": PASSWORD}).status_code == 302
    assert (tool.sign_in().status_code, raised.sign_in().status_code) == (200, 200)
    assert client.post(f"/account/certificates/{holder.certificate.sha256.hex()}/unbind").status_code == 302
    assert (tool.is_in(), raised.is_in()) == (False, False)
    assert client.get("/account/certificates").status_code == 200
    assert SignIn.objects.filter(ended_at__isnull=True).get().certificate_sha256 == ""


def test_who_unbinds_the_certificate_he_came_in_with_is_out_himself(client: Client) -> None:
    holder = issued("sm2")
    bound(Account.objects.get(login="chen"), holder)
    tool = Tool(holder, "sm2")
    assert tool.sign_in().status_code == 200
    answer = tool.client.post(f"/account/certificates/{holder.certificate.sha256.hex()}/unbind")
    assert answer.status_code == 302 and not tool.is_in()
