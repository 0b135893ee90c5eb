"""A sealed bid: what goes in comes out, nothing of it shows outside, and nothing is sealed that could not be opened."""

import tracemalloc
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradehall.crypto import bid_container, bid_opening
from tradehall.crypto.bid_container import Bid, Secrets
from tradehall.crypto.bid_header import LARGEST_HEADER, MAGIC, bucket, read_block
from tradehall.crypto.chunk_stream import CHUNK, SEALED_CHUNK
from tradehall.crypto.tests import bidding
from tradehall.crypto.tests.bidding import BIDDER, DRAWN, FILES, LOT, SLOT, bid, code, sealed, seat, usual
from tradehall.kernel.refusal import Refusal


def test_what_was_sealed_is_opened_by_any_two_guardians() -> None:
    for numbers in ((1, 2), (1, 3), (3, 2), (1, 2, 3)):
        assert bidding.opened(usual(), numbers=numbers) == dict(FILES)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), max_size=4),
    st.sampled_from([(2, 2), (2, 3), (3, 4)]),
)
def test_files_of_any_size_come_back(sizes: list[tuple[int, int]], guardians: tuple[int, int]) -> None:
    """Around the borders of chunks above all."""
    files = [(f"{n}.pdf", bytes([n + 1]) * max(0, whole * CHUNK + odd)) for n, (whole, odd) in enumerate(sizes)]
    quorum, count = guardians
    place = seat(quorum=quorum, count=count)
    container = sealed(bid(files), place)
    assert bidding.opened(container, place, numbers=range(1, quorum + 1)) == dict(files)
    assert len(container) == bidding.block_of(container).container_size


def test_a_container_tells_neither_who_nor_where_nor_what() -> None:
    container = usual()
    for secret in (BIDDER, LOT, "海港", "投标函", "1234567800"):
        assert secret.encode() not in container
    assert SLOT not in container and DRAWN.salt not in container and bidding.custody().guardians[0] not in container


def test_two_containers_of_one_bid_have_nothing_in_common() -> None:
    one, other = (bidding.block_of(sealed(drawn=Secrets())).header for _ in range(2))
    assert one.cover != other.cover and one.place != other.place
    assert not {one.dealing.key, *one.dealing.shares, *one.dealing.wraps} & {
        other.dealing.key, *other.dealing.shares, *other.dealing.wraps,
    }  # fmt: skip


def test_the_same_secrets_make_the_same_bytes_so_that_an_upload_goes_on() -> None:
    """With a signature that is kept, or one that is the same each time, as RSA's by PKCS #1 v1.5."""
    assert sealed(bid(kind="rsa")) == sealed(bid(kind="rsa"))


def test_another_content_under_the_same_secrets_has_another_key_in_every_chunk() -> None:
    """No nonce is ever used twice, not even when a client seals again with the secrets it kept."""
    one, other = sealed(bid([("a", b"1")])), sealed(bid([("a", b"2")]))
    assert bidding.block_of(one).header.dealing == bidding.block_of(other).header.dealing
    bodies = [container[-SEALED_CHUNK:] for container in (one, other)]
    assert sum(a == b for a, b in zip(*bodies, strict=True)) < SEALED_CHUNK // 64


def test_sizes_are_padded_to_buckets() -> None:
    assert [bucket(n) for n in (0, 1, 2, 7, 8, 9, 15, 16, 17, 33, 477, 500, 2047)] == [
        1, 1, 2, 7, 8, 10, 16, 16, 18, 36, 480, 512, 2048,
    ]  # fmt: skip
    assert all(n <= bucket(n) <= n * 1.13 + 1 and bucket(bucket(n)) == bucket(n) for n in range(1, 3000))
    small, large = sealed(bid([("a", b"")])), sealed(bid([("a", b"1" * 900_000)]))
    assert len(small) == len(large)


def test_memory_stays_small_whatever_the_size() -> None:
    big = BytesIO(bytes(24 * CHUNK))
    given_bid = replace(bid(), files=(("大图.zip", big),))
    tracemalloc.start()
    try:
        for part in bid_container.seal(given_bid, seat(), DRAWN).parts():
            assert len(part) <= SEALED_CHUNK
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * CHUNK


@pytest.mark.parametrize("kind", ["p256", "rsa", "sm2"])
def test_every_kind_of_certificate_signs(kind: str) -> None:
    assert bidding.opened(sealed(bid(kind=kind))) == dict(FILES)


