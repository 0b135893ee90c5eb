"""The algorithms a tender is sealed with, chosen as a whole: digest, key derivation, cipher, wrap. One layout for all.

A suite is never negotiated: its name is bound into every key and every wrap, so that nothing sealed under one opens
under another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from tradehall.crypto import hpke, sm2, sm2_sealing
from tradehall.crypto.digests import sha256, sm3
from tradehall.crypto.sm4_gcm import KEY_BYTES, SM4GCM

DIGEST_BYTES = 32
TAG_BYTES = 16


class Cipher(Protocol):
    """An AEAD under one key (RFC 5116): a nonce of 12 bytes, a tag of 16 behind the text; InvalidTag when it is altered."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True, eq=False)
class Suite:
    """A key pair is a guardian's. `wrap(public, plain, info, seed)` gives the same bytes for the same arguments;
    `unwrap(private, wrapped, info)` raises ValueError for what was not made for this key and this info."""

    name: str
    algorithm: hashes.HashAlgorithm
    digest: Callable[[bytes], bytes]
    cipher: Callable[[bytes], Cipher]
    key_bytes: int
    generate: Callable[[], bytes]
    public_key_of: Callable[[bytes], bytes]
    wrap: Callable[[bytes, bytes, bytes, bytes], bytes]
    unwrap: Callable[[bytes, bytes, bytes], bytes]
    wrap_sizes: range
    public_bytes: int

    def hasher(self) -> hashes.Hash:
        return hashes.Hash(self.algorithm)

    def extract(self, salt: bytes, material: bytes) -> bytes:
        """HKDF-Extract, RFC 5869 §2.2."""
        return HKDF.extract(self.algorithm, salt, material)

    def expand(self, secret: bytes, info: bytes, size: int = DIGEST_BYTES) -> bytes:
        """HKDF-Expand, RFC 5869 §2.3."""
        return HKDFExpand(self.algorithm, size, info).derive(secret)


def framed(*parts: bytes) -> bytes:
    """Each part behind its length in four bytes: two lists of parts never give the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


INTERNATIONAL = Suite(
    name="international",
    algorithm=hashes.SHA256(),
    digest=sha256,
    cipher=AESGCM,
    key_bytes=32,
    generate=hpke.generate_private_key,
    public_key_of=hpke.public_key_of,
    wrap=hpke.seal,
    unwrap=hpke.open_sealed,
    wrap_sizes=range(81, 82),  # 32 of the ephemeral key, 33 of the share, 16 of the tag
    public_bytes=32,
)
NATIONAL = Suite(
    name="national",
    algorithm=hashes.SM3(),
    digest=sm3,
    cipher=SM4GCM,
    key_bytes=KEY_BYTES,
    generate=sm2.generate_private_key,
    public_key_of=sm2.public_point_of,
    wrap=sm2_sealing.wrap,
    unwrap=sm2_sealing.unwrap,
    wrap_sizes=range(140, 175),  # DER: two numbers of up to 33 bytes, a digest, share and purpose
    public_bytes=sm2_sealing.POINT_BYTES,
)
SUITES = {one.name: one for one in (INTERNATIONAL, NATIONAL)}
