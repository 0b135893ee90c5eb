"""SM2 (GB/T 32918): signatures with a user id, and encryption as ASN.1 DER in the order C1 C3 C2 (GM/T 0009).

A provider does the work: OpenSSL by ctypes, else verification in Python; an HSM can take its place behind the same
protocol. An empty user id is refused: software that forgets the id makes signatures nobody else accepts.
"""

import base64
import re
from functools import lru_cache
from typing import Protocol

from asn1crypto import keys, pem

from tradehall.crypto import asn1_names, sm2_openssl
from tradehall.crypto.sm2_arithmetic import LONGEST_ID, PythonVerifier

DEFAULT_ID = b"1234567812345678"  # GM/T 0009 §10: when the two sides have agreed on nothing else
BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)


class Sm2Provider(Protocol):
    """Keys are DER: PKCS #8 and SubjectPublicKeyInfo. A device takes the label of a key in place of a private one."""

    name: str

    def generate(self) -> bytes: ...

    def sign(self, private: bytes, message: bytes, user_id: bytes) -> bytes: ...

    def verify(self, public: bytes, signature: bytes, message: bytes, user_id: bytes) -> bool: ...

    def encrypt(self, public: bytes, plain: bytes) -> bytes: ...

    def decrypt(self, private: bytes, sealed: bytes) -> bytes: ...


@lru_cache(maxsize=1)
def provider() -> Sm2Provider:
    """The one of this process, looked for once; its name says which it is."""
    return sm2_openssl.find() or PythonVerifier()


def can_sign() -> bool:
    """False where only verification is at hand."""
    return not isinstance(provider(), PythonVerifier)


def is_key(data: bytes) -> bool:
    """Is this file an SM2 private key?"""
    try:
        load_private_key(data)
    except ValueError:
        return False
    return True


def generate_private_key() -> bytes:
    return load_private_key(provider().generate())


def sign(private: bytes, message: bytes, user_id: bytes = DEFAULT_ID) -> bytes:
    """DER of (r, s) over SM3(Z ‖ message)."""
    return provider().sign(private, message, _checked(user_id))


def verify(public: bytes, signature: bytes, message: bytes, user_id: bytes = DEFAULT_ID) -> bool:
    """ValueError only for a key that is none; a bad signature is False."""
    return provider().verify(public, signature, message, _checked(user_id))


def is_signed_with_empty_id(public: bytes, signature: bytes, message: bytes) -> bool:
    """To say *why* a signature was refused. Never a reason to accept it."""
    return provider().verify(public, signature, message, b"")


def encrypt(public: bytes, plain: bytes) -> bytes:
    if not plain:
        raise ValueError("SM2 does not encrypt an empty text")
    return provider().encrypt(public, plain)


def decrypt(private: bytes, sealed: bytes) -> bytes:
    """ValueError when the text was altered, or is for another key, or in another form."""
    return provider().decrypt(private, sealed)


def load_private_key(data: bytes) -> bytes:
    """PKCS #8 DER of an SM2 key written as PKCS #8 or SEC 1, in PEM or DER. Encrypted files are refused in words."""
    label, der = _unarmored(data, "PRIVATE KEY", "EC PRIVATE KEY")
    try:
        parsed = keys.ECPrivateKey.load(der, strict=True) if label == "EC PRIVATE KEY" else _either(der)
        info = keys.PrivateKeyInfo.wrap(parsed, "ec") if isinstance(parsed, keys.ECPrivateKey) else parsed
        curve = asn1_names.curve_of(info)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError("the private key cannot be read") from error
    if curve != asn1_names.SM2_CURVE:
        raise ValueError("the private key is not an SM2 key")
    return bytes(info.dump())


def load_public_key(data: bytes) -> bytes:
    """SubjectPublicKeyInfo DER of an SM2 key in PEM or DER."""
    _, der = _unarmored(data, "PUBLIC KEY")
    try:
        info = keys.PublicKeyInfo.load(der, strict=True)
        curve = asn1_names.curve_of(info)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError("the public key cannot be read") from error
    if curve != asn1_names.SM2_CURVE:
        raise ValueError("the public key is not an SM2 key")
    return bytes(info.dump())


def public_key_of(private: bytes) -> bytes:
    """The public half of a PKCS #8 key, as SubjectPublicKeyInfo."""
    return bytes(asn1_names.public_info(asn1_names.SM2_CURVE, public_point_of(private)).dump())


def public_point_of(private: bytes) -> bytes:
    """The same as an uncompressed point, 65 bytes."""
    point = keys.PrivateKeyInfo.load(private)["private_key"].parsed["public_key"].native
    if point is None:
        raise ValueError("this private key does not carry its public half")
    return bytes(point)


def to_pem(label: str, der: bytes) -> bytes:
    return bytes(pem.armor(label, der))


def _checked(user_id: bytes) -> bytes:
    if not user_id:
        raise ValueError("an SM2 signature needs a user id; without agreement it is 1234567812345678")
    if len(user_id) > LONGEST_ID:
        raise ValueError("the user id is longer than 8191 bytes")
    return user_id


def _either(der: bytes) -> keys.PrivateKeyInfo | keys.ECPrivateKey:
    """Both forms are sequences; the second field tells them apart: an algorithm, or the secret itself."""
    try:
        info = keys.PrivateKeyInfo.load(der, strict=True)
        asn1_names.curve_of(info)
    except (ValueError, TypeError, KeyError):
        return keys.ECPrivateKey.load(der, strict=True)
    return info


def _unarmored(data: bytes, *labels: str) -> tuple[str, bytes]:
    """The first block with one of these labels (files of `openssl ecparam` begin with another); DER as it is."""
    if not data.lstrip().startswith(b"-----BEGIN "):
        return "", data
    found = {label.decode(): body for label, body in BLOCK.findall(data)}
    for label in labels:
        if label in found:
            if b"ENCRYPTED" in found[label]:
                raise ValueError("the key file is encrypted; decrypt it first")
            return label, base64.b64decode(found[label])
    if "ENCRYPTED PRIVATE KEY" in found:
        raise ValueError("the key file is encrypted; decrypt it first")
    raise ValueError(f"the file holds no {labels[0]}")
