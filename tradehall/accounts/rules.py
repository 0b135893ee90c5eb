"""How strong a sign-in is, from the ways it used. Pure; the words are those of RFC 8176 and OpenID Connect."""

from collections.abc import Iterable

PASSWORD = "urn:tradehall:acr:password"
MULTI_FACTOR = "urn:tradehall:acr:multi-factor"
CERTIFICATE = "urn:tradehall:acr:certificate"
# From weak to strong: who demands one of these is content with any that stands after it.
LEVELS = (PASSWORD, MULTI_FACTOR, CERTIFICATE)
# What one has, beside what one knows. "user" is a passkey that itself asked for a finger or a number.
KNOWN, HELD = frozenset({"pwd", "pin"}), frozenset({"otp", "hwk", "swk", "sc"})

# Wrong passwords and codes one login, and one address, may have within a quarter of an hour. An office shares an address.
TRIES_OF_LOGIN, TRIES_OF_ADDRESS = 5, 50
LOCK_S = 15 * 60


def amr_of(ways: Iterable[str]) -> list[str]:
    """The ways in their order, each once, and `mfa` when they are of two sorts."""
    found = list(dict.fromkeys(way for way in ways if way != "mfa"))
    return [*found, "mfa"] if _is_multi(set(found)) else found


def together(before: Iterable[str], now: Iterable[str]) -> list[str]:
    return amr_of([*before, *now])


def acr_of(amr: Iterable[str]) -> str:
    found = set(amr)
    if "sc" in found:
        return CERTIFICATE
    return MULTI_FACTOR if "mfa" in found else PASSWORD


def stronger(one: str, other: str) -> str:
    return max(one, other, key=lambda level: LEVELS.index(level) if level in LEVELS else -1)


def is_enough(acr: str, demanded: str) -> bool:
    return stronger(acr, demanded) == acr


def _is_multi(ways: set[str]) -> bool:
    return bool(ways & HELD) and bool(ways & KNOWN or "user" in ways)
