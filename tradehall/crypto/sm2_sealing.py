"""SM2 encryption (GB/T 32918.4) with the random number taken from a seed, for wraps that can be made again and compared.

Decryption is `sm2`'s. The two multiplications are OpenSSL's, whose time does not tell the number. SM2 knows no
associated data: the purpose is encrypted along, as a digest. A seed serves one message to one receiver.
"""

import _hashlib
import ctypes
import ctypes.util
from ctypes import c_char_p, c_int, c_size_t, c_void_p
from functools import lru_cache

from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

from tradehall.crypto import sm2
from tradehall.crypto.digests import sm3
from tradehall.crypto.sm2_arithmetic import N

DIGEST_BYTES = 32
POINT_BYTES, UNCOMPRESSED = 65, 4
SURPLUS = 48  # bytes drawn for a number below N of 32: what the remainder favours is below 2^-128
POINTERS: dict[str, list[object]] = {
    "EC_GROUP_new_by_curve_name": [c_int],
    "EC_POINT_new": [c_void_p],
    "BN_bin2bn": [c_char_p, c_int, c_void_p],
}
NUMBERS: dict[str, list[object]] = {
    "OBJ_txt2nid": [c_char_p],
    "EC_POINT_mul": [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p],
    "EC_POINT_oct2point": [c_void_p, c_void_p, c_char_p, c_size_t, c_void_p],
}
FREED: dict[str, list[object]] = {"EC_POINT_free": [c_void_p], "BN_clear_free": [c_void_p], "ERR_clear_error": []}


class Ciphertext(core.Sequence):
    """C1 (as two numbers), C3, C2: GM/T 0009 §7.2."""

    _fields = [("x", core.Integer), ("y", core.Integer), ("check", core.OctetString), ("text", core.OctetString)]


class Curve:
    """The SM2 curve of an OpenSSL: multiples of its base point and of others, as uncompressed points."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._lib = library
        for names, result in ((POINTERS, c_void_p), (NUMBERS, c_int), (FREED, None)):
            for name, arguments in names.items():
                function = getattr(library, name)
                function.argtypes, function.restype = arguments, result
        library.EC_POINT_point2oct.argtypes = [c_void_p, c_void_p, c_int, c_char_p, c_size_t, c_void_p]
        library.EC_POINT_point2oct.restype = c_size_t
        self._group = library.EC_GROUP_new_by_curve_name(library.OBJ_txt2nid(b"SM2"))
        if not self._group:
            raise OSError("this OpenSSL has no SM2")

    def multiple(self, number: int, point: bytes | None = None) -> bytes:
        """`number` times the base point, or times `point`; ValueError when that is no point of the curve."""
        scalar = self._lib.BN_bin2bn(number.to_bytes(32, "big"), 32, None)
        base, result = self._lib.EC_POINT_new(self._group), self._lib.EC_POINT_new(self._group)
        out = ctypes.create_string_buffer(POINT_BYTES)
        try:
            if point is None:
                done = self._lib.EC_POINT_mul(self._group, result, scalar, None, None, None)
            else:
                done = self._lib.EC_POINT_oct2point(self._group, base, point, len(point), None)
                done = done and self._lib.EC_POINT_mul(self._group, result, None, base, scalar, None)
            size = done and self._lib.EC_POINT_point2oct(self._group, result, UNCOMPRESSED, out, POINT_BYTES, None)
        finally:
            self._lib.BN_clear_free(scalar)
            self._lib.EC_POINT_free(base)
            self._lib.EC_POINT_free(result)
            self._lib.ERR_clear_error()
        if size != POINT_BYTES:
            raise ValueError("not a point of the SM2 curve")
        return out.raw


@lru_cache(maxsize=1)
def curve() -> Curve:
    """Of the OpenSSL that `hashlib` is linked to, else of the system's; where neither has SM2 nothing is sealed."""
    for name in (getattr(_hashlib, "__file__", None), ctypes.util.find_library("crypto")):
        try:
            return Curve(ctypes.CDLL(name))
        except (OSError, AttributeError):
            continue
    raise NotImplementedError("this machine's OpenSSL has no SM2: nothing can be sealed to SM2 keys here")


def wrap(public: bytes, plain: bytes, info: bytes, seed: bytes) -> bytes:
    """DER, the same bytes for the same arguments; ValueError for a key that is no point."""
    drawn = HKDFExpand(hashes.SM3(), SURPLUS, b"tradehall sm2 wrap").derive(seed)
    return encrypt(public, plain + sm3(info), 1 + int.from_bytes(drawn, "big") % (N - 1))


def unwrap(private: bytes, wrapped: bytes, info: bytes) -> bytes:
    opened = sm2.decrypt(private, wrapped)
    plain, purpose = opened[:-DIGEST_BYTES], opened[-DIGEST_BYTES:]
    if purpose != sm3(info):
        raise ValueError("sealed for another purpose")
    return plain


def encrypt(public: bytes, plain: bytes, number: int) -> bytes:
    """GB/T 32918.4 §6.1 with the random number given; a number whose mask would be all zero is refused."""
    first = curve().multiple(number)
    shared = curve().multiple(number, public)[1:]
    mask = X963KDF(hashes.SM3(), len(plain), None).derive(shared)  # the standard's KDF: SM3(Z ‖ counter)
    if not any(mask):
        raise ValueError("a mask of zeros hides nothing")
    parts = {
        "x": int.from_bytes(first[1:33], "big"),
        "y": int.from_bytes(first[33:], "big"),
        "check": sm3(shared[:32] + plain + shared[32:]),
        "text": bytes(a ^ b for a, b in zip(plain, mask, strict=True)),
    }
    return bytes(Ciphertext(parts).dump())
