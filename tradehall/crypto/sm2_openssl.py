"""SM2 by the interpreter's own OpenSSL (libcrypto 3.0 or later), called through ctypes.

One backend of `sm2.Sm2Provider`. Refuses nothing about user ids and knows no PEM: that is `sm2`'s affair.
"""

import _hashlib
import ctypes
import ctypes.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p

OLDEST = 0x30000000
POINTERS: dict[str, list[object]] = {
    "EVP_sm3": [],
    "EVP_MD_CTX_new": [],
    "EVP_PKEY_CTX_new": [c_void_p, c_void_p],
    "EVP_PKEY_CTX_new_from_name": [c_void_p, c_char_p, c_char_p],
    "d2i_AutoPrivateKey": [c_void_p, POINTER(c_char_p), c_long],
    "d2i_PUBKEY": [c_void_p, POINTER(c_char_p), c_long],
}
NUMBERS: dict[str, list[object]] = {
    "EVP_DigestSignInit": [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p],
    "EVP_DigestSign": [c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t],
    "EVP_DigestVerifyInit": [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p],
    "EVP_DigestVerify": [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t],
    "EVP_PKEY_CTX_set1_id": [c_void_p, c_char_p, c_int],
    "EVP_PKEY_keygen_init": [c_void_p],
    "EVP_PKEY_keygen": [c_void_p, POINTER(c_void_p)],
    "EVP_PKEY_encrypt_init": [c_void_p],
    "EVP_PKEY_encrypt": [c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t],
    "EVP_PKEY_decrypt_init": [c_void_p],
    "EVP_PKEY_decrypt": [c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t],
    "EVP_PKEY_is_a": [c_void_p, c_char_p],
    "i2d_PrivateKey": [c_void_p, POINTER(c_char_p)],
}
NOTHING: dict[str, list[object]] = {
    "EVP_MD_CTX_set_pkey_ctx": [c_void_p, c_void_p],
    "EVP_MD_CTX_free": [c_void_p],
    "EVP_PKEY_CTX_free": [c_void_p],
    "EVP_PKEY_free": [c_void_p],
    "ERR_clear_error": [],
}
Act = Callable[..., int]


class OpenSsl:
    """Signs, verifies, encrypts and decrypts; ValueError for a key or ciphertext that OpenSSL will not take."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._lib = library
        library.OpenSSL_version_num.restype = c_ulong
        if library.OpenSSL_version_num() < OLDEST:
            raise OSError("this OpenSSL is older than 3.0")
        for names, result in ((POINTERS, c_void_p), (NUMBERS, c_int), (NOTHING, None)):
            for name, arguments in names.items():
                function = getattr(library, name)
                function.argtypes, function.restype = arguments, result
        library.OpenSSL_version.restype = c_char_p
        self.name = "ctypes: " + library.OpenSSL_version(0).decode()

    def generate(self) -> bytes:
        """A new key, DER as OpenSSL writes it (SEC 1)."""
        with self._owned("EVP_PKEY_CTX_free", self._lib.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)) as context:
            key = c_void_p()
            self._want(self._lib.EVP_PKEY_keygen_init(context), "make a key")
            self._want(self._lib.EVP_PKEY_keygen(context, byref(key)), "make a key")
        with self._owned("EVP_PKEY_free", key.value) as made:
            size = self._lib.i2d_PrivateKey(made, None)
            out = ctypes.create_string_buffer(size)
            self._lib.i2d_PrivateKey(made, byref(ctypes.cast(out, c_char_p)))
            return out.raw[:size]

    def sign(self, private: bytes, message: bytes, user_id: bytes) -> bytes:
        with self._key("d2i_AutoPrivateKey", private) as key, self._digest(key, user_id, "EVP_DigestSignInit") as state:
            return self._filled(self._lib.EVP_DigestSign, state, message)

    def verify(self, public: bytes, signature: bytes, message: bytes, user_id: bytes) -> bool:
        with self._key("d2i_PUBKEY", public) as key, self._digest(key, user_id, "EVP_DigestVerifyInit") as state:
            verdict = self._lib.EVP_DigestVerify(state, signature, len(signature), message, len(message))
            self._lib.ERR_clear_error()
            return bool(verdict == 1)

    def encrypt(self, public: bytes, plain: bytes) -> bytes:
        with self._key("d2i_PUBKEY", public) as key, self._cipher(key, "EVP_PKEY_encrypt_init") as context:
            return self._filled(self._lib.EVP_PKEY_encrypt, context, plain)

    def decrypt(self, private: bytes, sealed: bytes) -> bytes:
        with self._key("d2i_AutoPrivateKey", private) as key, self._cipher(key, "EVP_PKEY_decrypt_init") as context:
            return self._filled(self._lib.EVP_PKEY_decrypt, context, sealed)

    @contextmanager
    def _owned(self, free: str, pointer: int | None) -> Iterator[int]:
        if not pointer:
            self._lib.ERR_clear_error()
            raise ValueError("OpenSSL refused the key or ran out of memory")
        try:
            yield pointer
        finally:
            getattr(self._lib, free)(pointer)

    @contextmanager
    def _key(self, read: str, der: bytes) -> Iterator[int]:
        with self._owned("EVP_PKEY_free", getattr(self._lib, read)(None, byref(c_char_p(der)), len(der))) as key:
            if self._lib.EVP_PKEY_is_a(key, b"SM2") != 1:
                raise ValueError("not an SM2 key")
            yield key

    @contextmanager
    def _digest(self, key: int, user_id: bytes, start: str) -> Iterator[int]:
        with (
            self._owned("EVP_MD_CTX_free", self._lib.EVP_MD_CTX_new()) as state,
            self._owned("EVP_PKEY_CTX_free", self._lib.EVP_PKEY_CTX_new(key, None)) as context,
        ):
            self._want(self._lib.EVP_PKEY_CTX_set1_id(context, user_id, len(user_id)), "set the user id")
            self._lib.EVP_MD_CTX_set_pkey_ctx(state, context)
            self._want(getattr(self._lib, start)(state, None, self._lib.EVP_sm3(), None, key), "begin")
            yield state

    @contextmanager
    def _cipher(self, key: int, start: str) -> Iterator[int]:
        with self._owned("EVP_PKEY_CTX_free", self._lib.EVP_PKEY_CTX_new(key, None)) as context:
            self._want(getattr(self._lib, start)(context), "begin")
            yield context

    def _filled(self, act: Act, context: int, data: bytes) -> bytes:
        """OpenSSL's habit: ask for the size first, then fill a buffer of it."""
        size = c_size_t()
        self._want(act(context, None, byref(size), data, len(data)), "read the input")
        out = ctypes.create_string_buffer(size.value)
        self._want(act(context, out, byref(size), data, len(data)), "read the input")
        return out.raw[: size.value]

    def _want(self, verdict: int, what: str) -> None:
        if verdict <= 0:
            self._lib.ERR_clear_error()
            raise ValueError(f"OpenSSL could not {what}")


def find() -> OpenSsl | None:
    """The OpenSSL that `hashlib` is linked to, else the system's; None where neither knows SM2 (RHEL builds)."""
    for name in (getattr(_hashlib, "__file__", None), ctypes.util.find_library("crypto")):
        try:
            found = OpenSsl(ctypes.CDLL(name))
            found.generate()
        except (OSError, AttributeError, ValueError):
            continue
        return found
    return None
