"""The front of a sealed bid that anybody may read: `magic 16 ‖ length 4 ‖ canonical JSON ‖ tag 32`.

It names neither bidder nor lot nor slot nor guardian, and no time: whoever holds the file alone learns its size and
the quorum. Refuses whatever this module would not have written, byte for byte (`kernel.canonical`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hmac import HMAC

from tradehall.crypto.bid_dealing import FEWEST, MOST_GUARDIANS, Binding, Custody, Dealing, derived
from tradehall.crypto.bid_words import refused
from tradehall.crypto.chunk_stream import SEALED_CHUNK, read_up_to
from tradehall.crypto.notes import decode64, encode64
from tradehall.crypto.suites import DIGEST_BYTES, SUITES, Suite
from tradehall.kernel.canonical import canonical_json, parse_canonical

MAGIC = b"tradehall bid 1\n"
LENGTH_BYTES = 4
LARGEST_HEADER = 8 * 1024
MOST_CHUNKS = 2048  # 2 GiB of payload
FIELDS = frozenset({"chunks", "cover", "front", "key", "place", "quorum", "shares", "suite", "wraps"})


@dataclass(frozen=True, slots=True)
class Header:
    """`front` commits to what lies first in the payload, and so to the digest of every file."""

    suite: Suite
    place: bytes
    cover: bytes
    quorum: int
    chunks: int
    front: bytes
    dealing: Dealing


@dataclass(frozen=True, slots=True)
class Block:
    """A header with the very bytes it was read from, and its tag."""

    header: Header
    signed: bytes
    tag: bytes

    @property
    def content(self) -> bytes:
        return self.signed + self.tag

    @property
    def container_size(self) -> int:
        """What the whole file must measure: every chunk is full."""
        return len(self.content) + self.header.chunks * SEALED_CHUNK


def bucket(chunks: int) -> int:
    """Padmé (Nikitin et al., PETS 2019): at most an eighth more, and the size tells about its order of magnitude only."""
    exponent = max(chunks, 1).bit_length() - 1
    step = 1 << (exponent - exponent.bit_length()) if exponent else 1
    return -(-max(chunks, 1) // step) * step


def write_block(header: Header, binding: Binding, file_key: bytes) -> Block:
    text = canonical_json(
        {
            "chunks": header.chunks,
            "cover": encode64(header.cover),
            "front": encode64(header.front),
            "key": encode64(header.dealing.key),
            "place": encode64(header.place),
            "quorum": header.quorum,
            "shares": [encode64(one) for one in header.dealing.shares],
            "suite": header.suite.name,
            "wraps": [encode64(one) for one in header.dealing.wraps],
        }
    )
    signed = MAGIC + len(text).to_bytes(LENGTH_BYTES, "big") + text
    return Block(header, signed, tag_of(signed, binding, file_key))


def tag_of(signed: bytes, binding: Binding, file_key: bytes) -> bytes:
    """HMAC (RFC 2104) with the suite's digest, under a key that only the file key gives."""
    state = HMAC(derived(binding, file_key, b"header tag"), binding.suite.algorithm)
    state.update(signed)
    return state.finalize()


def check_tag(block: Block, binding: Binding, file_key: bytes) -> None:
    if not bytes_eq(block.tag, tag_of(block.signed, binding, file_key)):
        raise refused("header_altered")


def read_block(source: BinaryIO, most_chunks: int = MOST_CHUNKS) -> Block:
    """The header at the beginning of a container; leaves `source` before the first chunk. Never reads more than it may."""
    start = read_up_to(source, len(MAGIC) + LENGTH_BYTES)
    if not start.startswith(MAGIC):
        raise refused("not_a_container")
    size = int.from_bytes(start[len(MAGIC) :], "big")
    if size > LARGEST_HEADER:
        raise refused("header_too_large")
    text, tag = read_up_to(source, size), read_up_to(source, DIGEST_BYTES)
    if len(start) + len(text) + len(tag) != len(MAGIC) + LENGTH_BYTES + size + DIGEST_BYTES:
        raise refused("truncated", 0)
    header = parse_header(text)
    if header.chunks > most_chunks:
        raise refused("size_refused", f"{header.chunks} MiB")
    return Block(header, start + text, tag)


def parse_header(text: bytes) -> Header:
    try:
        return _header(parse_canonical(text))
    except ValueError as error:
        raise refused("header_unreadable") from error


def binding_of(header: Header, lot: str, slot: bytes) -> Binding:
    """The binding of a container that was made for this lot and slot; Refusal when it was made for another."""
    binding = Binding(header.suite, lot, slot, header.cover)
    if binding.place != header.place:
        raise refused("place_mismatch")
    return binding


def check_guardians(header: Header, custody: Custody) -> None:
    """Is it sealed to as many, and with the quorum, that the lot page names? To which keys, the opening will tell."""
    if header.suite is not custody.suite:
        raise refused("dealing_wrong", "密码套件")
    if (header.quorum, len(header.dealing.shares)) != (custody.quorum, len(custody.guardians)):
        raise refused("dealing_wrong", "法定人数")


def _header(value: object) -> Header:
    if not isinstance(value, dict) or set(value) != FIELDS:
        _unreadable("fields")
    suite = SUITES.get(value["suite"]) if isinstance(value["suite"], str) else None
    if suite is None:
        _unreadable("suite")
    shares = _list(value, "shares", range(DIGEST_BYTES, DIGEST_BYTES + 1))
    wraps = _list(value, "wraps", suite.wrap_sizes)
    count = len(shares)
    if not FEWEST <= count <= MOST_GUARDIANS or len(wraps) != count:
        _unreadable("shares")
    chunks = _number(value, "chunks", 1, MOST_CHUNKS)
    if bucket(chunks) != chunks:
        _unreadable("chunks")
    return Header(
        suite=suite,
        place=_digest(value, "place"),
        cover=_digest(value, "cover"),
        quorum=_number(value, "quorum", FEWEST, count),
        chunks=chunks,
        front=_digest(value, "front"),
        dealing=Dealing(_digest(value, "key"), shares, wraps),
    )


def _list(value: dict[str, object], name: str, sizes: Sequence[int]) -> tuple[bytes, ...]:
    texts = value[name]
    if not isinstance(texts, list):
        _unreadable(name)
    return tuple(_bytes(text, name, sizes) for text in texts)


def _digest(value: dict[str, object], name: str) -> bytes:
    return _bytes(value[name], name, range(DIGEST_BYTES, DIGEST_BYTES + 1))


def _bytes(text: object, name: str, sizes: Sequence[int]) -> bytes:
    found = decode64(text) if isinstance(text, str) else b""
    if len(found) not in sizes:
        _unreadable(name)
    return found


def _number(value: dict[str, object], name: str, low: int, high: int) -> int:
    number = value[name]
    if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
        _unreadable(name)
    return number


def _unreadable(name: str) -> NoReturn:
    raise ValueError(f"{name} is not what a header holds")
