"""Whom the platform trusts: roots added by an operator, with the revocation lists held for them.

Nothing is fetched: an operator, or a job of his, brings each list. Slow to load; only certificate pages and commands do.
"""

from datetime import datetime

from asn1crypto import crl as crl_format
from asn1crypto import x509
from django.db import transaction

from tradehall.accounts.models import Certificate, TrustAnchor
from tradehall.accounts.services import end_sign_ins_by_certificate
from tradehall.crypto import certificates
from tradehall.crypto.certificate_policy import HouseValidator, weak_points
from tradehall.crypto.digests import sha256_hex
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Refusal, Violation, refuse_if

LARGEST_LIST = 32 * 2**20


def store() -> certificates.TrustStore:
    """Everything in force, read anew each time: a list replaced a moment ago must count."""
    anchors = list(TrustAnchor.objects.order_by("id"))
    roots = tuple(certificates.parse_chain(anchor.pem)[0] for anchor in anchors)
    lists = tuple(one for anchor in anchors if anchor.crl for one in certificates.parse_lists(bytes(anchor.crl)))
    return certificates.TrustStore(roots, lists)


def add_trust_anchor(*, by: Actor, at: datetime, checked_at: datetime, pem: str, is_demo: bool = False) -> TrustAnchor:
    """Trust one certificate authority; the same one again changes nothing. `checked_at` is the world's time."""
    root = _root_of(certificates.parse_chain(pem))
    said = certificates.describe(root)
    refuse_if(_violations(root, checked_at))
    with transaction.atomic():
        anchor, is_new = TrustAnchor.objects.get_or_create(
            sha256=said.sha256, defaults={"name": said.name, "pem": said.pem, "is_demo": is_demo, "added_at": at}
        )
        if is_new:
            subject = Ref("trust_anchor", said.sha256)
            journal.record(code="accounts.add_trust_anchor", by=by, at=at, subject=subject, facts={"name": said.name})
    return anchor


def renew_revocation_list(*, by: Actor, at: datetime, sha256: str, crl: bytes) -> TrustAnchor:
    """Replace the lists held for an authority and its subordinates: one DER, or any number in PEM.

    Whoever is signed in with a certificate they name is out from this moment.
    """
    try:
        until = certificates.next_update(certificates.parse_lists(crl[:LARGEST_LIST], to_the_end=True))
    except ValueError as error:
        raise Refusal([Violation("crl", str(error), field="crl")]) from error
    with transaction.atomic():
        anchor = TrustAnchor.objects.select_for_update().filter(sha256=sha256).first()
        if anchor is None:
            raise NotVisible(sha256)
        anchor.crl, anchor.crl_until = crl, until
        anchor.save(update_fields=["crl", "crl_until"])
        _end_revoked(at, certificates.parse_lists(crl))
        facts = {"sha256": sha256_hex(crl)}
        subject = Ref("trust_anchor", sha256)
        journal.record(code="accounts.renew_revocation_list", by=by, at=at, subject=subject, facts=facts)
    return anchor


def _end_revoked(at: datetime, lists: list[crl_format.CertificateList]) -> None:
    """Sign-ins that rest on a certificate named by one of the lists. Middle tiers are not kept with a binding."""
    for bound in Certificate.objects.filter(ended_at__isnull=True).order_by("id"):
        leaf = certificates.parse_chain(bound.pem)[0]
        if certificates.is_named(leaf, lists):
            end_sign_ins_by_certificate(at=at, sha256=bound.sha256)


def _root_of(found: list[x509.Certificate]) -> x509.Certificate:
    """Of a file with several, the one that signed itself: chains bring their own middle tiers."""
    roots = [one for one in found if one.issuer == one.subject] or found
    if len(roots) > 1:
        raise Refusal([Violation("one_root", "文件里有多张根证书；没有添加，请每个文件只放一张。", field="pem")])
    return roots[0]


def _violations(root: x509.Certificate, at: datetime) -> list[Violation]:
    found = [Violation(code, "根证书的密钥或签名算法不够安全；没有添加。", field="pem") for code in weak_points(root)]
    if not root.ca:
        found.append(Violation("no_authority", "这不是证书签发机构的证书（没有 CA 标志）；没有添加。", field="pem"))
    if not root.not_valid_before <= at <= root.not_valid_after:
        found.append(Violation("dates", "根证书尚未生效或已经到期；没有添加。", field="pem"))
    if not found and root.issuer == root.subject and not _signed_itself(root):
        found.append(
            Violation("altered", "根证书的自签名验证不通过：内容被改动，或用了空的用户标识；没有添加。", field="pem")
        )
    return found


def _signed_itself(root: x509.Certificate) -> bool:
    signature, body = root["signature_value"].native, root["tbs_certificate"].dump()
    try:
        HouseValidator().validate_signature(signature, body, root.public_key, root["signature_algorithm"])
    except Exception:
        return False
    return True
