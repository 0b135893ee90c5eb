"""An opening done again from public data: the same shares give the same keys, the same outcomes, the same words.

From the opening file alone every key is joined from the shares, every header is made again from its key, and the
bidder's signature is checked over what was read out; with the containers beside it, every byte. It cannot say whether
a bid is missing: receipts and the log do.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes

from tradehall.crypto.bid_header import binding_of, read_block
from tradehall.crypto.bid_opening import Unlocked, check_twins, code_of, recover, reveal, unlock
from tradehall.crypto.bid_statement import Front, check_front, front_commitment
from tradehall.crypto.chunk_stream import CHUNK
from tradehall.crypto.opening_file import OPENED, OpenedBid, Opening
from tradehall.kernel.refusal import Refusal

# What only the chunks decide; every other outcome is judged from the header and its key.
IN_CONTENT = frozenset(
    {
        "truncated", "trailing_bytes", "chunk_altered", "chunk_moved", "chunk_repeated", "end_missing", "end_too_early",
        "front_unreadable", "front_altered", "statement_mismatch", "bidder_mismatch", "certificate_unreadable",
        "signature_wrong", "too_large", "padding_wrong", "file_altered",
    }
)  # fmt: skip


def faults(opening: Opening, containers: Mapping[bytes, BinaryIO]) -> list[str]:
    """What does not hold, one sentence a fault, none when all does. `containers` by slot, as far as they are at hand."""
    found = [
        f"bid {number}: {fault}"
        for number, bid in enumerate(opening.bids, 1)
        for fault in _faults_of(opening, bid, containers.get(bid.slot))
    ]
    if len({bid.slot for bid in opening.bids}) != len(opening.bids):
        found.append("two bids lie in one slot")
    try:
        check_twins(bid.block for bid in opening.bids)
    except Refusal:
        found.append("two bids are one and the same")
    return found


def left_out(opening: Opening, containers: Mapping[bytes, BinaryIO]) -> list[str]:
    """What was not checked, for whoever reads the verdict."""
    missing = [number for number, bid in enumerate(opening.bids, 1) if bid.slot not in containers]
    return [
        *(f"the files of bid {number}: its container is not at hand" for number in missing),
        "whether every bid received is here, and none that came too late: compare the receipts and the log",
        "whether an authority you trust issued the certificates",
        "whether the guardians' keys are those published before the bids: compare the lot's notice",
    ]


def judge(opening: Opening, bid: OpenedBid, source: BinaryIO | None) -> tuple[str, Front | None]:
    """The outcome this bid must have: by its header and key alone, or by all of it when the container is at hand."""
    try:
        unlocked = _unlocked(opening, bid)
        return OPENED, None if source is None else reveal(unlocked, source, bid.bidder)
    except Refusal as refusal:
        return code_of(refusal), None


def _unlocked(opening: Opening, bid: OpenedBid) -> Unlocked:
    if bid.recovered:
        return recover(bid.block, opening.lot, bid.slot, opening.custody, bid.recovered)
    return unlock(bid.block, opening.lot, bid.slot, opening.custody, bid.shares)


def _faults_of(opening: Opening, bid: OpenedBid, source: BinaryIO | None) -> Iterator[str]:
    if source is None:
        yield from _faults_without_container(opening, bid)
        return
    if not _is_received(bid, source):
        yield "the container is not the file that was received: its size or digests differ"
        return
    if read_block(source).content != bid.block.content:
        yield "the container has another header"
        return
    outcome, front = judge(opening, bid, source)
    if outcome != bid.outcome:
        yield f"the outcome is {outcome}, the file says {bid.outcome}"
    elif front and bid.front and front.content != bid.front.content:
        yield "the statement is not the one in the container"


def _faults_without_container(opening: Opening, bid: OpenedBid) -> Iterator[str]:
    outcome, _ = judge(opening, bid, None)
    if outcome != bid.outcome and (outcome != OPENED or bid.outcome not in IN_CONTENT):
        yield f"the outcome is {outcome}, the file says {bid.outcome}"
    elif outcome == OPENED and bid.front:
        yield from _faults_of_front(opening, bid, bid.front)


def _faults_of_front(opening: Opening, bid: OpenedBid, front: Front) -> Iterator[str]:
    binding = binding_of(bid.block.header, opening.lot, bid.slot)
    if front_commitment(binding, front.content) != bid.block.header.front:
        yield "the statement is not the one the header commits to"
        return
    try:
        check_front(front, binding, bid.block.header.dealing.key)
    except Refusal as refusal:
        yield f"the statement is not good: {code_of(refusal)}"
    if front.statement.bidder != bid.bidder:
        yield "the statement is of another bidder"
    if bid.size != bid.block.container_size:
        yield "the size is not that of such a container"


def _is_received(bid: OpenedBid, source: BinaryIO) -> bool:
    """Size and both digests; leaves the source at its beginning."""
    states = hashes.Hash(hashes.SHA256()), hashes.Hash(hashes.SM3())
    size = 0
    source.seek(0)
    while block := source.read(CHUNK):
        size += len(block)
        for state in states:
            state.update(block)
    source.seek(0)
    return (bid.size, bid.sha256, bid.sm3) == (size, *(state.finalize().hex() for state in states))
