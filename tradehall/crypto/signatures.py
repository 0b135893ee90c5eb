"""Signatures by the keys people hold: RSA and P-256 with SHA-256, SM2 with SM3 and the common user id.

One question, asked of a SubjectPublicKeyInfo and never of a key's name. Refuses other kinds of key as unsuitable.
"""

from asn1crypto import keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tradehall.crypto import asn1_names, sm2


def is_sm2(public: bytes) -> bool:
    return asn1_names.curve_of(keys.PublicKeyInfo.load(public)) == asn1_names.SM2_CURVE


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Is `message` signed by the key in SubjectPublicKeyInfo `public`? RSA may be PKCS #1 v1.5 or PSS."""
    if is_sm2(public):
        return sm2.verify(public, signature, message)
    key = serialization.load_der_public_key(public)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _elliptic(key, signature, message)
    if isinstance(key, rsa.RSAPublicKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
        return _rsa(key, signature, message, padding.PKCS1v15()) or _rsa(key, signature, message, pss)
    raise ValueError("neither RSA nor an elliptic curve")


def sign(private: bytes, message: bytes) -> bytes:
    """By a PKCS #8 key, in the form that `verify` expects."""
    if asn1_names.curve_of(keys.PrivateKeyInfo.load(private)) == asn1_names.SM2_CURVE:
        return sm2.sign(private, message)
    key = serialization.load_der_private_key(private, None)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256()))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    raise ValueError("neither RSA nor an elliptic curve")


def public_key_of(private: bytes) -> bytes:
    if asn1_names.curve_of(keys.PrivateKeyInfo.load(private)) == asn1_names.SM2_CURVE:
        return sm2.public_key_of(private)
    public = serialization.load_der_private_key(private, None).public_key()
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _elliptic(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _rsa(key: rsa.RSAPublicKey, signature: bytes, message: bytes, form: padding.AsymmetricPadding) -> bool:
    try:
        key.verify(signature, message, form, hashes.SHA256())
    except InvalidSignature:
        return False
    return True
