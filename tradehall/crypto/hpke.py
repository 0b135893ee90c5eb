"""HPKE, base mode, one message (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

Opening is the library's. Sealing is written out here for one reason: the ephemeral key comes from a seed, so that
whoever learns the seed later can make the same bytes again and see that a wrap was honest. A seed serves one message
to one receiver; whoever uses it twice gives the key away.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hpke as library
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

KEM, KDF = 0x0020, 0x0001
AES_128_GCM, AES_256_GCM = 0x0001, 0x0002  # the first only because RFC 9180 prints vectors for it
KEY_SIZES = {AES_128_GCM: 16, AES_256_GCM: 32}

SUITE = library.Suite(library.KEM.X25519, library.KDF.HKDF_SHA256, library.AEAD.AES_256_GCM)


def generate_private_key() -> bytes:
    """A receiver's key, 32 bytes."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, plain: bytes, info: bytes, seed: bytes, aad: bytes = b"", aead: int = AES_256_GCM) -> bytes:
    """enc ‖ ciphertext, the same bytes for the same arguments; ValueError for a key that is none."""
    ephemeral = derive_private_key(seed)
    enc = ephemeral.public_key().public_bytes_raw()
    agreed = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    kem = b"KEM" + KEM.to_bytes(2, "big")
    secret = _expand(kem, _extract(kem, b"", b"eae_prk", agreed), b"shared_secret", enc + public, 32)
    key, nonce = _schedule(secret, info, aead)
    return enc + AESGCM(key).encrypt(nonce, plain, aad)


def open_sealed(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """The text; ValueError when it was altered, or is for another key or another purpose."""
    try:
        return SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info)
    except (InvalidTag, ValueError) as error:
        raise ValueError("altered, or sealed to another key or for another purpose") from error


def derive_private_key(seed: bytes) -> X25519PrivateKey:
    """DeriveKeyPair of RFC 9180 §7.1.3."""
    kem = b"KEM" + KEM.to_bytes(2, "big")
    secret = _expand(kem, _extract(kem, b"", b"dkp_prk", seed), b"sk", b"", 32)
    return X25519PrivateKey.from_private_bytes(secret)


def _schedule(shared: bytes, info: bytes, aead: int) -> tuple[bytes, bytes]:
    """KeySchedule of RFC 9180 §5.1 in base mode: key and nonce of the first message."""
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (KEM, KDF, aead))
    named = _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    context = b"\x00" + named
    secret = _extract(suite, shared, b"secret", b"")
    key = _expand(suite, secret, b"key", context, KEY_SIZES[aead])
    return key, _expand(suite, secret, b"base_nonce", context, 12)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """LabeledExtract of RFC 9180 §4."""
    return HKDF.extract(hashes.SHA256(), salt, b"HPKE-v1" + suite + label + material)


def _expand(suite: bytes, secret: bytes, label: bytes, info: bytes, size: int) -> bytes:
    """LabeledExpand of RFC 9180 §4."""
    stated = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return HKDFExpand(hashes.SHA256(), size, stated).derive(secret)
