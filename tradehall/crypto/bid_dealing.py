"""The dealer's part of a sealed bid: what follows from the file key, and what of it stands in the open.

The bidder's client is the dealer. Shares, wraps and keys are all derived from the file key and from the binding, so
that whoever holds the key after the opening makes them again and compares: an honest bid gives every byte, and a bid
that opens to some guardians only is recognised by all. Secrecy of k − 1 shares rests on HKDF (RFC 5869), not on
chance: coefficients are pseudo-random.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tradehall.crypto import shamir
from tradehall.crypto.bid_words import refused
from tradehall.crypto.suites import DIGEST_BYTES, Suite, framed

DOMAIN = b"tradehall bid 1"
KEY_BYTES = SALT_BYTES = SLOT_BYTES = 32
SHARE_BYTES = KEY_BYTES + 1
FEWEST, MOST_GUARDIANS = 2, 9
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Binding:
    """What a container is for: the suite, the lot, the random slot issued to one bidder, and `cover` (see there)."""

    suite: Suite
    lot: str
    slot: bytes
    cover: bytes

    @property
    def place(self) -> bytes:
        """One digest of all four; tells nothing to who does not know the slot."""
        parts = (self.suite.name.encode(), self.lot.encode(), self.slot, self.cover)
        return self.suite.digest(framed(DOMAIN, b"place", *parts))


@dataclass(frozen=True, slots=True)
class Custody:
    """How many of which guardians open a lot's bids; the order of their public keys is the numbering of the shares."""

    suite: Suite
    quorum: int
    guardians: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Dealing:
    """What stands in the header: commitments to the key and to each share, and each share wrapped to its guardian."""

    key: bytes
    shares: tuple[bytes, ...]
    wraps: tuple[bytes, ...]


def cover(suite: Suite, bidder: str, salt: bytes) -> bytes:
    """H(bidder ‖ salt): fixes the bidder without naming him; the salt lies inside the payload."""
    return suite.digest(framed(DOMAIN, b"bidder", bidder.encode(), salt))


def key_commitment(binding: Binding, file_key: bytes) -> bytes:
    """GCM does not commit to its key; this does: one header, one key, hence one content."""
    return binding.suite.digest(framed(DOMAIN, b"key", binding.place, file_key))


def share_commitment(binding: Binding, share: bytes) -> bytes:
    return binding.suite.digest(framed(DOMAIN, b"share", binding.place, share))


def derived(binding: Binding, file_key: bytes, purpose: bytes, *context: bytes, size: int = DIGEST_BYTES) -> bytes:
    """A key for one purpose, bound to suite, lot, slot and bidder."""
    root = binding.suite.extract(binding.place, file_key)
    return binding.suite.expand(root, framed(DOMAIN, purpose, *context), size)


def shares_of(binding: Binding, file_key: bytes, quorum: int, count: int) -> tuple[bytes, ...]:
    drawn = derived(binding, file_key, b"coefficients", bytes([quorum, count]), size=KEY_BYTES * (quorum - 1))
    coefficients = [drawn[at : at + KEY_BYTES] for at in range(0, len(drawn), KEY_BYTES)]
    return shamir.deal(file_key, coefficients, count)


def wrap_info(binding: Binding, number: int, quorum: int, count: int) -> bytes:
    return framed(DOMAIN, b"wrap", binding.place, bytes([number, quorum, count]))


def deal(binding: Binding, custody: Custody, file_key: bytes) -> Dealing:
    """Everything the header says about the key; the same for the same arguments, whoever computes it."""
    check_custody(custody)
    quorum, count = custody.quorum, len(custody.guardians)
    shares = shares_of(binding, file_key, quorum, count)
    wraps = []
    for number, (public, share) in enumerate(zip(custody.guardians, shares, strict=True), 1):
        seed = derived(binding, file_key, b"wrap seed", bytes([number]), public)
        wraps.append(_wrapped(binding.suite, public, share, wrap_info(binding, number, quorum, count), seed))
    commitments = tuple(share_commitment(binding, share) for share in shares)
    return Dealing(key_commitment(binding, file_key), commitments, tuple(wraps))


def check_custody(custody: Custody) -> None:
    """Each guardian once, and never so small a quorum that one alone opens."""
    count = len(custody.guardians)
    if not FEWEST <= custody.quorum <= count <= MOST_GUARDIANS:
        raise refused("guardians_refused", f"{custody.quorum}/{count}")
    if len(set(custody.guardians)) != count or any(len(one) != custody.suite.public_bytes for one in custody.guardians):
        raise refused("guardians_refused", "公钥重复或长度不对")


def _wrapped(suite: Suite, public: bytes, share: bytes, info: bytes, seed: bytes) -> bytes:
    try:
        return suite.wrap(public, share, info, seed)
    except ValueError as error:
        raise refused("guardians_refused", "公钥不可用") from error


def check_dealing(binding: Binding, custody: Custody, stated: Dealing, file_key: bytes) -> None:
    """Is every commitment and every wrap in the header what this key gives? The answer does not depend on who opened."""
    honest = deal(binding, custody, file_key)
    for what, one, other in (
        ("密钥承诺", honest.key, stated.key),
        ("份额承诺", honest.shares, stated.shares),
        ("加密份额", honest.wraps, stated.wraps),
    ):
        if one != other:
            raise refused("dealing_wrong", what)


def is_share(binding: Binding, commitments: Sequence[bytes], share: bytes) -> bool:
    """Is this the share that the container commits to under the number it bears?"""
    if len(share) != SHARE_BYTES or not 1 <= share[-1] <= len(commitments):
        return False
    return share_commitment(binding, share) == commitments[share[-1] - 1]