def refusal_of(given_bid: Bid, place: bid_container.Seat | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        sealed(given_bid, place)
    return code(caught.value)


NAMES = ["", "a/b", "..", ".hidden", "a\x00b", "x" * 201, "a ", "e\u0301.pdf", "con:", "\u202efdp.exe", "a."]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_could_hurt_is_refused(name: str) -> None:
    assert refusal_of(bid([(name, b"")])) == "file_refused"


def test_two_files_of_one_name_are_refused_whatever_their_letters() -> None:
    assert refusal_of(bid([("A.pdf", b""), ("a.PDF", b"")])) == "file_refused"


BAD = {
    "太多文件": replace(bid([(str(number), b"") for number in range(501)])),
    "无名": replace(bid(), name=""),
    "无代码": replace(bid(), bidder=""),
    "唱标过多": replace(bid(), reading={str(number): number for number in range(51)}),
    "唱标过长": replace(bid(), reading={"工期": "x" * 501}),
    "数值过大": replace(bid(), reading={"price_cents": 1 << 53}),
    "看不见的字": replace(bid(), reading={"报价\u202e": "001"}),
    "名称换行": replace(bid(), name="海港\n建设"),
    "真假值": replace(bid(), reading={"含税": True}),
}


@pytest.mark.parametrize("given_bid", BAD.values(), ids=BAD)
def test_what_could_not_be_read_out_is_refused_before_sealing(given_bid: Bid) -> None:
    assert refusal_of(given_bid) == "bid_refused"


def test_a_slot_or_lot_that_is_none_is_refused() -> None:
    assert {refusal_of(bid(), seat(slot=b"short")), refusal_of(bid(), seat(lot=""))} == {"bid_refused"}


def test_a_certificate_that_is_none_or_of_another_key_is_refused() -> None:
    other, _ = bidding.signer("rsa")
    assert refusal_of(replace(bid(), certificate="nothing")) == "certificate_unreadable"
    assert refusal_of(replace(bid(), certificate=other)) == "signature_wrong"


class Growing(BytesIO):
    """A file somebody goes on writing while it is sealed."""

    rounds = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.rounds += 1
        if self.rounds == 3:
            super().seek(0, 2)
            self.write(b"more")
        return super().seek(offset, whence)


def test_a_file_that_changes_while_it_is_sealed_stops_the_sealing() -> None:
    assert refusal_of(replace(bid(), files=(("a.txt", Growing(b"first")),))) == "file_changed"


class Huge(BytesIO):
    """Says that it is 3 GiB long; whoever begins to read it is caught."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 3 << 30

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("read before its size was asked")


def test_more_than_the_limit_is_refused_before_a_byte_is_read() -> None:
    assert refusal_of(replace(bid(), files=(("a", Huge()),))) == "too_large"


def test_a_container_larger_than_the_lot_allows_is_refused_from_its_header() -> None:
    container = sealed(bid([("a", bytes(3 * CHUNK))]))
    with pytest.raises(Refusal) as caught:
        read_block(BytesIO(container), most_chunks=3)
    assert code(caught.value) == "size_refused"


def test_a_header_never_makes_the_reader_read_more_than_it_may() -> None:
    """A length that lies is refused before anything of that length is read or made room for."""
    source = BytesIO(MAGIC + b"\xff\xff\xff\xff" + bytes(100))
    with pytest.raises(Refusal) as caught:
        read_block(source)
    assert code(caught.value) == "header_too_large" and source.tell() == len(MAGIC) + 4
    most = bidding.block_of(sealed(place=seat(count=9, quorum=9)))
    assert len(most.signed) < LARGEST_HEADER // 2


def test_the_bidder_recovers_his_own_bid() -> None:
    assert bidding.with_key(usual()) == "opened"
    assert bidding.with_key(usual(), drawn=Secrets()) == "key_mismatch"


def test_twins_are_refused() -> None:
    block = bidding.block_of(usual())
    again = bidding.block_of(sealed(bid([("other", b"")])))
    bid_opening.check_twins([block, bidding.block_of(sealed(drawn=Secrets()))])
    for other in (block, again):
        with pytest.raises(Refusal) as caught:
            bid_opening.check_twins([block, other])
        assert code(caught.value) == "twins"
