"""Makes certificates and revocation lists, for demonstrations and tests: three tiers in RSA, P-256 or SM2.

The platform is no certificate authority. Nothing here may ever be trusted by a production database.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core, crl, keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tradehall.crypto import asn1_names, signatures, sm2

ALGORITHMS = {"sm2": asn1_names.SM2_SIGNATURE, "p256": "sha256_ecdsa", "rsa": "sha256_rsa"}
AUTHORITY_USE = frozenset({"key_cert_sign", "crl_sign"})
PERSON_USE = frozenset({"digital_signature", "non_repudiation"})


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate with its PKCS #8 key."""

    certificate: x509.Certificate
    private: bytes


@dataclass(frozen=True, slots=True)
class Wish:
    """What a certificate is to say. `organisation` is a unified code, stated as GM/T 0015 does; `algorithm` a wrong one."""

    name: str
    valid_from: datetime
    valid_until: datetime
    is_authority: bool = False
    key_use: frozenset[str] = PERSON_USE
    purposes: tuple[str, ...] = ()
    organisation: str = ""
    list_url: str = ""
    algorithm: str = ""


def make_key(kind: str) -> bytes:
    """PKCS #8 of a new key: sm2, p256, rsa, or a weak rsa1024 to be refused."""
    if kind == "sm2":
        return sm2.generate_private_key()
    if kind == "p256":
        made: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = ec.generate_private_key(ec.SECP256R1())
    else:
        made = rsa.generate_private_key(65537, int(kind.removeprefix("rsa") or "2048"))
    return made.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def issue(wish: Wish, private: bytes, issuer: Holder | None = None) -> Holder:
    """A certificate for the key, signed by `issuer`, or by itself when there is none."""
    public = keys.PublicKeyInfo.load(signatures.public_key_of(private))
    name = x509.Name.build({"country_name": "CN", "common_name": wish.name})
    signing = issuer.private if issuer else private
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(120) | 1 << 120,
            "signature": {"algorithm": wish.algorithm or _algorithm(signing)},
            "issuer": issuer.certificate.subject if issuer else name,
            "validity": {"not_before": _time(wish.valid_from), "not_after": _time(wish.valid_until)},
            "subject": name,
            "subject_public_key_info": public,
            "extensions": _extensions(wish, public, issuer),
        }
    )
    return Holder(seal(body, signing), private)


def seal(body: x509.TbsCertificate, signing: bytes, signature: bytes | None = None) -> x509.Certificate:
    """The certificate of a body; `signature` stands in for the right one when a bad one is wanted."""
    made = signature or signatures.sign(signing, body.dump())
    parts = {"tbs_certificate": body, "signature_algorithm": body["signature"], "signature_value": made}
    return x509.Certificate.load(x509.Certificate(parts).dump())


def revoke(issuer: Holder, serials: Iterable[int], at: datetime, next_at: datetime) -> bytes:
    """A revocation list, DER."""
    revoked = [{"user_certificate": serial, "revocation_date": _time(at)} for serial in serials]
    stated: dict[str, object] = {
        "version": "v2",
        "signature": {"algorithm": _algorithm(issuer.private)},
        "issuer": issuer.certificate.subject,
        "this_update": _time(at),
        "next_update": _time(next_at),
        "crl_extensions": [{"extn_id": "crl_number", "critical": False, "extn_value": int(at.timestamp())}],
    }
    body = crl.TbsCertList(stated | ({"revoked_certificates": revoked} if revoked else {}))
    made = signatures.sign(issuer.private, body.dump())
    parts = {"tbs_cert_list": body, "signature_algorithm": body["signature"], "signature": made}
    return bytes(crl.CertificateList(parts).dump())


def _algorithm(private: bytes) -> str:
    info = keys.PrivateKeyInfo.load(private)
    if info.algorithm == "rsa":
        return ALGORITHMS["rsa"]
    return ALGORITHMS["sm2" if asn1_names.curve_of(info) == asn1_names.SM2_CURVE else "p256"]


def _extensions(wish: Wish, public: keys.PublicKeyInfo, issuer: Holder | None) -> list[dict[str, object]]:
    use = AUTHORITY_USE if wish.is_authority else wish.key_use
    identifier = issuer.certificate.public_key.sha1 if issuer else public.sha1
    found = [
        _extension("basic_constraints", {"ca": wish.is_authority}, critical=True),
        _extension("key_usage", set(use), critical=True),
        _extension("key_identifier", public.sha1),
        _extension("authority_key_identifier", {"key_identifier": identifier}),
    ]
    if wish.purposes:
        found.append(_extension("extended_key_usage", list(wish.purposes)))
    if wish.list_url:
        point = {"distribution_point": x509.DistributionPointName("full_name", [_address(wish.list_url)])}
        found.append(_extension("crl_distribution_points", [point]))
    if wish.organisation:
        found.append(_organisation(wish.organisation))
    return found


def _extension(name: str, value: object, *, critical: bool = False) -> dict[str, object]:
    return {"extn_id": name, "critical": critical, "extn_value": value}


def _address(url: str) -> x509.GeneralName:
    return x509.GeneralName("uniform_resource_identifier", url)


def _organisation(code: str) -> dict[str, object]:
    text = core.ParsableOctetString(core.PrintableString(code).dump())
    return {"extn_id": asn1_names.ORGANISATION_EXTENSION, "critical": False, "extn_value": text}


def _time(moment: datetime) -> x509.Time:
    """RFC 5280: two digits of the year until 2049."""
    return x509.Time("utc_time" if moment.year < 2050 else "general_time", moment.replace(microsecond=0))


def to_pem(*holders: Holder) -> str:
    """The certificates, one block each."""
    return b"".join(sm2.to_pem("CERTIFICATE", one.certificate.dump()) for one in holders).decode()
