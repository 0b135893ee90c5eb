"""Every alteration of a container is refused by name: each byte of the header, each part of the body, each wrong place."""

from dataclasses import replace
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as Raw
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tradehall.crypto import bid_container, bid_dealing, bid_opening, chunk_stream
from tradehall.crypto.bid_header import Block, Header, read_block, write_block
from tradehall.crypto.bid_statement import front_commitment
from tradehall.crypto.bid_words import WORDS
from tradehall.crypto.chunk_stream import CHUNK, SEALED_CHUNK
from tradehall.crypto.suites import INTERNATIONAL
from tradehall.crypto.tests import bidding
from tradehall.crypto.tests.bidding import BIDDER, DRAWN, LOT, SLOT, bid, code, sealed, seat, usual
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.refusal import Refusal

BINDING = bid_dealing.Binding(INTERNATIONAL, LOT, SLOT, bid_dealing.cover(INTERNATIONAL, BIDDER, DRAWN.salt))
HEADER_BYTES = len(usual()) - SEALED_CHUNK


def flipped(content: bytes, spot: int, bits: int = 1) -> bytes:
    return content[:spot] + bytes([content[spot] ^ bits]) + content[spot + 1 :]


def test_every_altered_byte_of_the_header_is_refused_by_name() -> None:
    """By the key itself, so that nothing is left to a guardian's luck; in every byte two different bits."""
    container = usual()
    found = {bidding.with_key(flipped(container, at, bits)) for at in range(HEADER_BYTES) for bits in (1, 0x20)}
    assert "opened" not in found and found <= WORDS.keys()
    assert found >= {"not_a_container", "header_unreadable", "place_mismatch", "key_mismatch", "dealing_wrong"}
    assert {"header_altered", "header_too_large"} <= found


def test_every_altered_byte_of_the_header_stops_the_guardians_too() -> None:
    container, place = usual(), seat()
    shares = bidding.shares_of(container, (1, 2, 3))
    for spot in range(HEADER_BYTES):
        source = BytesIO(flipped(container, spot))
        with pytest.raises(Refusal) as caught:
            block = read_block(source)
            bid_opening.reveal(bid_opening.unlock(block, LOT, SLOT, place.custody, shares), source)
        assert code(caught.value) in WORDS


