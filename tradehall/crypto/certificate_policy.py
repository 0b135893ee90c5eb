"""Which algorithms and keys a certificate may use, and how its signature is checked: RSA, P-256, P-384 and SM2.

An allow list: what is not named here is refused. Handed to pyhanko-certvalidator, which knows no SM2.
"""

from datetime import datetime

from asn1crypto import algos, crl, keys, x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, AlgorithmUsagePolicy
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from tradehall.crypto import asn1_names, sm2

SMALLEST_RSA = 2048
CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1", asn1_names.SM2_CURVE})
DIGESTS = frozenset({"sha256", "sha384", "sha512"})
SIGNATURES = frozenset(
    {f"{digest}_{key}" for digest in DIGESTS for key in ("rsa", "ecdsa")} | {asn1_names.SM2_SIGNATURE}
)


def is_weak_signature(algorithm: algos.SignedDigestAlgorithm) -> bool:
    name = algorithm["algorithm"].native
    if name == "rsassa_pss":
        return algorithm["parameters"]["hash_algorithm"]["algorithm"].native not in DIGESTS
    return name not in SIGNATURES


def is_weak_key(public: keys.PublicKeyInfo) -> bool:
    if public.algorithm in ("rsa", "rsassa_pss"):
        return bool(public.bit_size < SMALLEST_RSA)
    return asn1_names.curve_of(public) not in CURVES


class HousePolicy(AlgorithmUsagePolicy):
    """The allow list in the form the validator asks for."""

    def digest_algorithm_allowed(
        self, algo: algos.DigestAlgorithm, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        return AlgorithmUsageConstraint(algo["algorithm"].native in DIGESTS | {"sm3"})

    def signature_algorithm_allowed(
        self, algo: algos.SignedDigestAlgorithm, moment: datetime | None, public_key: keys.PublicKeyInfo | None
    ) -> AlgorithmUsageConstraint:
        weak = is_weak_signature(algo) or (public_key is not None and is_weak_key(public_key))
        return AlgorithmUsageConstraint(not weak)


class HouseValidator(DefaultSignatureValidator):
    """Adds SM2 with the common user id. Remembers having met a signature with an empty one, to say why it refused."""

    def __init__(self) -> None:
        self.met_empty_id = False

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        public = public_key_info.dump()
        is_national = signature_algorithm["algorithm"].native == asn1_names.SM2_SIGNATURE
        if is_national != (asn1_names.curve_of(public_key_info) == asn1_names.SM2_CURVE):
            raise InvalidSignature("the algorithm is not the key's")
        if not is_national:
            super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, context)
        elif not sm2.verify(public, signature, signed_data):
            self.met_empty_id |= sm2.is_signed_with_empty_id(public, signature, signed_data)
            raise InvalidSignature("not signed by this key")


def weak_points(certificate: x509.Certificate) -> list[str]:
    """`weak_key` and `weak_hash`, as far as they hold."""
    found = ["weak_key"] if is_weak_key(certificate.public_key) else []
    return found + (["weak_hash"] if is_weak_signature(certificate["signature_algorithm"]) else [])


def is_weak_list(revocations: crl.CertificateList) -> bool:
    return is_weak_signature(revocations["signature_algorithm"])
