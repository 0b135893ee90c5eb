"""A person with a certificate, a trusted authority, and a small signing tool, for the tests of certificate sign-in."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tradehall.accounts import certificates, services, trust
from tradehall.accounts.models import Account
from tradehall.crypto import issuing, signatures
from tradehall.crypto.certificates import describe
from tradehall.crypto.issuing import Holder, Wish
from tradehall.kernel.actor import PLATFORM, Actor

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
PASSWORD = "a long enough secret"


def wish(name: str, **changes: Any) -> Wish:
    return Wish(**({"name": name, "valid_from": NOW - 30 * DAY, "valid_until": NOW + 300 * DAY} | changes))


@cache
def authority(kind: str) -> tuple[Holder, Holder]:
    dates = {"valid_from": NOW - 900 * DAY, "valid_until": NOW + 900 * DAY, "is_authority": True}
    root = issuing.issue(wish(f"测试根 {kind}", **dates), issuing.make_key(kind))
    return root, issuing.issue(wish(f"测试中级 {kind}", **dates), issuing.make_key(kind), root)


def trusted(kind: str, *lists: bytes) -> None:
    root, _ = authority(kind)
    anchor = trust.add_trust_anchor(by=PLATFORM, at=NOW, checked_at=NOW, pem=issuing.to_pem(root))
    for crl in lists:
        trust.renew_revocation_list(by=PLATFORM, at=NOW, sha256=anchor.sha256, crl=crl)


@cache
def key(kind: str) -> bytes:
    """One for all certificates that need none of their own: keys are slow to make."""
    return issuing.make_key(kind)


def issued(kind: str, name: str = "陈岚", private: bytes = b"", **changes: Any) -> Holder:
    return issuing.issue(wish(name, **changes), private or key(kind), authority(kind)[1])


def account(login: str = "chen", password: str | None = None) -> Account:
    return services.create_account(by=PLATFORM, at=NOW, login=login, name="陈岚", password=password)


def bound(person: Account, holder: Holder) -> Account:
    by = Actor("person", person.login, person.name)
    certificates.bind_certificate(by=by, at=NOW, account=person, person=describe(holder.certificate))
    return person


@dataclass
class Tool:
    """What a person's computer does: asks for a challenge, signs it, hands it in."""

    holder: Holder
    kind: str
    client: Client = field(default_factory=Client)
    origin: str = ""

    def ask(self, **headers: str) -> str:
        return str(self.client.post("/login/certificate/challenge", headers=headers).json()["challenge"])

    def sign(self, challenge: str) -> bytes:
        text = (self.origin or settings.SITE_URL).encode() + b"\0" + challenge.encode()
        return signatures.sign(self.holder.private, text)

    def hand_in(self, signature: bytes, chain: str = "", **headers: str) -> HttpResponse:
        body = {
            "chain_pem": chain or issuing.to_pem(self.holder, authority(self.kind)[1]),
            "signature_der_base64": base64.b64encode(signature).decode(),
        }
        return self.client.post("/login/certificate", body, content_type="application/json", headers=headers)

    def sign_in(self, chain: str = "") -> HttpResponse:
        return self.hand_in(self.sign(self.ask()), chain)

    def is_in(self) -> bool:
        return self.client.get("/account/certificates").status_code == 200
