"""Opening sealed bids in two beats: unlock (shares come in, keys are checked, nothing is decrypted) and reveal.

What a guardian does, what the platform does and what anybody can do again are the same functions. Refuses to guess: a
wrong share is named and set aside, and a bid whose header is not what its key gives is invalid whoever opened it. It
knows no time: that nothing is released before closing is the guardian's own rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from tradehall.crypto import shamir
from tradehall.crypto.bid_container import check_key, read
from tradehall.crypto.bid_dealing import Binding, Custody, is_share, key_commitment, wrap_info
from tradehall.crypto.bid_header import Block, binding_of, check_guardians
from tradehall.crypto.bid_payload import Sink, nowhere
from tradehall.crypto.bid_statement import Front
from tradehall.crypto.bid_words import refused
from tradehall.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, repr=False)
class Unlocked:
    """A bid whose key is known and right. `wrong`: the numbers of the shares that were set aside."""

    block: Block
    binding: Binding
    file_key: bytes
    wrong: tuple[int, ...] = ()


def release(block: Block, lot: str, slot: bytes, number: int, private: bytes) -> bytes:
    """A guardian's share of this bid; refused when the container is for another lot or slot, or the wrap holds another."""
    header = block.header
    binding = binding_of(header, lot, slot)
    count = len(header.dealing.wraps)
    if not 1 <= number <= count:
        raise refused("wrap_unreadable", number)
    info = wrap_info(binding, number, header.quorum, count)
    try:
        share = header.suite.unwrap(private, header.dealing.wraps[number - 1], info)
    except ValueError as error:
        raise refused("wrap_unreadable", number) from error
    if share[-1:] != bytes([number]) or not is_share(binding, header.dealing.shares, share):
        raise refused("share_mismatch", number)
    return share


def wrong_shares(block: Block, binding: Binding, shares: Iterable[bytes]) -> tuple[int, ...]:
    """The numbers (last bytes) of the shares that are not those the container commits to."""
    commitments = block.header.dealing.shares
    return tuple(sorted({share[-1] if share else 0 for share in shares if not is_share(binding, commitments, share)}))


def unlock(block: Block, lot: str, slot: bytes, custody: Custody, shares: Sequence[bytes]) -> Unlocked:
    """The key from the guardians' shares. Which of them came makes no difference to the verdict."""
    binding = binding_of(block.header, lot, slot)
    check_guardians(block.header, custody)
    good = sorted(
        {one for one in shares if is_share(binding, block.header.dealing.shares, one)}, key=lambda one: one[-1]
    )
    if len(good) < custody.quorum:
        raise refused("too_few_shares", len(good), custody.quorum)
    file_key = shamir.join(good[: custody.quorum])
    if key_commitment(binding, file_key) != block.header.dealing.key:
        raise refused("dealing_wrong", "份额承诺")
    check_key(block, binding, custody, file_key)
    return Unlocked(block, binding, file_key, wrong_shares(block, binding, shares))


def recover(block: Block, lot: str, slot: bytes, custody: Custody, file_key: bytes) -> Unlocked:
    """The key from the bidder himself, in the recovery window; it can only be the one he committed to."""
    binding = binding_of(block.header, lot, slot)
    check_key(block, binding, custody, file_key)
    return Unlocked(block, binding, file_key)


def reveal(unlocked: Unlocked, source: BinaryIO, bidder: str | None = None, sink: Sink = nowhere) -> Front:
    """The content; `source` stands at the first chunk (`read_block` leaves it there)."""
    return read(unlocked.block, source, unlocked.binding, unlocked.file_key, bidder, sink)


def check_twins(blocks: Iterable[Block]) -> None:
    """No two containers of one opening share a place, a key or a content: a copy of another's bid is refused."""
    seen: set[bytes] = set()
    for block in blocks:
        header = block.header
        marks = {header.place, header.cover, header.front, header.dealing.key, *header.dealing.shares}
        if marks & seen:
            raise refused("twins")
        seen |= marks


def code_of(refusal: Refusal) -> str:
    """The name of what was wrong, as it stands in an opening file."""
    return refusal.violations[0].code
