"""The file of an opening: headers, shares, statements and outcomes of every bid, for anybody to do it again offline.

One canonical JSON, parsed strictly: it is read only when `build` would have written these very bytes. What it proves,
and what it cannot, is asked of `opening_replay`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from tradehall.crypto.bid_dealing import (
    KEY_BYTES,
    MOST_GUARDIANS,
    SHARE_BYTES,
    SLOT_BYTES,
    Custody,
    check_custody,
)
from tradehall.crypto.bid_header import Block, read_block
from tradehall.crypto.bid_statement import HEX, MALFORMED, Front, front_of
from tradehall.crypto.bid_words import WORDS
from tradehall.crypto.notes import decode64, encode64
from tradehall.crypto.suites import SUITES
from tradehall.kernel.canonical import canonical_json, parse_canonical
from tradehall.kernel.refusal import Refusal

FORM = "tradehall opening 1"
OPENED = "opened"
MOST_BIDS = 1000
FIELDS = frozenset({"bids", "form", "guardians", "lot", "quorum", "suite"})
BID_FIELDS = frozenset({"bidder", "block", "front", "outcome", "recovered", "sha256", "shares", "size", "slot", "sm3"})


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """One bid as it was received, released and judged. `bidder`: whom the slot was issued to.

    `outcome` is "opened" or the code of a refusal; `recovered` is the file key when the bidder gave it, else empty;
    `front` is there exactly when the bid was opened. `shares` are all that were released, the wrong ones too.
    """

    slot: bytes
    bidder: str
    block: Block
    size: int
    sha256: str
    sm3: str
    shares: tuple[bytes, ...]
    recovered: bytes
    outcome: str
    front: Front | None


@dataclass(frozen=True, slots=True)
class Opening:
    lot: str
    custody: Custody
    bids: tuple[OpenedBid, ...]


def build(opening: Opening) -> bytes:
    """The file's bytes."""
    custody = opening.custody
    return canonical_json(
        {
            "bids": [_written(bid) for bid in opening.bids],
            "form": FORM,
            "guardians": [encode64(one) for one in custody.guardians],
            "lot": opening.lot,
            "quorum": custody.quorum,
            "suite": custody.suite.name,
        }
    )


def parse(content: bytes) -> Opening:
    """Read an opening file; ValueError in words for anything that `build` would not have written."""
    try:
        opening = _opening(parse_canonical(content))
    except (Refusal, *MALFORMED) as error:
        raise ValueError(f"the opening cannot be read: {error}") from error
    if build(opening) != content:
        raise ValueError("the opening is not written canonically")
    return opening


def _written(bid: OpenedBid) -> dict[str, object]:
    return {
        "bidder": bid.bidder,
        "block": encode64(bid.block.content),
        "front": bid.front.value if bid.front else None,
        "outcome": bid.outcome,
        "recovered": encode64(bid.recovered),
        "sha256": bid.sha256,
        "shares": [encode64(one) for one in bid.shares],
        "size": bid.size,
        "slot": encode64(bid.slot),
        "sm3": bid.sm3,
    }


def _opening(value: object) -> Opening:
    if not isinstance(value, dict) or set(value) != FIELDS or value["form"] != FORM:
        raise ValueError("not exactly the fields of an opening")
    guardians, bids = _list(value["guardians"], MOST_GUARDIANS), _list(value["bids"], MOST_BIDS)
    quorum = _number(value["quorum"])
    custody = Custody(SUITES[value["suite"]], quorum, tuple(decode64(_text(one)) for one in guardians))
    check_custody(custody)
    return Opening(_text(value["lot"]), custody, tuple(_bid(one) for one in bids))


def _bid(value: object) -> OpenedBid:
    if not isinstance(value, dict) or set(value) != BID_FIELDS:
        raise ValueError("not exactly the fields of an opened bid")
    shares = tuple(decode64(_text(one)) for one in _list(value["shares"], MOST_GUARDIANS))
    recovered, slot = decode64(_text(value["recovered"])), decode64(_text(value["slot"]))
    if (
        len(slot) != SLOT_BYTES
        or len(recovered) not in (0, KEY_BYTES)
        or any(len(one) != SHARE_BYTES for one in shares)
    ):
        raise ValueError("a slot, key or share has another length")
    if value["outcome"] != OPENED and value["outcome"] not in WORDS:
        raise ValueError("an outcome nobody knows")
    if (value["front"] is None) == (value["outcome"] == OPENED):
        raise ValueError("a statement stands exactly where a bid was opened")
    return OpenedBid(
        slot=slot,
        bidder=_text(value["bidder"]),
        block=_block(decode64(_text(value["block"]))),
        size=_number(value["size"]),
        sha256=_hex(value["sha256"]),
        sm3=_hex(value["sm3"]),
        shares=shares,
        recovered=recovered,
        outcome=value["outcome"],
        front=None if value["front"] is None else front_of(value["front"]),
    )


def _block(content: bytes) -> Block:
    source = BytesIO(content)
    block = read_block(source)
    if source.read(1):
        raise ValueError("more than a header")
    return block


def _list(value: object, most: int) -> Sequence[object]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("a list is missing or too long")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value


def _hex(value: object) -> str:
    if not HEX.fullmatch(_text(value)):
        raise ValueError("a digest is not 64 lower-case hex digits")
    return _text(value)


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a number is missing")
    return value
