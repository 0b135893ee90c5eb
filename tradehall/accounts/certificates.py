"""Signing in with a certificate: who holds the key, whose account it is bound to, and the acts of binding.

A certificate never makes an account and never signs in unbound. Slow to load (see `crypto.certificates`): only the
certificate views and commands import this.
"""

from dataclasses import replace
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from django.db import IntegrityError, transaction

from tradehall.accounts import challenges, trust
from tradehall.accounts.models import Account, Certificate, Challenge
from tradehall.accounts.services import end_sign_ins_by_certificate
from tradehall.crypto import certificates, signatures, sm2
from tradehall.crypto.certificate_words import refusal
from tradehall.crypto.certificates import Person
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Refusal, Stale, Violation

WORDS = {
    "signature_wrong": "签名与本次挑战不符；证书未被接受，请用本人证书的私钥对“网站地址、一个零字节、挑战”签名（DER 格式，Base64 编码）。",
    "certificate_unbound": "这张证书没有绑定任何账号；没有登录，请先用口令登录，在“我的证书”中绑定它。",
    "certificate_taken": "这张证书已经绑定了账号；没有重复绑定。如不是您本人所为，请联系交易中心。",
}
TAKEN = Violation("certificate_taken", WORDS["certificate_taken"], field="chain_pem")


def prove_holder(*, at: datetime, session_key: str, use: str, chain_pem: str, signature: bytes) -> Person:
    """Who signed this session's challenge, or a Refusal. The challenge is spent as soon as the chain can be read."""
    chain = certificates.parse_chain(chain_pem)
    challenge = challenges.spend(at=at, session_key=session_key, use=use)
    person = certificates.check_chain(chain, trust.store(), at)
    _refuse_signature(person, signature, challenge)
    return person


def account_of(person: Person) -> Account:
    """The active account this certificate is bound to."""
    bound = Certificate.objects.filter(sha256=person.sha256, ended_at__isnull=True, account__is_active=True)
    found = bound.select_related("account").first()
    if found is None:
        raise Refusal([_violation("certificate_unbound")])
    return found.account


def bind_certificate(*, by: Actor, at: datetime, account: Account, person: Person) -> Certificate:
    """`person` has been proved by `prove_holder`. A certificate opens one account; an account may have several."""
    if Certificate.objects.filter(sha256=person.sha256, ended_at__isnull=True).exists():
        raise Refusal([TAKEN])
    said = {name: getattr(person, name) for name in ("sha256", "name", "issuer", "serial_no", "uscc", "pem")}
    try:
        with transaction.atomic():
            bound = Certificate.objects.create(
                account=account, valid_from=person.valid_from, valid_until=person.valid_until, bound_at=at, **said
            )
            _record(code="accounts.bind_certificate", by=by, at=at, sha256=person.sha256, account=account)
    except IntegrityError as error:
        raise Stale(person.sha256) from error
    return bound


def unbind_certificate(*, by: Actor, at: datetime, account: Account, sha256: str) -> Certificate:
    """It signs in no more, from the next request on, and what it opened ends. Only one's own."""
    with transaction.atomic():
        rows = Certificate.objects.select_for_update().filter(account=account, sha256=sha256, ended_at__isnull=True)
        bound = rows.first()
        if bound is None:
            raise NotVisible(sha256)
        bound.ended_at = at
        bound.save(update_fields=["ended_at"])
        end_sign_ins_by_certificate(at=at, sha256=sha256)
        _record(code="accounts.unbind_certificate", by=by, at=at, sha256=sha256, account=account)
    return bound


def _record(*, code: str, by: Actor, at: datetime, sha256: str, account: Account) -> None:
    """The log names the certificate by its digest and the account by its number: no person."""
    subject = Ref("certificate", sha256)
    journal.record(code=code, by=by, at=at, subject=subject, facts={"account": str(account.pk)})


def _refuse_signature(person: Person, signature: bytes, challenge: Challenge) -> None:
    texts = challenges.texts_to_sign(challenge)
    try:
        if any(signatures.verify(person.public, signature, text) for text in texts):
            return
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refusal([refusal("weak_key", person.name)]) from error
    if signatures.is_sm2(person.public) and any(
        sm2.is_signed_with_empty_id(person.public, signature, text) for text in texts
    ):
        raise Refusal([replace(refusal("sm2_empty_id"), field="signature_der_base64")])
    raise Refusal([_violation("signature_wrong")])


def _violation(code: str) -> Violation:
    return Violation(code, WORDS[code], field="signature_der_base64" if code == "signature_wrong" else "chain_pem")
