"""The plain side of a sealed bid: `length 4 ‖ front ‖ files in the order of the list ‖ zeros`, in full chunks.

Streams both ways with a chunk or two in memory. Nothing is compressed, so nothing can swell: what a container may
grow to is what it measures. Padding is zeros to the bucket, checked to the last byte: nothing hides behind the files.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import SEEK_END
from itertools import chain
from typing import BinaryIO

from tradehall.crypto.bid_header import MOST_CHUNKS, bucket
from tradehall.crypto.bid_statement import LARGEST_FRONT, FileEntry
from tradehall.crypto.bid_words import refused
from tradehall.crypto.chunk_stream import CHUNK
from tradehall.crypto.suites import Suite

FRONT_LENGTH = 4
Sink = Callable[[FileEntry], Callable[[bytes], object]]


def describe(suite: Suite, name: str, file: BinaryIO) -> FileEntry:
    """The entry of a file, read to its end and left at its beginning again; one that is too large is not read at all."""
    if file.seek(0, SEEK_END) > MOST_CHUNKS * CHUNK:
        raise refused("too_large", MOST_CHUNKS * CHUNK >> 20)
    state, size = suite.hasher(), 0
    file.seek(0)
    while block := file.read(CHUNK):
        state.update(block)
        size += len(block)
    file.seek(0)
    return FileEntry(name, size, state.finalize().hex())


def chunks_for(front: bytes, files: Iterable[FileEntry]) -> int:
    """How many chunks the payload fills with its padding; refused when they are more than may be."""
    size = FRONT_LENGTH + len(front) + sum(one.size for one in files)
    chunks = bucket(-(-size // CHUNK))
    if chunks > MOST_CHUNKS or len(front) > LARGEST_FRONT:
        raise refused("too_large", MOST_CHUNKS * CHUNK >> 20)
    return chunks


def pack(suite: Suite, front: bytes, files: Sequence[tuple[FileEntry, BinaryIO]], chunks: int) -> Iterator[bytes]:
    """The payload in full chunks. Refuses a file that no longer is what its entry says."""
    waiting, made = bytearray(len(front).to_bytes(FRONT_LENGTH, "big") + front), 0
    for entry, file in files:
        for block in _still_the_same(suite, entry, file):
            waiting += block
            if len(waiting) >= CHUNK:
                yield bytes(waiting[:CHUNK])
                del waiting[:CHUNK]
                made += 1
    for _ in range(chunks - made):
        yield bytes(waiting.ljust(CHUNK, b"\x00"))
        waiting.clear()


def _still_the_same(suite: Suite, entry: FileEntry, file: BinaryIO) -> Iterator[bytes]:
    state, left = suite.hasher(), entry.size
    while left:
        block = file.read(min(left, CHUNK))
        if not block:
            break
        state.update(block)
        left -= len(block)
        yield block
    if left or file.read(1) or state.finalize().hex() != entry.digest:
        raise refused("file_changed", entry.name)


class PlainReader:
    """Reads across the borders of chunks; never holds more than one."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def blocks(self, size: int) -> Iterator[memoryview]:
        """Exactly `size` bytes in pieces; fewer only when the payload ends before."""
        while size:
            if not self._rest:
                self._rest = memoryview(next(self._chunks, b""))
                if not self._rest:
                    return
            piece, self._rest = self._rest[:size], self._rest[size:]
            size -= len(piece)
            yield piece

    def read(self, size: int) -> bytes:
        return b"".join(self.blocks(size))

    def check_padding(self) -> None:
        """Everything that is left is zero, and all of it is read: only then is the end of the stream known to be good."""
        for chunk in chain((self._rest,), self._chunks):
            if bytes(chunk).strip(b"\x00"):
                raise refused("padding_wrong")


def read_front(reader: PlainReader) -> bytes:
    size = int.from_bytes(reader.read(FRONT_LENGTH), "big")
    if not 0 < size <= LARGEST_FRONT:
        raise refused("front_unreadable")
    return reader.read(size)


def unpack(suite: Suite, reader: PlainReader, files: Iterable[FileEntry], sink: Sink) -> None:
    """Hand each file to its sink, block by block. What a sink has got counts only when this has returned."""
    for entry in files:
        write, state = sink(entry), suite.hasher()
        for block in reader.blocks(entry.size):
            state.update(block)
            write(bytes(block))
        if state.finalize().hex() != entry.digest:
            raise refused("file_altered", entry.name)
    reader.check_padding()


def nowhere(entry: FileEntry) -> Callable[[bytes], object]:
    """A sink for those who only check."""
    return len