def test_altered_bytes_of_the_body_are_refused_by_name() -> None:
    container = usual()
    for spot in (HEADER_BYTES, HEADER_BYTES + 5, HEADER_BYTES + CHUNK // 2, len(container) - 16, len(container) - 1):
        assert bidding.with_key(flipped(container, spot)) == "chunk_altered"


def test_every_length_but_the_right_one_is_refused() -> None:
    container = usual()
    cuts = [0, 1, 16, 19, 20, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 1, len(container) - 1]
    assert {bidding.with_key(container[:at]) for at in cuts} == {"not_a_container", "truncated"}
    assert bidding.with_key(container + b"\x00") == "trailing_bytes"


PLACES = {"别的标段": seat(lot=LOT + "2"), "别的编号": seat(slot=b"t" * 32)}


@pytest.mark.parametrize("other", PLACES.values(), ids=PLACES)
def test_a_container_for_another_place_is_refused_by_everybody(other: bid_container.Seat) -> None:
    """At the desk from the header, by the guardian at his own machine, at the opening with key and shares in hand."""
    container, key = usual(), bidding.guardian_keys()[0]
    block, shares = bidding.block_of(container), bidding.shares_of(container, (1, 2))
    tries = (
        lambda: bid_opening.binding_of(block.header, other.lot, other.slot),
        lambda: bid_opening.release(block, other.lot, other.slot, 1, key),
        lambda: bid_opening.unlock(block, other.lot, other.slot, other.custody, shares),
        lambda: bid_opening.recover(block, other.lot, other.slot, other.custody, DRAWN.file_key),
    )
    for attempt in tries:
        with pytest.raises(Refusal) as caught:
            attempt()
        assert code(caught.value) == "place_mismatch"


def test_another_bidders_container_is_refused_in_ones_own_slot() -> None:
    mine = seat(slot=b"m" * 32)
    assert bidding.with_key(usual(), mine) == "place_mismatch"


def test_who_states_another_bidder_is_refused_by_the_one_the_slot_was_issued_to() -> None:
    other = "91310000MA1FL0009X"
    with pytest.raises(Refusal) as caught:
        bidding.opened(sealed(bid(bidder=other)))
    assert code(caught.value) == "bidder_mismatch"
    assert bidding.opened(sealed(bid(bidder=other)), bidder=other)


def test_a_header_of_one_and_a_body_of_another_do_not_open() -> None:
    other = sealed(bid([("other.pdf", b"%PDF")]))
    assert bidding.with_key(usual()[:HEADER_BYTES] + other[-SEALED_CHUNK:]) == "chunk_altered"


def test_parts_of_an_old_container_do_not_fit_a_new_one() -> None:
    """A replaced bid under the same slot: neither its shares nor its wraps serve the new one."""
    old, new = usual(), sealed(drawn=bid_container.Secrets())
    shares = bidding.shares_of(old, (1, 2, 3))
    with pytest.raises(Refusal) as caught:
        bid_opening.unlock(bidding.block_of(new), LOT, SLOT, seat().custody, shares)
    assert code(caught.value) == "too_few_shares"
    stale = replace(bidding.block_of(new).header.dealing, wraps=bidding.block_of(old).header.dealing.wraps)
    block = bidding.block_of(new)
    with pytest.raises(Refusal) as caught:
        bid_opening.release(
            replace(block, header=replace(block.header, dealing=stale)), LOT, SLOT, 1, bidding.guardian_keys()[0]
        )
    assert code(caught.value) == "wrap_unreadable"


# What only a dishonest bidder can make: headers with a good tag over a bad content.


def forged(**changes: object) -> tuple[Block, bytes]:
    """A header as the bidder likes it, tagged with his key, and the body sealed under it."""
    header = replace(bidding.block_of(usual()).header, **changes)
    block = write_block(header, BINDING, DRAWN.file_key)
    plain = bid_container.seal(bid(), seat(), DRAWN)
    front = plain.front.content
    payload = len(front).to_bytes(4, "big") + front
    cipher = bid_container._cipher(block, BINDING, DRAWN.file_key)
    body = chunk_stream.seal_chunks(cipher, BINDING.place, [payload.ljust(CHUNK, b"\x00")], 1)
    return block, b"".join([block.content, *body])


def test_shares_that_would_give_two_keys_give_none_whoever_opens() -> None:
    """Guardians 1 and 2 would find one bid, 1 and 3 another; each share is as committed, and each wrap holds it."""
    shares = list(bid_dealing.shares_of(BINDING, DRAWN.file_key, 2, 3))
    shares[2] = bytes([shares[2][0] ^ 1]) + shares[2][1:]
    dealing = bidding.block_of(usual()).header.dealing
    committed = tuple(bid_dealing.share_commitment(BINDING, share) for share in shares)
    info = bid_dealing.wrap_info(BINDING, 3, 2, 3)
    wrap = INTERNATIONAL.wrap(seat().custody.guardians[2], shares[2], info, b"seed")
    block, _ = forged(dealing=replace(dealing, shares=committed, wraps=(*dealing.wraps[:2], wrap)))
    assert bid_opening.release(block, LOT, SLOT, 3, bidding.guardian_keys()[2]) == shares[2]
    for numbers in ((0, 1), (0, 2), (1, 2), (0, 1, 2)):
        with pytest.raises(Refusal) as caught:
            bid_opening.unlock(block, LOT, SLOT, seat().custody, [shares[n] for n in numbers])
        assert code(caught.value) == "dealing_wrong"
    with pytest.raises(Refusal) as caught:
        bid_opening.recover(block, LOT, SLOT, seat().custody, DRAWN.file_key)
    assert code(caught.value) == "dealing_wrong"


def test_a_wrap_that_one_guardian_cannot_open_makes_the_bid_invalid_for_all() -> None:
    """Else a bidder with one guardian on his side could decide after closing whether his bid opens."""
    dealing = bidding.block_of(usual()).header.dealing
    block, _ = forged(dealing=replace(dealing, wraps=(*dealing.wraps[:2], dealing.wraps[0])))
    shares = [bid_opening.release(block, LOT, SLOT, number, bidding.guardian_keys()[number - 1]) for number in (1, 2)]
    with pytest.raises(Refusal) as caught:
        bid_opening.unlock(block, LOT, SLOT, seat().custody, shares)
    assert code(caught.value) == "dealing_wrong"


def _two_keyed(one: bytes, other: bytes, bound: bytes) -> bytes:
    """One GCM ciphertext that opens under two keys: its last block is solved for, GHASH being linear in it."""
    nonce, body = chunk_stream.nonce(0, True), bytes(CHUNK)

    def tag(key: bytes, text: bytes) -> int:
        stream = Raw(algorithms.AES(key), modes.CTR(nonce + b"\x00\x00\x00\x02")).encryptor()
        return int.from_bytes(AESGCM(key).encrypt(nonce, stream.update(text), bound)[-16:], "big")

    def squared(key: bytes) -> int:
        root = int.from_bytes(Raw(algorithms.AES(key), modes.ECB()).encryptor().update(bytes(16)), "big")
        return _ghash_times(root, root)

    weight = squared(one) ^ squared(other)
    power, inverse = weight, 1 << 127
    for _ in range(127):  # weight to the 2^128 − 2 is its inverse
        power = _ghash_times(power, power)
        inverse = _ghash_times(inverse, power)
    last = _ghash_times(tag(one, body) ^ tag(other, body), inverse)
    text = body[:-16] + last.to_bytes(16, "big")
    assert tag(one, text) == tag(other, text)
    return text + tag(one, text).to_bytes(16, "big")


def _ghash_times(one: int, other: int) -> int:
    """SP 800-38D §6.3."""
    product = 0
    for bit in range(127, -1, -1):
        if other >> bit & 1:
            product ^= one
        one = one >> 1 ^ (0xE1 << 120 if one & 1 else 0)
    return product


def test_a_ciphertext_that_opens_under_two_keys_is_no_bid_under_the_second() -> None:
    """GCM allows it (Dodis et al., CRYPTO 2018; Albertini et al., USENIX 2022): both chunks below authenticate."""
    keys = DRAWN.file_key, b"K" * 32
    block = bidding.block_of(usual())
    bodies = [bid_container._cipher(block, BINDING, key) for key in keys]
    raw = [bid_dealing.derived(BINDING, key, b"body", INTERNATIONAL.digest(block.signed)) for key in keys]
    chunk = _two_keyed(raw[0], raw[1], BINDING.place)
    plain = [cipher.decrypt(chunk_stream.nonce(0, True), chunk, BINDING.place) for cipher in bodies]
    assert plain[0] != plain[1]
    container = block.content + chunk
    assert bidding.with_key(container, drawn=bid_container.Secrets(keys[1])) == "key_mismatch"
    assert bidding.with_key(container) == "front_unreadable"


def test_a_statement_of_another_container_is_refused() -> None:
    """The bidder commits to a front whose statement names another lot, slot, key or bidder, or whose signature is bad."""
    front = bid_container.seal(bid(), seat(), DRAWN).front
    for expected, changed in {
        "statement_mismatch": {"lot": LOT + "9", "slot": b"x" * 32, "key": b"x" * 32, "bidder": "91310000MA1FL0009X"},
        "signature_wrong": {"name": "别的公司", "reading": {"price_cents": 1}},
    }.items():
        for name, value in changed.items():
            assert fate(replace(front, statement=replace(front.statement, **{name: value})).content) == expected
    assert fate(replace(front, certificate="nothing").content) == "certificate_unreadable"
    assert fate(front.content) == "opened"


def fate(front: bytes, tail: bytes = b"", chunks: int = 1, committed: bytes | None = None) -> str:
    """How a container fares whose header commits to this front (or another), with `tail` behind its files."""
    given = bid_container.seal(bid(), seat(), DRAWN)
    header = replace(given.block.header, front=front_commitment(BINDING, committed or front), chunks=chunks)
    block = write_block(header, BINDING, DRAWN.file_key)
    files = b"".join(content for _, content in bidding.FILES)
    payload = (len(front).to_bytes(4, "big") + front + files + tail).ljust(chunks * CHUNK, b"\x00")
    parts = [payload[at : at + CHUNK] for at in range(0, len(payload), CHUNK)]
    cipher = bid_container._cipher(block, BINDING, DRAWN.file_key)
    return bidding.with_key(block.content + b"".join(chunk_stream.seal_chunks(cipher, BINDING.place, parts, chunks)))


def test_a_front_that_the_header_does_not_commit_to_is_refused() -> None:
    """Two good statements under one key: the header has chosen, and the chunks cannot choose again."""
    given = bid()
    front = bid_container.seal(given, seat(), DRAWN).front
    statement = replace(front.statement, reading={"price_cents": 1})
    other = replace(front, statement=statement, signature=given.sign(statement.message))
    assert fate(other.content, committed=other.content) == "opened"
    assert fate(other.content, committed=front.content) == "front_altered"


def test_nothing_hides_behind_the_files() -> None:
    front = bid_container.seal(bid(), seat(), DRAWN).front.content
    assert fate(front, b"hidden") == "padding_wrong"
    assert fate(front, chunks=2) == "padding_wrong"


def test_a_front_that_is_not_written_the_one_way_is_refused() -> None:
    front = bid_container.seal(bid(), seat(), DRAWN).front
    value, statement = front.value, front.statement.content
    entry = statement["files"][0]
    bad = [
        b"{}",
        b"[]",
        front.content + b" ",
        canonical_json(value | {"more": 1}),
        canonical_json(value | {"statement": statement | {"files": [entry, entry]}}),
        canonical_json(value | {"statement": statement | {"files": [entry | {"name": "../etc"}]}}),
        canonical_json(value | {"statement": statement | {"files": [entry | {"size": -1}]}}),
        canonical_json(value | {"statement": statement | {"files": [entry | {"size": "1"}]}}),
        canonical_json(value | {"statement": statement | {"files": {"0": 1}}}),
        canonical_json(value | {"statement": statement | {"reading": {"x": [1]}}}),
        canonical_json(value | {"statement": statement | {"salt": "AAAA"}}),
        canonical_json(value | {"signature": 5}),
    ]
    assert {fate(content) for content in bad} == {"front_unreadable"}


def test_a_file_declared_larger_than_the_container_is_refused() -> None:
    """A bomb's declaration: the signature is good, the size is not what the container can hold."""
    given = bid()
    front = bid_container.seal(given, seat(), DRAWN).front
    huge = replace(front.statement.files[0], size=1 << 40)
    statement = replace(front.statement, files=(huge, front.statement.files[1]))
    assert fate(replace(front, statement=statement, signature=given.sign(statement.message)).content) == "too_large"
    wrong = replace(front.statement.files[0], digest="0" * 64)
    statement = replace(front.statement, files=(wrong, front.statement.files[1]))
    signed = replace(front, statement=statement, signature=given.sign(statement.message))
    assert fate(signed.content) == "file_altered"


def test_headers_that_are_well_written_but_impossible_are_refused() -> None:
    header = bidding.block_of(usual()).header
    dealing = header.dealing
    bad: list[Header] = [
        replace(header, quorum=1),
        replace(header, quorum=4),
        replace(header, chunks=0),
        replace(header, chunks=9),
        replace(header, chunks=4096),
        replace(header, place=b"short"),
        replace(header, suite=replace(INTERNATIONAL, name="none")),
        replace(header, dealing=replace(dealing, wraps=dealing.wraps[:2])),
        replace(header, dealing=replace(dealing, wraps=(*dealing.wraps[:2], b"x" * 80))),
        replace(header, dealing=replace(dealing, shares=dealing.shares[:1], wraps=dealing.wraps[:1])),
    ]
    for one in bad:
        assert bidding.with_key(write_block(one, BINDING, DRAWN.file_key).content) == "header_unreadable"


def test_another_custody_than_the_lots_is_refused() -> None:
    """Sealed to two of three, or to other guardians, than the lot names."""
    other = tuple(reversed(seat().custody.guardians))
    for custody in (replace(seat().custody, guardians=other), replace(seat().custody, quorum=3)):
        assert bidding.with_key(usual(), replace(seat(), custody=custody)) == "dealing_wrong"
