"""SM4 in Galois/Counter Mode (GB/T 32907, RFC 8998) behind the calls of the library's AESGCM: the tag stands last."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BYTES, TAG_BYTES = 16, 16


class SM4GCM:
    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        state = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        state.authenticate_additional_data(associated_data)
        text = state.update(data) + state.finalize()
        return text + state.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """InvalidTag when anything was altered; the text is not handed out before."""
        if len(data) < TAG_BYTES:
            raise InvalidTag
        state = Cipher(self._algorithm, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        state.authenticate_additional_data(associated_data)
        return state.update(data[:-TAG_BYTES]) + state.finalize()
