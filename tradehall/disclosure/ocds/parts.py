"""The building blocks of an OCDS release, each from one part of a published rendition. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from tradehall.kernel.names import mention_no
from tradehall.reference.lines import installed_line

Json = dict[str, Any]

SELLING_METHODS = frozenset({"listing", "auction", "tender", "allocation", "agreement", "online_bidding"})
METHODS = {
    "open": "open",
    "invited": "selective",
    "framework": "open",
    "negotiation": "limited",
    "consultation": "limited",
    "inquiry": "limited",
    "single_source": "direct",
    "listing": "open",
    "auction": "open",
    "tender": "open",
    "online_bidding": "open",
    "allocation": "direct",
    "agreement": "direct",
}
CATEGORIES = {"works": "works"}


def without_empty(fields: Mapping[str, Any]) -> Json:
    """The fields that say something: OCDS forbids null in most places and empty lists mean nothing."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def is_sale(rendition: Json) -> bool:
    """Whether the principal sells: the standard has no transferor, see docs/ocds.md for what is written instead."""
    sells = installed_line(rendition["line"]).sells
    return sells == "always" or (sells == "by_method" and rendition.get("method") in SELLING_METHODS)


def party_id(named: Mapping[str, Any]) -> str:
    uscc = named.get("uscc")
    return f"CN-USCC-{uscc}" if uscc else mention_no(named["name"])


def reference(named: Mapping[str, Any]) -> Json:
    return {"id": party_id(named), "name": named["name"]}


def party(named: Mapping[str, Any], roles: Sequence[str]) -> Json:
    uscc = named.get("uscc")
    identifier = {"scheme": "CN-USCC", "id": uscc, "legalName": named["name"]} if uscc else None
    return without_empty(
        {"id": party_id(named), "name": named["name"], "identifier": identifier, "roles": sorted(set(roles))}
    )


def money(cents: int | None, currency: str = "CNY") -> Json | None:
    """OCDS amounts are JSON numbers; whole cents below 2**53 survive the division exactly in the shortest form."""
    if cents is None:
        return None
    amount: int | float = cents // 100 if cents % 100 == 0 else cents / 100
    return {"amount": amount, "currency": currency}


def price_value(price: Mapping[str, Any] | None) -> Json | None:
    """The value of a price whose form is an amount; rates, discounts and texts have none in the standard."""
    if not price or price.get("form") != "amount":
        return None
    return money(price.get("cents"), price.get("currency") or "CNY")


def period(start: str | None, end: str | None) -> Json | None:
    """A period; a start later than its end (as some sources state) is left out rather than published as nonsense."""
    if start and end and start > end:
        start = None
    return without_empty({"startDate": start, "endDate": end}) or None


def items(rendition: Json) -> list[Json]:
    """One item a lot: the core of 1.1.5 has no lots, and extensions are not used."""
    return [
        without_empty({"id": lot["lot_no"], "description": lot.get("name") or rendition["title"]})
        for lot in rendition.get("lots") or []
    ]


def winner_parties(rendition: Json) -> list[Json]:
    return [winner for winner in rendition["facts"].get("winners") or [] if winner.get("name")]


def bidder_parties(rendition: Json) -> list[Json]:
    facts = rendition["facts"]
    listed = facts.get("candidates") or facts.get("bidders") or []
    return [bidder for bidder in listed if bidder.get("name")]


def merge_parties(pairs: Sequence[tuple[Mapping[str, Any], Sequence[str]]]) -> list[Json]:
    """One entry a party with all its roles, in order of first mention."""
    roles: dict[str, set[str]] = {}
    named: dict[str, Mapping[str, Any]] = {}
    for who, what in pairs:
        key = party_id(who)
        named.setdefault(key, who)
        roles.setdefault(key, set()).update(what)
    return [party(named[key], sorted(roles[key])) for key in named]
