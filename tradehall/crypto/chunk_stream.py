"""An AEAD over a file of any size, chunk by chunk: the STREAM construction (Hoang et al., CRYPTO 2015) as age writes it.

The nonce is an 11-byte counter and one byte that marks the last chunk, so that no chunk can be cut off, repeated,
moved or added. Every chunk is full: padding is the business of who fills them. A chunk goes out only after its own tag
is checked; that the whole is right is known when the last one is out.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from tradehall.crypto.bid_words import refused
from tradehall.crypto.suites import TAG_BYTES, Cipher
from tradehall.kernel.refusal import Refusal

CHUNK = 1 << 20
SEALED_CHUNK = CHUNK + TAG_BYTES


def nonce(index: int, is_last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([is_last])


def seal_chunks(cipher: Cipher, bound: bytes, chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """Sealed chunks, one for each of `chunks`; `count` says which is the last. The cipher's key serves this once."""
    made = 0
    for index, chunk in enumerate(chunks):
        if len(chunk) != CHUNK or index >= count:
            raise ValueError("every chunk is full, and there are as many as were announced")
        yield cipher.encrypt(nonce(index, index == count - 1), chunk, bound)
        made += 1
    if made != count:
        raise ValueError("fewer chunks than were announced")


def open_chunks(cipher: Cipher, bound: bytes, source: BinaryIO, count: int) -> Iterator[bytes]:
    """The plain chunks; a Refusal names the first thing that is wrong. Reads `source` to its end."""
    for index in range(count):
        sealed = read_up_to(source, SEALED_CHUNK)
        if len(sealed) < SEALED_CHUNK:
            raise refused("truncated", index + 1)
        try:
            yield cipher.decrypt(nonce(index, index == count - 1), sealed, bound)
        except InvalidTag as error:
            raise _explained(cipher, bound, sealed, index, count) from error
    if source.read(1):
        raise refused("trailing_bytes")


def read_up_to(source: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end: sockets and pipes give what they have."""
    found = source.read(size)
    while len(found) < size:
        more = source.read(size - len(found))
        if not more:
            break
        found += more
    return found


def _explained(cipher: Cipher, bound: bytes, sealed: bytes, index: int, count: int) -> Refusal:
    """What a chunk that does not open here is: its own with the wrong mark, another's, or damaged. Slow, and once."""
    is_last = index == count - 1
    if _opens(cipher, bound, sealed, index, not is_last):
        return refused("end_missing" if is_last else "end_too_early", index + 1)
    for other in range(count):
        if any(_opens(cipher, bound, sealed, other, mark) for mark in (False, True)):
            return refused("chunk_repeated" if other < index else "chunk_moved", index + 1, other + 1)
    return refused("chunk_altered", index + 1)


def _opens(cipher: Cipher, bound: bytes, sealed: bytes, index: int, is_last: bool) -> bool:
    try:
        cipher.decrypt(nonce(index, is_last), sealed, bound)
    except InvalidTag:
        return False
    return True
