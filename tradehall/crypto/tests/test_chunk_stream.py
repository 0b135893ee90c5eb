"""The chunked stream: opens as a whole, and says by name what was cut, moved, repeated, swapped or added."""

from collections.abc import Callable
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tradehall.crypto import chunk_stream
from tradehall.crypto.chunk_stream import CHUNK, SEALED_CHUNK
from tradehall.crypto.tests.bidding import code
from tradehall.kernel.refusal import Refusal

CIPHER = AESGCM(b"k" * 32)
BOUND = b"this lot, this slot"
PLAIN = [bytes([mark]) * CHUNK for mark in b"abcd"]


def seal(plain: list[bytes] = PLAIN, cipher: AESGCM = CIPHER, bound: bytes = BOUND) -> list[bytes]:
    return list(chunk_stream.seal_chunks(cipher, bound, plain, len(plain)))


SEALED = seal()
FOREIGN = seal(cipher=AESGCM(b"f" * 32))


def opened(sealed: bytes, count: int = 4, bound: bytes = BOUND) -> list[bytes]:
    return list(chunk_stream.open_chunks(CIPHER, bound, BytesIO(sealed), count))


def refusal_of(sealed: bytes, count: int = 4) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        opened(sealed, count)
    return code(caught.value), str(caught.value)


def test_what_is_sealed_opens() -> None:
    assert opened(b"".join(SEALED)) == PLAIN
    assert [len(one) for one in SEALED] == [SEALED_CHUNK] * 4


def test_nonces_are_those_of_age() -> None:
    assert chunk_stream.nonce(0, False) == bytes(12)
    assert chunk_stream.nonce(258, True).hex() == "000000000000000000010201"


Change = Callable[[list[bytes]], list[bytes]]
CHANGES: dict[str, tuple[str, Change]] = {
    "末段被截": ("truncated", lambda c: c[:3]),
    "段中被截": ("truncated", lambda c: [*c[:3], c[3][:-1]]),
    "全空": ("truncated", lambda c: []),
    "两段互换": ("chunk_moved", lambda c: [c[0], c[2], c[1], c[3]]),
    "中段被抽": ("chunk_moved", lambda c: [c[0], c[2], c[3]]),
    "一段重复": ("chunk_repeated", lambda c: [c[0], c[1], c[1], c[2], c[3]]),
    "首段再来": ("chunk_repeated", lambda c: [c[0], c[1], c[2], c[0]]),
    "末尾加段": ("trailing_bytes", lambda c: [*c, c[3]]),
    "末尾加字节": ("trailing_bytes", lambda c: [*c, b"\x00"]),
    "换入他人的段": ("chunk_altered", lambda c: [c[0], FOREIGN[1], c[2], c[3]]),
    "改一位": ("chunk_altered", lambda c: [c[0], c[1], bytes([c[2][0] ^ 1]) + c[2][1:], c[3]]),
    "改标签": ("chunk_altered", lambda c: [c[0], c[1], c[2], c[3][:-1] + bytes([c[3][-1] ^ 0x80])]),
}


@pytest.mark.parametrize(("expected", "change"), CHANGES.values(), ids=CHANGES)
def test_every_change_has_its_name(expected: str, change: Change) -> None:
    assert refusal_of(b"".join(change(SEALED)))[0] == expected


def test_the_mark_of_the_last_chunk_is_what_ends_a_stream() -> None:
    """Somebody announces fewer chunks and cuts at a border; or goes on after an end."""
    assert refusal_of(b"".join(SEALED[:3]), 3)[0] == "end_missing"
    assert refusal_of(b"".join(SEALED), 5)[0] == "end_too_early"


def test_the_place_is_told() -> None:
    assert "第 2 段处放的是第 3 段" in refusal_of(b"".join([SEALED[0], *SEALED[2:]]))[1]


def test_chunks_before_the_wrong_one_come_out_and_no_other() -> None:
    stream = chunk_stream.open_chunks(CIPHER, BOUND, BytesIO(b"".join([*SEALED[:2], SEALED[3]])), 4)
    assert [next(stream), next(stream)] == PLAIN[:2]
    with pytest.raises(Refusal):
        next(stream)


def test_another_place_opens_nothing() -> None:
    with pytest.raises(Refusal) as caught:
        opened(b"".join(SEALED), bound=b"this lot, that slot")
    assert code(caught.value) == "chunk_altered"


def test_a_pipe_that_gives_little_at_a_time_is_read_to_the_end() -> None:
    class Pipe(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 70_000))

    assert list(chunk_stream.open_chunks(CIPHER, BOUND, Pipe(b"".join(SEALED[:1] + SEALED[1:])), 4)) == PLAIN


@pytest.mark.parametrize("plain", [[b"short"], [PLAIN[0][:-1]], PLAIN[:2]])
def test_only_as_many_full_chunks_as_announced_are_sealed(plain: list[bytes]) -> None:
    with pytest.raises(ValueError, match="chunk"):
        list(chunk_stream.seal_chunks(CIPHER, BOUND, plain, 1 if len(plain) == 2 else 3))
