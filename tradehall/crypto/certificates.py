"""Is this chain of certificates good, for signing in, at this moment? RSA, P-256 and SM2 roots side by side.

Path, dates, purpose and revocation are checked against roots and lists handed in; nothing is ever fetched. Each refusal
has a code and says in words what to do. Only certificate pages and commands import this: it is slow to load.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import crl, pem, x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl

from tradehall.crypto import asn1_names
from tradehall.crypto.certificate_policy import HousePolicy, HouseValidator, is_weak_list, weak_points
from tradehall.crypto.certificate_words import refusal
from tradehall.kernel.identifiers import is_uscc
from tradehall.kernel.refusal import Refusal, Violation, refuse_if
from tradehall.kernel.times import format_minute

MOST_CERTIFICATES = 8
LARGEST_CHAIN = 64 * 1024
PURPOSES = frozenset({"client_auth", "email_protection", "any_extended_key_usage"})
UNKNOWN = "未知"
# What asn1crypto and cryptography raise, sooner or later, over parts that are not what they should be.
MALFORMED = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    UnsupportedAlgorithm,
)
CODE_PLACES = ("organization_identifier", "serial_number", "organizational_unit_name", "organization_name")


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Whom the platform trusts, and the revocation lists it holds."""

    roots: tuple[x509.Certificate, ...]
    lists: tuple[crl.CertificateList, ...] = ()

    def has_list_of(self, issuer: x509.Name) -> bool:
        return any(one.issuer == issuer for one in self.lists)


@dataclass(frozen=True, slots=True)
class Person:
    """What a good chain says about the one who holds its key. `unchecked`: authorities whose lists are not held."""

    sha256: str
    public: bytes
    name: str
    issuer: str
    serial_no: str
    uscc: str
    valid_from: datetime
    valid_until: datetime
    pem: str
    unchecked: tuple[str, ...] = field(default=())


def parse_chain(text: str) -> list[x509.Certificate]:
    """The certificates of a PEM text, the holder's first. Refuses what cannot be read to the last one."""
    if len(text) > LARGEST_CHAIN:
        raise Refusal([refusal("chain_too_large")])
    try:
        found = _certificates(text.encode())
    except MALFORMED as error:
        raise Refusal([refusal("chain_unreadable")]) from error
    if not found:
        raise Refusal([refusal("chain_unreadable")])
    if len(found) > MOST_CERTIFICATES:
        raise Refusal([refusal("chain_too_large")])
    return found


def parse_lists(data: bytes, *, to_the_end: bool = False) -> list[crl.CertificateList]:
    """Revocation lists in PEM (several) or DER (one); ValueError in words. Entries are read late, unless `to_the_end`."""
    try:
        ders = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        found = [crl.CertificateList.load(der, strict=True) for der in ders]
        ends = [one["tbs_cert_list"]["next_update"].native for one in found]
        _ = [one.native for one in found if to_the_end]
    except MALFORMED as error:
        raise ValueError("吊销列表无法读取：须是 PEM 或 DER 格式的 CRL") from error
    if any(end is None for end in ends):
        raise ValueError("吊销列表没有写下次更新时间，无法判断是否过期；请向签发机构索取完整的列表")
    if any(is_weak_list(one) for one in found):
        raise ValueError("吊销列表用不安全的算法签名；没有保存")
    return found


def next_update(lists: Iterable[crl.CertificateList]) -> datetime | None:
    """When the first of them is out of date."""
    ends = [one["tbs_cert_list"]["next_update"].native for one in lists]
    return min(ends) if ends else None


def is_named(certificate: x509.Certificate, lists: Iterable[crl.CertificateList]) -> bool:
    """Whether a list of its own authority revokes it; whose signature the list bears is asked at sign-in."""
    own = [one for one in lists if one.issuer == certificate.issuer]
    revoked = [entry for one in own for entry in one["tbs_cert_list"]["revoked_certificates"] or ()]
    return any(entry["user_certificate"].native == certificate.serial_number for entry in revoked)


def check_chain(chain: Sequence[x509.Certificate], store: TrustStore, at: datetime) -> Person:
    """The holder, or a Refusal. `at` is the world's time: authorities know no other clock."""
    validator = HouseValidator()
    try:
        refuse_if([violation for one in chain for violation in _weak(one)] + _purpose(chain[0]))
        unchecked = asyncio.run(_checked(chain[0], store, _context(chain, store, at, validator)))
        return describe(chain[0], unchecked)
    except (errors.PathError, errors.ValidationError, *MALFORMED) as error:
        raise Refusal([_explained(error, validator)]) from error


def _context(
    chain: Sequence[x509.Certificate], store: TrustStore, at: datetime, validator: HouseValidator
) -> ValidationContext:
    """Revocation is asked for certificate by certificate (`_checked`): the library knows one rule for all of a path."""
    return ValidationContext(
        trust_roots=list(store.roots),
        other_certs=list(chain[1:]),
        crls=list(store.lists),
        moment=at,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
        algorithm_usage_policy=HousePolicy(),
        signature_validator=validator,
    )


async def _checked(leaf: x509.Certificate, store: TrustStore, context: ValidationContext) -> tuple[str, ...]:
    path = await CertificateValidator(leaf, validation_context=context).async_validate_path()
    _refuse_dated_root(path, context.moment)
    unchecked = []
    for certificate in list(path)[1:]:
        _refuse_two_algorithms(certificate)
        if store.has_list_of(certificate.issuer):
            await _refuse_revoked(certificate, path, context)
        elif certificate.crl_distribution_points:
            raise Refusal([refusal("crl_missing", common_name(certificate.issuer))])
        else:
            unchecked.append(common_name(certificate.issuer))
    return tuple(unchecked)


