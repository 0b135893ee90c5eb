"""Certificates of the demonstration: an invented authority of three tiers in P-256 and in SM2, and two people's keys.

Private keys lie readable under TRADEHALL_HOME/demo, which is their purpose; nothing here may be trusted elsewhere.
"""

import os
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypedDict

from django.conf import settings

from tradehall.accounts import certificates, selectors, trust
from tradehall.config.demo.cast import Cast
from tradehall.crypto import issuing, sm2
from tradehall.crypto.certificates import describe
from tradehall.crypto.issuing import Holder, Wish
from tradehall.kernel.actor import PLATFORM, Actor

NAMES = {"p256": "演示证书签发机构 P-256（虚构）", "sm2": "演示证书签发机构 SM2（虚构）"}
YEARS = timedelta(days=3650)
PERSON_DAYS = timedelta(days=365)


class CertificateFiles(TypedDict):
    """Where the demonstration left a person's chain and key."""

    algorithm: str
    chain: str
    key: str


def holders(cast: Cast) -> dict[str, tuple[str, str, str]]:
    """Login → algorithm, name and organisation code."""
    return {
        "demo-bidder": ("sm2", "陈岚（演示）", cast.companies["works"][0].uscc or ""),
        "demo-principal": ("p256", "林远（演示）", cast.principals["works"][0][0].uscc or ""),
    }


def issue_all(cast: Cast, *, at: datetime) -> None:
    """Roots trusted, people's certificates bound, one certificate revoked; without SM2 in OpenSSL only P-256."""
    now = datetime.now(UTC)
    for login, (kind, name, uscc) in holders(cast).items():
        if kind == "sm2" and not sm2.can_sign():
            continue
        root, middle = _authority(kind, now)
        person = _person(middle, kind, name, uscc, now)
        _keep(login, person, middle, root)
        lost = _person(middle, kind, f"{name}，已吊销", uscc, now)
        _keep(f"{login}-revoked", lost, middle, root)
        _trust(root, middle, lost, at=at, now=now)
        account = selectors.account(login)
        by = Actor("person", account.login, account.name)
        certificates.bind_certificate(by=by, at=at, account=account, person=describe(person.certificate))


def files_of(login: str) -> CertificateFiles | None:
    chain, key = _folder() / f"{login}.chain.pem", _folder() / f"{login}.key.pem"
    if not (chain.is_file() and key.is_file()):
        return None
    algorithm = "SM2" if sm2.is_key(key.read_bytes()) else "P-256"
    return CertificateFiles(algorithm=algorithm, chain=str(chain), key=str(key))


def _folder() -> Path:
    return Path(settings.HOME) / "demo"


def _authority(kind: str, now: datetime) -> tuple[Holder, Holder]:
    root, middle = (replace(_wish(f"{NAMES[kind]} {tier}", now, YEARS), is_authority=True) for tier in ("根", "一级"))
    top = issuing.issue(root, issuing.make_key(kind))
    return top, issuing.issue(middle, issuing.make_key(kind), top)


def _person(middle: Holder, kind: str, name: str, uscc: str, now: datetime) -> Holder:
    wish = replace(_wish(name, now, PERSON_DAYS), organisation=uscc, purposes=("client_auth", "email_protection"))
    return issuing.issue(wish, issuing.make_key(kind), middle)


def _wish(name: str, now: datetime, span: timedelta) -> Wish:
    return Wish(name, now - timedelta(days=1), now + span)


def _trust(root: Holder, middle: Holder, lost: Holder, *, at: datetime, now: datetime) -> None:
    """With lists that outlast the demonstration."""
    anchor = trust.add_trust_anchor(by=PLATFORM, at=at, checked_at=now, pem=issuing.to_pem(root), is_demo=True)
    ends = now + YEARS
    lists = issuing.revoke(root, [], now, ends), issuing.revoke(middle, [lost.certificate.serial_number], now, ends)
    crl = b"".join(sm2.to_pem("X509 CRL", der) for der in lists)
    trust.renew_revocation_list(by=PLATFORM, at=at, sha256=anchor.sha256, crl=crl)


def _keep(login: str, person: Holder, middle: Holder, root: Holder) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{login}.chain.pem").write_text(issuing.to_pem(person, middle, root), "utf-8")
    draft = folder / f".{login}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sm2.to_pem("PRIVATE KEY", person.private))
    os.replace(draft, folder / f"{login}.key.pem")
