"""The opening: guardians release, wrong shares are named and set aside, absence is told, and anybody can do it again."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import BinaryIO

import pytest

from tradehall.crypto import bid_opening, opening_file, opening_replay
from tradehall.crypto.bid_container import Secrets
from tradehall.crypto.bid_header import read_block
from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.crypto.opening_file import OpenedBid, Opening
from tradehall.crypto.tests import bidding
from tradehall.crypto.tests.bidding import BIDDER, DRAWN, LOT, SLOT, bid, code, sealed, seat, usual
from tradehall.kernel.canonical import canonical_json, parse_canonical
from tradehall.kernel.refusal import Refusal

CUSTODY = seat().custody
OTHER_SLOT, THIRD_SLOT = b"2" * 32, b"3" * 32


def unlock(shares: list[bytes], container: bytes | None = None) -> bid_opening.Unlocked:
    return bid_opening.unlock(bidding.block_of(container or usual()), LOT, SLOT, CUSTODY, shares)


def refusal_of(shares: list[bytes]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        unlock(shares)
    return caught.value


def test_one_guardian_is_missing_and_it_opens() -> None:
    assert unlock(bidding.shares_of(usual(), (3, 1))).wrong == ()


def test_two_are_missing_and_it_does_not() -> None:
    shares = bidding.shares_of(usual(), (2,))
    assert code(refusal_of(shares)) == "too_few_shares" == code(refusal_of(shares * 2))
    assert "1 份，少于法定的 2 份" in str(refusal_of(shares))


def test_a_wrong_share_is_named_and_harms_nobody() -> None:
    one, two, three = bidding.shares_of(usual(), (1, 2, 3))
    wrong = bytes([two[0] ^ 1]) + two[1:]
    assert unlock([one, wrong, three]).wrong == (2,)
    assert unlock([one, wrong, three]).file_key == DRAWN.file_key
    assert code(refusal_of([one, wrong])) == "too_few_shares"
    assert unlock([one, b"", bytes(33), three]).wrong == (0,)


def test_a_guardian_opens_only_his_own_wrap() -> None:
    block, keys = bidding.block_of(usual()), bidding.guardian_keys()
    for number, key in ((2, keys[0]), (0, keys[0]), (4, keys[0]), (1, keys[2])):
        with pytest.raises(Refusal) as caught:
            bid_opening.release(block, LOT, SLOT, number, key)
        assert code(caught.value) == "wrap_unreadable"


def test_a_guardian_sees_that_his_wrap_holds_another_share() -> None:
    block = bidding.block_of(usual())
    shares = (block.header.dealing.shares[1], *block.header.dealing.shares[1:])
    forged = replace(block, header=replace(block.header, dealing=replace(block.header.dealing, shares=shares)))
    with pytest.raises(Refusal) as caught:
        bid_opening.release(forged, LOT, SLOT, 1, bidding.guardian_keys()[0])
    assert code(caught.value) == "share_mismatch"


def test_unlocking_shows_nothing_of_the_content() -> None:
    """The first beat works on the header alone: no chunk is at hand."""
    header_only = bidding.block_of(usual())
    unlocked = bid_opening.unlock(header_only, LOT, SLOT, CUSTODY, bidding.shares_of(usual(), (1, 2)))
    assert DRAWN.file_key.hex() not in repr(unlocked) and repr(unlocked).startswith("<")


def opened_bid(container: bytes, slot: bytes, numbers: tuple[int, ...], **changes: object) -> OpenedBid:
    """What the platform would write down of this bid."""
    source = BytesIO(container)
    block = read_block(source)
    keys = bidding.guardian_keys()
    shares = tuple(bid_opening.release(block, LOT, slot, number, keys[number - 1]) for number in numbers)
    stated = OpenedBid(
        slot=slot, bidder=BIDDER, block=block, size=len(container), sha256=sha256_hex(container),
        sm3=sm3_hex(container), shares=shares, recovered=b"", outcome="opened", front=None,
    )  # fmt: skip
    stated = replace(stated, **changes)
    outcome, front = opening_replay.judge(Opening(LOT, CUSTODY, ()), stated, source)
    return replace(stated, outcome=outcome, front=front)


@cache
def stage() -> tuple[Opening, Mapping[bytes, bytes]]:
    """Three bids: opened by two guardians; recovered by the bidder; and one that nobody could unlock."""
    drawn = Secrets(b"q" * 32, b"t" * 32)
    containers = {
        SLOT: usual(),
        OTHER_SLOT: sealed(bid([("b.pdf", b"second")]), seat(slot=OTHER_SLOT), drawn),
        THIRD_SLOT: sealed(bid([("c.pdf", b"third")]), seat(slot=THIRD_SLOT), Secrets(b"r" * 32, b"u" * 32)),
    }
    bids = (
        opened_bid(containers[SLOT], SLOT, (1, 3)),
        opened_bid(containers[OTHER_SLOT], OTHER_SLOT, (1,), recovered=drawn.file_key),
        opened_bid(containers[THIRD_SLOT], THIRD_SLOT, (2,)),
    )
    return Opening(LOT, CUSTODY, bids), containers


def files(*slots: bytes) -> dict[bytes, BinaryIO]:
    containers = stage()[1]
    return {slot: BytesIO(containers[slot]) for slot in slots or containers}


def test_an_opening_is_done_again_from_its_file() -> None:
    opening, _ = stage()
    read = opening_file.parse(opening_file.build(opening))
    assert read == opening and [one.outcome for one in read.bids] == ["opened", "opened", "too_few_shares"]
    assert opening_replay.faults(read, {}) == [] == opening_replay.faults(read, files())
    assert opening_replay.faults(read, files()) == opening_replay.faults(read, files()), "the same, however often"


def test_what_was_not_checked_is_said() -> None:
    opening, _ = stage()
    without, within = opening_replay.left_out(opening, files(SLOT)), opening_replay.left_out(opening, files())
    assert [one for one in without if one not in within] == [
        "the files of bid 2: its container is not at hand",
        "the files of bid 3: its container is not at hand",
    ]
    assert len(within) == 3


def with_bid(number: int, **changes: object) -> Opening:
    opening, _ = stage()
    bids = list(opening.bids)
    bids[number] = replace(bids[number], **changes)
    return replace(opening, bids=tuple(bids))


FRONT = stage()[0].bids[0].front
LIES = {
    "价格改了": with_bid(0, front=replace(FRONT, statement=replace(FRONT.statement, reading={"price_cents": 1}))),
    "说成打不开": with_bid(0, outcome="dealing_wrong", front=None),
    "说成份额不够": with_bid(0, outcome="too_few_shares", front=None),
    "说成已开启": with_bid(2, outcome="opened", front=FRONT),
    "份额改了": with_bid(0, shares=(b"\x01" * 33, stage()[0].bids[0].shares[1])),
    "密钥改了": with_bid(1, recovered=b"x" * 32),
    "换了投标人": with_bid(0, bidder="91310000MA1FL0009X"),
    "换了编号": with_bid(0, slot=b"9" * 32),
    "换了陈述": with_bid(1, front=FRONT),
    "同一份两次": replace(stage()[0], bids=(stage()[0].bids[0],) * 2),
    "别的标段": replace(stage()[0], lot=LOT + "7"),
    "别的保管人": replace(stage()[0], custody=replace(CUSTODY, guardians=tuple(reversed(CUSTODY.guardians)))),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_every_lie_in_the_file_is_found_even_without_the_containers(lie: Opening) -> None:
    read = opening_file.parse(opening_file.build(lie))
    assert opening_replay.faults(read, {})
    assert opening_replay.faults(read, files())


@pytest.mark.parametrize("lie", [{"sha256": "0" * 64}, {"sm3": "0" * 64}, {"size": 5}])
def test_another_file_than_the_one_received_is_found_with_the_container(lie: dict[str, object]) -> None:
    assert "digests differ" in opening_replay.faults(with_bid(0, **lie), files())[0]


def test_a_bid_spoilt_inside_is_told_with_the_container_and_left_open_without() -> None:
    spoilt = bytearray(usual())
    spoilt[-1] ^= 1
    told = opened_bid(bytes(spoilt), SLOT, (1, 2))
    opening = Opening(LOT, CUSTODY, (told,))
    assert told.outcome == "chunk_altered" and told.front is None
    assert opening_replay.faults(opening, {SLOT: BytesIO(bytes(spoilt))}) == []
    assert opening_replay.faults(opening, {}) == []
    lie = replace(opening, bids=(replace(told, outcome="padding_wrong"),))
    assert "chunk_altered" in opening_replay.faults(lie, {SLOT: BytesIO(bytes(spoilt))})[0]


def test_every_altered_byte_of_the_file_is_refused_or_found() -> None:
    """One bid, so that each byte matters; letters are changed into letters, so that many still parse."""
    content = opening_file.build(replace(stage()[0], bids=stage()[0].bids[:1]))
    survivors = [at for at in range(len(content)) if not is_caught(content, at)]
    assert survivors == [], content[survivors[0] - 40 : survivors[0] + 1]


def is_caught(content: bytes, at: int) -> bool:
    altered = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    try:
        read = opening_file.parse(altered)
        return bool(opening_replay.faults(read, {}) or opening_replay.faults(read, files()))
    except ValueError:
        return True


@pytest.mark.parametrize(
    "changes",
    [
        {"form": "tradehall opening 2"}, {"quorum": 1}, {"quorum": True}, {"suite": "none"}, {"suite": []},
        {"guardians": "none"}, {"guardians": [5]}, {"bids": [[]]}, {"bids": {}}, {"lot": 5}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_opening_is_refused_in_words(changes: dict[str, object]) -> None:
    value = parse_canonical(opening_file.build(stage()[0]))
    with pytest.raises(ValueError, match="the opening cannot be read"):
        opening_file.parse(canonical_json(value | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"slot": "AAAA"}, {"slot": 1}, {"shares": ["AAAA"]}, {"outcome": "fine"}, {"front": None}, {"size": -1},
        {"sha256": "AB" * 32}, {"block": "AAAA"}, {"recovered": "AAAA"}, {"front": {"statement": {}}}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_opened_bid_is_refused_in_words(changes: dict[str, object]) -> None:
    value = parse_canonical(opening_file.build(stage()[0]))
    value["bids"][0] |= changes
    with pytest.raises(ValueError, match="the opening cannot be read"):
        opening_file.parse(canonical_json(value))