async def _refuse_revoked(certificate: x509.Certificate, path: ValidationPath, context: ValidationContext) -> None:
    issuer = common_name(certificate.issuer)
    try:
        await verify_crl(certificate, path, context)
    except errors.RevokedError as error:
        moment = format_minute(error.revocation_dt)
        raise Refusal([refusal("revoked", common_name(certificate.subject), moment)]) from error
    except errors.CRLValidationIndeterminateError as error:
        code = "crl_stale" if error.suspect_stale else "crl_unusable"
        raise Refusal([refusal(code, issuer)]) from error
    except errors.CRLValidationError as error:
        raise Refusal([refusal("crl_unusable", issuer)]) from error


def _refuse_dated_root(path: ValidationPath, at: datetime) -> None:
    """The validator takes an anchor as it is; a root outside its own dates vouches for nobody here."""
    root = path.first
    if not root.not_valid_before <= at <= root.not_valid_after:
        code = "expired" if at > root.not_valid_after else "not_yet_valid"
        moment = root.not_valid_after if code == "expired" else root.not_valid_before
        raise Refusal([refusal(code, common_name(root.subject), format_minute(moment))])


def _refuse_two_algorithms(certificate: x509.Certificate) -> None:
    """RFC 5280 4.1.1.2: the algorithm outside the signed part is the one inside it."""
    if certificate["signature_algorithm"].dump() != certificate["tbs_certificate"]["signature"].dump():
        raise Refusal([refusal("altered", common_name(certificate.subject))])


def _explained(error: Exception, validator: HouseValidator) -> Violation:
    """The validator's English, as one of our codes."""
    if validator.met_empty_id:
        return refusal("sm2_empty_id")
    if isinstance(error, errors.ExpiredError):
        return refusal("expired", _head(error), format_minute(error.expired_dt))
    if isinstance(error, errors.NotYetValidError):
        return refusal("not_yet_valid", _head(error), format_minute(error.valid_from))
    if isinstance(error, errors.PathBuildingError | errors.InvalidCertificateError):
        return refusal("unknown_root")
    if isinstance(error, errors.DisallowedAlgorithmError):
        return refusal("weak_hash", UNKNOWN)
    if isinstance(error, errors.PathValidationError) and "could not be verified" in str(error):
        return refusal("altered", _head(error))
    return refusal("path_invalid")


def _head(error: errors.PathValidationError) -> str:
    leaf = error.original_path.leaf
    return common_name(leaf.subject) if isinstance(leaf, x509.Certificate) else UNKNOWN


def _weak(certificate: x509.Certificate) -> list[Violation]:
    return [refusal(code, common_name(certificate.subject)) for code in weak_points(certificate)]


def _purpose(leaf: x509.Certificate) -> list[Violation]:
    """Signing is what the key must be for, where the certificate says anything about it."""
    use, purposes = leaf.key_usage_value, leaf.extended_key_usage_value
    is_for_signing = use is None or "digital_signature" in use.native
    is_for_people = purposes is None or PURPOSES & set(purposes.native)
    return [] if is_for_signing and is_for_people and not leaf.ca else [refusal("wrong_purpose")]


def describe(leaf: x509.Certificate, unchecked: tuple[str, ...] = ()) -> Person:
    """What a certificate says, unchecked."""
    return Person(
        sha256=leaf.sha256.hex(),
        public=leaf.public_key.dump(),
        name=common_name(leaf.subject),
        issuer=common_name(leaf.issuer),
        serial_no=f"{leaf.serial_number:X}",
        uscc=organisation_code(leaf),
        valid_from=leaf.not_valid_before.astimezone(UTC),
        valid_until=leaf.not_valid_after.astimezone(UTC),
        pem=pem.armor("CERTIFICATE", leaf.dump()).decode(),
        unchecked=unchecked,
    )


def common_name(name: x509.Name) -> str:
    """The last common name, else the whole name; cut to what fits a line."""
    stated = name.native.get("common_name") or name.human_friendly
    return str(stated[-1] if isinstance(stated, list) else stated)[:200]


def organisation_code(leaf: x509.Certificate) -> str:
    """The unified code the certificate states: the extension of GM/T 0015, else a valid code in the subject."""
    texts = [_text(one["extn_value"].native) for one in leaf["tbs_certificate"]["extensions"] if _is_code(one)]
    for place in CODE_PLACES:
        value = leaf.subject.native.get(place, [])
        texts += value if isinstance(value, list) else [value]
    codes = [code for text in texts for code in re.findall(r"[0-9A-HJ-NP-RTUW-Y]{18}", str(text).upper())]
    return next((code for code in codes if is_uscc(code)), "")


def _is_code(extension: x509.Extension) -> bool:
    return bool(extension["extn_id"].native == asn1_names.ORGANISATION_EXTENSION)


def _text(value: object) -> str:
    """The value of an unknown extension: text behind an ASN.1 header that the pattern skips."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _certificates(data: bytes) -> list[x509.Certificate]:
    found = []
    for label, _, der in pem.unarmor(data, multiple=True):
        if label == "CERTIFICATE":
            certificate = x509.Certificate.load(der, strict=True)
            # Read everything now: asn1crypto parses late, and a bad part must not surface in the middle of an act.
            _ = (certificate.native, certificate.public_key.native, certificate.critical_extensions)
            found.append(certificate)
    return found
