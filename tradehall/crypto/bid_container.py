"""A sealed bid as one file: made by the bidder's client, opened by whoever holds the file key. Two suites, one layout.

`header block ‖ sealed chunks` (docs/decisions/0015-bid-container.md). The header fixes the key and, through the digest
of the front, every byte of the content: no file opens to two bids. Works on streams; knows no clock, no register and
no trusted root. It cannot know whether a container was handed in: that says the receipt.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from tradehall.crypto import bid_payload, chunk_stream
from tradehall.crypto.bid_dealing import (
    KEY_BYTES,
    LONGEST_NAME,
    SALT_BYTES,
    SLOT_BYTES,
    Binding,
    Custody,
    check_custody,
    check_dealing,
    cover,
    deal,
    derived,
    key_commitment,
)
from tradehall.crypto.bid_header import Block, Header, check_guardians, check_tag, write_block
from tradehall.crypto.bid_payload import PlainReader, Sink, nowhere
from tradehall.crypto.bid_statement import (
    MOST_FILES,
    UNSEEN,
    FileEntry,
    Front,
    Line,
    Statement,
    check_front,
    check_signature,
    fault_of_name,
    fault_of_reading,
    front_commitment,
    parse_front,
)
from tradehall.crypto.bid_words import refused
from tradehall.crypto.suites import Cipher, Suite


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a bid is to lie: the lot with its guardians, and the slot the platform issued to this bidder."""

    lot: str
    slot: bytes
    custody: Custody

    @property
    def suite(self) -> Suite:
        return self.custody.suite


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """Drawn by the bidder's client for one container. The file key is kept by the bidder: it opens his bid alone."""

    file_key: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES))
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_BYTES))


@dataclass(frozen=True, slots=True)
class Bid:
    """What is handed in. `sign` is by the key of `certificate` (PEM, holder first); files are seekable."""

    bidder: str
    name: str
    reading: Mapping[str, Line]
    files: Sequence[tuple[str, BinaryIO]]
    certificate: str
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A header and the chunks to come. The parts may be made again with the same secrets: they are the same bytes."""

    block: Block
    front: Front
    chunks: Iterator[bytes]

    def parts(self) -> Iterator[bytes]:
        """The file from its first byte; once."""
        yield self.block.content
        yield from self.chunks


def seal(bid: Bid, seat: Seat, drawn: Secrets) -> Sealed:
    """Refuses before the first byte whatever could not be opened later; a file that changes meanwhile stops the stream."""
    _check_bid(bid, seat)
    binding = Binding(seat.suite, seat.lot, seat.slot, cover(seat.suite, bid.bidder, drawn.salt))
    dealing = deal(binding, seat.custody, drawn.file_key)
    entries = tuple(bid_payload.describe(seat.suite, name, file) for name, file in bid.files)
    front = _signed(bid, seat, drawn, dealing.key, entries)
    content = front.content
    chunks = bid_payload.chunks_for(content, entries)
    commitment = front_commitment(binding, content)
    header = Header(seat.suite, binding.place, binding.cover, seat.custody.quorum, chunks, commitment, dealing)
    block = write_block(header, binding, drawn.file_key)
    files = [(entry, file) for entry, (_, file) in zip(entries, bid.files, strict=True)]
    plain = bid_payload.pack(seat.suite, content, files, chunks)
    sealed = chunk_stream.seal_chunks(_cipher(block, binding, drawn.file_key), binding.place, plain, chunks)
    return Sealed(block, front, sealed)


def check_key(block: Block, binding: Binding, custody: Custody, file_key: bytes) -> None:
    """Is this the key of the container, and is the whole header what an honest dealer makes of it? No chunk is read."""
    if key_commitment(binding, file_key) != block.header.dealing.key:
        raise refused("key_mismatch")
    check_guardians(block.header, custody)
    check_dealing(binding, custody, block.header.dealing, file_key)
    check_tag(block, binding, file_key)


def read(
    block: Block, source: BinaryIO, binding: Binding, file_key: bytes, bidder: str | None = None, sink: Sink = nowhere
) -> Front:
    """What lies inside, checked to the last byte. The key was checked; `bidder`: whom the slot was issued to, if known.

    Files go to `sink` as they come: nothing of it may be used, nor shown, when this raises.
    """
    cipher = _cipher(block, binding, file_key)
    reader = PlainReader(chunk_stream.open_chunks(cipher, binding.place, source, block.header.chunks))
    content = bid_payload.read_front(reader)
    if front_commitment(binding, content) != block.header.front:
        raise refused("front_altered")
    front = parse_front(content)
    check_front(front, binding, block.header.dealing.key)
    if bidder is not None and front.statement.bidder != bidder:
        raise refused("bidder_mismatch")
    if bid_payload.chunks_for(content, front.statement.files) != block.header.chunks:
        raise refused("padding_wrong")
    bid_payload.unpack(binding.suite, reader, front.statement.files, sink)
    return front


def _cipher(block: Block, binding: Binding, file_key: bytes) -> Cipher:
    """One key for one header: another content has another front, hence another header, hence another key."""
    key = derived(binding, file_key, b"body", binding.suite.digest(block.signed), size=binding.suite.key_bytes)
    return binding.suite.cipher(key)


def _signed(bid: Bid, seat: Seat, drawn: Secrets, key: bytes, entries: tuple[FileEntry, ...]) -> Front:
    statement = Statement(bid.bidder, bid.name, drawn.salt, seat.lot, seat.slot, key, bid.reading, entries)
    front = Front(statement, bid.certificate, bid.sign(statement.message))
    check_signature(front)
    return front


def _check_bid(bid: Bid, seat: Seat) -> None:
    check_custody(seat.custody)
    if len(seat.slot) != SLOT_BYTES:
        raise refused("bid_refused", "递交编号")
    for what, text in (("标段", seat.lot), ("投标人代码", bid.bidder), ("投标人名称", bid.name)):
        if not 1 <= len(text) <= LONGEST_NAME or UNSEEN.search(text):
            raise refused("bid_refused", what)
    if fault := fault_of_reading(bid.reading):
        raise refused("bid_refused", fault)
    if len(bid.files) > MOST_FILES:
        raise refused("bid_refused", f"文件多于 {MOST_FILES} 个")
    taken: set[str] = set()
    for name, _ in bid.files:
        if fault := fault_of_name(name, taken):
            raise refused("file_refused", name[:LONGEST_NAME], fault)
        taken.add(name.casefold())
