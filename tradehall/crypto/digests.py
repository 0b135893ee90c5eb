"""The two digests every published thing carries: SHA-256 and SM3, in lower-case hex.

Refuses to choose between them: both are always written, and a reader checks the one his law asks for.
"""

import hashlib

from cryptography.hazmat.primitives import hashes

HAS_NATIVE_SM3 = "sm3" in hashlib.algorithms_available


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sm3(data: bytes) -> bytes:
    """SM3 of the interpreter's OpenSSL; builds without it (some RHEL) fall back to the one in `cryptography`."""
    if HAS_NATIVE_SM3:
        return hashlib.new("sm3", data).digest()
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def sm3_hex(data: bytes) -> str:
    return sm3(data).hex()
