"""A lot with three guardians and a bidder who seals: what the tests of sealed bids begin with."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO

from tradehall.crypto import bid_container, bid_opening, issuing, signatures
from tradehall.crypto.bid_container import Bid, Seat, Secrets
from tradehall.crypto.bid_dealing import Custody
from tradehall.crypto.bid_header import Block, read_block
from tradehall.crypto.suites import INTERNATIONAL, Suite
from tradehall.crypto.tests.tiers import person
from tradehall.kernel.refusal import Refusal

LOT = "A3101150003000123001"
SLOT = bytes(range(32))
DRAWN = Secrets(file_key=b"k" * 32, salt=b"s" * 32)
BIDDER = "91310000MA1FL0000N"
READING = {"price_cents": 1234567800, "工期": "360 日历天"}
FILES = (("投标函.pdf", b"%PDF-1.7 we bid"), ("图纸 plan.dwg", bytes(range(256)) * 40))


@cache
def guardian_key(suite: Suite, number: int) -> bytes:
    return suite.generate()


def guardian_keys(suite: Suite = INTERNATIONAL, count: int = 3) -> tuple[bytes, ...]:
    """The guardians' private keys, in their order."""
    return tuple(guardian_key(suite, number) for number in range(count))


def custody(suite: Suite = INTERNATIONAL, quorum: int = 2, count: int = 3) -> Custody:
    return Custody(suite, quorum, tuple(suite.public_key_of(one) for one in guardian_keys(suite, count)))


def seat(suite: Suite = INTERNATIONAL, *, lot: str = LOT, slot: bytes = SLOT, quorum: int = 2, count: int = 3) -> Seat:
    return Seat(lot, slot, custody(suite, quorum, count))


@cache
def signer(kind: str) -> tuple[str, bytes]:
    holder = person(kind)
    return issuing.to_pem(holder), holder.private


def bid(files: Sequence[tuple[str, bytes]] = FILES, *, bidder: str = BIDDER, kind: str = "p256") -> Bid:
    certificate, private = signer(kind)
    opened = tuple((name, BytesIO(content)) for name, content in files)
    return Bid(bidder, "海港建设有限公司", READING, opened, certificate, lambda text: signatures.sign(private, text))


def sealed(given: Bid | None = None, place: Seat | None = None, drawn: Secrets = DRAWN) -> bytes:
    """A whole container."""
    return b"".join(bid_container.seal(given or bid(), place or seat(), drawn).parts())


@cache
def usual(suite: Suite = INTERNATIONAL) -> bytes:
    """The same container for all who only read it."""
    return sealed(place=seat(suite))


def block_of(container: bytes) -> Block:
    return read_block(BytesIO(container))


def shares_of(container: bytes, numbers: Sequence[int], suite: Suite = INTERNATIONAL, count: int = 3) -> list[bytes]:
    """What these guardians release."""
    block, keys = block_of(container), guardian_keys(suite, count)
    return [bid_opening.release(block, LOT, SLOT, number, keys[number - 1]) for number in numbers]


def opened(
    container: bytes, place: Seat | None = None, *, numbers: Sequence[int] = (1, 2), bidder: str | None = BIDDER
) -> dict[str, bytes]:
    """The files of a container, by the way everybody goes: shares, unlock, reveal."""
    place, source = place or seat(), BytesIO(container)
    block = read_block(source)
    keys = guardian_keys(place.suite, len(place.custody.guardians))
    shares = [bid_opening.release(block, place.lot, place.slot, one, keys[one - 1]) for one in numbers]
    unlocked = bid_opening.unlock(block, place.lot, place.slot, place.custody, shares)
    files: dict[str, BytesIO] = {}
    bid_opening.reveal(unlocked, source, bidder, lambda entry: files.setdefault(entry.name, BytesIO()).write)
    return {name: file.getvalue() for name, file in files.items()}


def with_key(container: bytes, place: Seat | None = None, drawn: Secrets = DRAWN) -> str:
    """How a container fares when the bidder's own key opens it: `opened`, or the code it is refused with."""
    place, source = place or seat(), BytesIO(container)
    try:
        block = read_block(source)
        unlocked = bid_opening.recover(block, place.lot, place.slot, place.custody, drawn.file_key)
        bid_opening.reveal(unlocked, source, BIDDER)
    except Refusal as refusal:
        return bid_opening.code_of(refusal)
    return "opened"


def code(refusal: Refusal) -> str:
    return bid_opening.code_of(refusal)
