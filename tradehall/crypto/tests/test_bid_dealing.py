"""The dealer: any quorum gives the key, one guardian less nothing, and a dealer who cheats is seen by everybody."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradehall.crypto import bid_dealing, bid_opening, shamir
from tradehall.crypto.bid_dealing import Binding, Custody
from tradehall.crypto.suites import INTERNATIONAL
from tradehall.crypto.tests.bidding import LOT, SLOT, code, custody, guardian_keys
from tradehall.kernel.refusal import Refusal

COVER = bid_dealing.cover(INTERNATIONAL, "91310000MA1FL0000N", b"s" * 32)
BINDING = Binding(INTERNATIONAL, LOT, SLOT, COVER)
KEY = b"k" * 32


def test_every_byte_follows_from_key_and_binding() -> None:
    """Vectors of our own, for the browser's client to meet: they change only with the layout's number."""
    dealing = bid_dealing.deal(BINDING, custody(), KEY)
    assert dealing == bid_dealing.deal(BINDING, custody(), KEY)
    assert COVER.hex() == "a42857ec2d25430188acd801d0bdc34dc9ec213a00527a00883ceebab2172b64"
    assert BINDING.place.hex() == "eb20e003f536d4758d1aee57dfbed4ec2d9a2509b7717857de558d5e6957e7cb"
    assert dealing.key.hex() == "68a2a588c21b338d960c1cc6ddcf026f7ddf0e413aafd4eb2e7b74d90fe75b81"
    assert [one.hex() for one in bid_dealing.shares_of(BINDING, KEY, 2, 3)][:2] == [
        "c98bb32c28e460c8eaee5415f0db9e8f4b6ffea648da8b04628df9eca163180101",
        "34b0c0e5ed6e7d36727a159746109ab82b635aea2d12b0b579bc547ee47b8dbf02",
    ]


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(2, 4), st.integers(0, 2))
def test_any_quorum_of_shares_gives_the_key(key: bytes, quorum: int, spare: int) -> None:
    shares = bid_dealing.shares_of(BINDING, key, quorum, quorum + spare)
    assert {shamir.join(some) for some in combinations(shares, quorum)} == {key}


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(2, 4))
def test_one_share_less_than_the_quorum_is_not_the_key_nor_near_it(key: bytes, quorum: int) -> None:
    """All that can be tried against the commitments is a whole key of 256 bits."""
    shares = bid_dealing.shares_of(BINDING, key, quorum, quorum)[:-1]
    joined = shamir.join(shares)
    assert bid_dealing.key_commitment(BINDING, joined) != bid_dealing.key_commitment(BINDING, key)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 32), st.integers(1, 255), st.integers(0, 2))
def test_a_wrong_share_is_found_by_its_commitment(spot: int, change: int, which: int) -> None:
    commitments = bid_dealing.deal(BINDING, custody(), KEY).shares
    share = bid_dealing.shares_of(BINDING, KEY, 2, 3)[which]
    altered = share[:spot] + bytes([share[spot] ^ change]) + share[spot + 1 :]
    assert bid_dealing.is_share(BINDING, commitments, share)
    assert not bid_dealing.is_share(BINDING, commitments, altered)


@pytest.mark.parametrize("share", [b"", b"\x00" * 33, b"\x01" * 32, b"\x01" * 34, b"\x04" * 33])
def test_what_is_no_share_at_all_is_none(share: bytes) -> None:
    assert not bid_dealing.is_share(BINDING, bid_dealing.deal(BINDING, custody(), KEY).shares, share)


OTHERS = {
    "标段": replace(BINDING, lot=LOT + "1"),
    "编号": replace(BINDING, slot=b"t" * 32),
    "投标人": replace(BINDING, cover=bid_dealing.cover(INTERNATIONAL, "91310000MA1FL0001N", b"s" * 32)),
    "盐": replace(BINDING, cover=bid_dealing.cover(INTERNATIONAL, "91310000MA1FL0000N", b"t" * 32)),
    "套件": replace(BINDING, suite=replace(INTERNATIONAL, name="other")),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_every_part_of_the_binding_changes_everything(other: Binding) -> None:
    here, there = (bid_dealing.deal(one, custody(), KEY) for one in (BINDING, other))
    assert here.key != there.key
    assert not set(here.shares) & set(there.shares) and not set(here.wraps) & set(there.wraps)
    assert bid_dealing.derived(BINDING, KEY, b"body") != bid_dealing.derived(other, KEY, b"body")
    info, foreign = (bid_dealing.wrap_info(one, 1, 2, 3) for one in (BINDING, other))
    assert INTERNATIONAL.unwrap(guardian_keys()[0], here.wraps[0], info)
    with pytest.raises(ValueError, match="altered"):
        INTERNATIONAL.unwrap(guardian_keys()[0], here.wraps[0], foreign)


def test_parts_do_not_run_into_each_other() -> None:
    one = Binding(INTERNATIONAL, "AB", b"C" * 32, COVER)
    assert one.place != Binding(INTERNATIONAL, "ABC", b"C" * 31, COVER).place


def test_a_dealer_who_cheats_with_any_part_is_seen() -> None:
    honest = bid_dealing.deal(BINDING, custody(), KEY)
    bid_dealing.check_dealing(BINDING, custody(), honest, KEY)
    for part in ("shares", "wraps"):
        for number in range(3):
            parts = list(getattr(honest, part))
            parts[number] = parts[number][:-1] + bytes([parts[number][-1] ^ 1])
            with pytest.raises(Refusal) as caught:
                bid_dealing.check_dealing(BINDING, custody(), replace(honest, **{part: tuple(parts)}), KEY)
            assert bid_opening.code_of(caught.value) == "dealing_wrong"


KEYS = custody().guardians
BAD = {
    "一人即可": (1, KEYS),
    "多于人数": (4, KEYS),
    "只有一人": (2, KEYS[:1]),
    "同一人两次": (2, (KEYS[0], KEYS[0], KEYS[1])),
    "公钥过短": (2, (KEYS[0], KEYS[1][:31])),
    "小阶点": (2, (KEYS[0], bytes(32))),
    "人太多": (2, tuple(bytes([number]) * 32 for number in range(1, 11))),
}


@pytest.mark.parametrize(("quorum", "guardians"), BAD.values(), ids=BAD)
def test_a_custody_that_guards_nothing_is_refused(quorum: int, guardians: tuple[bytes, ...]) -> None:
    with pytest.raises(Refusal) as caught:
        bid_dealing.deal(BINDING, Custody(INTERNATIONAL, quorum, guardians), KEY)
    assert code(caught.value) == "guardians_refused"
