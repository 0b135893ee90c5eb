"""Shamir's k of n, byte by byte over GF(2^8) with the polynomial of AES (FIPS 197 §4.2); a share is y-bytes ‖ x.

Arithmetic alone: where the coefficients come from and what commits to a share is the dealer's affair (`bid_dealing`).
The written form is that of HashiCorp Vault and of npm shamir-secret-sharing, so that a browser joins what is dealt
here. Its time depends on the values: it is for those who may know them, once.
"""

from collections.abc import Mapping, Sequence
from functools import cache, reduce

MOST_SHARES = 255
POLYNOMIAL = 0x11B


def times(one: int, other: int) -> int:
    """The product of two field elements."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0x100:
            one ^= POLYNOMIAL
        other >>= 1
    return product


@cache
def inverse(value: int) -> int:
    """The element whose product with `value` is 1: its 254th power, for every element but 0 has order 255."""
    if not value:
        raise ZeroDivisionError("0 has no inverse")
    return reduce(times, [value] * 254)


def deal(secret: bytes, coefficients: Sequence[bytes], count: int) -> tuple[bytes, ...]:
    """Shares 1 to `count` of the polynomial whose constant is `secret`; one more share than coefficients gives it back."""
    if not len(coefficients) < count <= MOST_SHARES:
        raise ValueError(f"{len(coefficients) + 1} of {count} cannot be dealt")
    terms = (secret, *coefficients)
    return tuple(_value(terms, place) + bytes([place]) for place in range(1, count + 1))


def join(shares: Sequence[bytes]) -> bytes:
    """The secret on the polynomial through all these shares; too few or wrong ones give another one, unnoticed."""
    points = {share[-1]: share[:-1] for share in shares if share}
    if not points or len(points) != len(shares) or 0 in points:
        raise ValueError("shares are distinct and never of place 0")
    return interpolate(points, 0)


def interpolate(points: Mapping[int, bytes], at: int) -> bytes:
    """The value at `at` of the polynomial of lowest degree through `points` (Lagrange)."""
    if len({len(value) for value in points.values()}) != 1:
        raise ValueError("shares of one secret have one length")
    return reduce(_sum, (_scaled(value, _weight(place, points, at)) for place, value in points.items()))


def _value(terms: Sequence[bytes], at: int) -> bytes:
    """Horner's rule, constant term first in `terms`."""
    return reduce(lambda value, term: _sum(_scaled(value, at), term), reversed(terms))


def _weight(place: int, places: Mapping[int, bytes], at: int) -> int:
    fractions = (times(at ^ other, inverse(place ^ other)) for other in places if other != place)
    return reduce(times, fractions, 1)


def _scaled(data: bytes, factor: int) -> bytes:
    return data.translate(_multiples(factor))


@cache
def _multiples(factor: int) -> bytes:
    return bytes(times(factor, value) for value in range(256))


def _sum(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
