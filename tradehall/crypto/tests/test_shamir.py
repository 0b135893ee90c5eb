"""Shamir: the field of AES, any k of n, and nothing at all from k − 1."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradehall.crypto import shamir

SECRET = bytes.fromhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")


def test_the_field_is_that_of_aes() -> None:
    """FIPS 197 §4.2: {57}·{83} = {c1}, {57}·{13} = {fe}; §4.2.1: {57}·{10} = {07}."""
    assert [shamir.times(0x57, other) for other in (0x83, 0x13, 0x10)] == [0xC1, 0xFE, 0x07]
    assert all(shamir.times(value, shamir.inverse(value)) == 1 for value in range(1, 256))
    assert shamir.inverse(0x53) == 0xCA  # the pair that the S-box of FIPS 197 is explained with


def test_shares_are_written_as_vault_and_the_browser_write_them() -> None:
    """f(x) = 01 ⊕ 02·x in one byte, by hand: f(1) = 03, f(2) = 05, f(3) = 07; the place stands last."""
    assert [share.hex() for share in shamir.deal(b"\x01", [b"\x02"], 3)] == ["0301", "0502", "0703"]
    assert shamir.join([bytes.fromhex("0703"), bytes.fromhex("0301")]) == b"\x01"


@st.composite
def dealings(draw: st.DrawFn) -> tuple[bytes, list[bytes], int]:
    secret = draw(st.binary(min_size=32, max_size=32))
    quorum = draw(st.integers(2, 5))
    coefficients = [draw(st.binary(min_size=32, max_size=32)) for _ in range(quorum - 1)]
    return secret, coefficients, draw(st.integers(quorum, 6))


@settings(deadline=None)
@given(dealings())
def test_any_quorum_gives_the_secret(dealing: tuple[bytes, list[bytes], int]) -> None:
    secret, coefficients, count = dealing
    shares = shamir.deal(secret, coefficients, count)
    quorums = combinations(shares, len(coefficients) + 1)
    assert {shamir.join(quorum) for quorum in quorums} == {secret} == {shamir.join(shares)}


@settings(deadline=None)
@given(dealings(), st.binary(min_size=32, max_size=32))
def test_one_share_too_few_fits_every_secret(dealing: tuple[bytes, list[bytes], int], guess: bytes) -> None:
    """Whatever is guessed, there are coefficients under which exactly these shares would have been dealt."""
    secret, coefficients, count = dealing
    held = shamir.deal(secret, coefficients, count)[: len(coefficients)]
    points = {0: guess} | {share[-1]: share[:-1] for share in held}
    completed = shamir.interpolate(points, count + 1) + bytes([count + 1])
    assert shamir.join([*held, completed]) == guess


@settings(deadline=None)
@given(dealings(), st.integers(0, 31), st.integers(1, 255))
def test_an_altered_share_gives_another_secret(dealing: tuple[bytes, list[bytes], int], spot: int, change: int) -> None:
    secret, coefficients, count = dealing
    first, *others = shamir.deal(secret, coefficients, count)[: len(coefficients) + 1]
    altered = first[:spot] + bytes([first[spot] ^ change]) + first[spot + 1 :]
    assert shamir.join([altered, *others]) != secret


@pytest.mark.parametrize(
    "shares", [[], [b""], [SECRET + b"\x00"], [SECRET + b"\x01"] * 2, [b"\x01\x01", b"\x01\x01\x02"]]
)
def test_what_are_no_shares_of_one_secret_is_refused(shares: list[bytes]) -> None:
    with pytest.raises(ValueError, match="shares"):
        shamir.join(shares)


def test_more_than_are_dealt_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        shamir.deal(SECRET, [SECRET, SECRET], 2)
