"""From a published rendition to the rows that lists, search, organisations, calendar and figures keep of it.

Pure: reads a rendition, returns plain rows.
Decides nothing about law and invents nothing that the rendition does not state.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tradehall.kernel.names import mention_no
from tradehall.kernel.times import parse_rfc3339
from tradehall.tenders.kinds import KINDS

from .grams import facet_key, normalise_text

Rendition = Mapping[str, Any]
DEAL_METHODS_IN_A_ROOM = frozenset({"auction", "listing", "online_bidding"})
DEAL_CODE_SIZES = (33, 36)


@dataclass(frozen=True, slots=True)
class Role:
    role: str
    name: str
    uscc: str | None
    mention_no: str
    place: int | None = None
    cents: int | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    lot: str
    cents: int | None


@dataclass(frozen=True, slots=True)
class Projected:
    """Everything the readers keep of one version of one notice."""

    notice: dict[str, Any]
    roles: tuple[Role, ...] = ()
    deals: tuple[Deal, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    doc: str = ""
    facets: tuple[int, ...] = field(default=())


def project_rendition(rendition: Rendition, position: int) -> Projected:
    roles = tuple(roles_of(rendition))
    notice = notice_values(rendition, position)
    return Projected(
        notice=notice,
        roles=roles,
        deals=deals_of(rendition),
        numbers=tuple(numbers_of(rendition)),
        doc=document_of(rendition, roles),
        facets=facets_of(notice),
    )


def notice_values(rendition: Rendition, position: int) -> dict[str, Any]:
    principal = rendition["principal"]
    amount = rendition["amount"]
    source = rendition["source"]
    district = rendition["district"]
    same = (
        "notice_no",
        "version",
        "project_no",
        "project_title",
        "project_code",
        "attempt",
        "title",
        "kind",
        "kind_label",
    )
    also = ("nature", "line", "stage", "district_name", "method", "published_precision")
    return {
        **{name: rendition[name] for name in same + also},
        "position": position,
        "title_key": normalise_text(rendition["title"]),
        "district": int(district) if district else None,
        "principal": principal["name"] if principal else None,
        "principal_no": mention_no(principal["name"]) if principal else None,
        "published_at": parse_rfc3339(rendition["published_at"]),
        "opens_at": _time(rendition["opens_at"]),
        "closes_at": _time(rendition["closes_at"]),
        "moved_from": _time(rendition["moved_from"]),
        "review_until": _time(rendition["facts"].get("review_until")),
        "amount_cents": amount["cents"] if amount else None,
        "currency": amount["currency"] if amount else "CNY",
        "source_system": source["system"],
        "source_name": source["name"] or source["system"],
        "is_reported": bool(source["reported"]),
        "has_findings": bool(rendition["findings"]),
    }


def _time(text: str | None) -> datetime | None:
    return parse_rfc3339(text) if text else None


def roles_of(rendition: Rendition) -> Iterator[Role]:
    facts = rendition["facts"]
    yield from _roles("principal", [rendition["principal"]])
    yield from _roles("agency", [rendition["agency"]])
    yield from _roles("winner", facts.get("winners") or ())
    yield from _roles("candidate", facts.get("candidates") or ())
    yield from _roles("bidder", facts.get("bidders") or ())
    yield from _roles("supplier", [facts.get("supplier")])


def _roles(role: str, parties: Iterable[Mapping[str, Any] | None]) -> Iterator[Role]:
    for party in parties:
        if party and (party.get("name") or "").strip():
            price = party.get("price") or {}
            place = party.get("rank")
            yield Role(
                role=role,
                name=party["name"],
                uscc=party.get("uscc"),
                mention_no=mention_no(party["name"]),
                place=place if isinstance(place, int) else None,
                cents=price.get("cents"),
            )


def deals_of(rendition: Rendition) -> tuple[Deal, ...]:
    """Prices by lot of a result; several winners of one lot add up, a result without winners counts by its amount."""
    if not KINDS[rendition["kind"]].counts_as_deal:
        return ()
    by_lot: dict[str, int | None] = {}
    for winner in rendition["facts"].get("winners") or ():
        cents = (winner.get("price") or {}).get("cents")
        lot = winner.get("lot") or ""
        known = by_lot.get(lot)
        by_lot[lot] = known if cents is None else cents + (known or 0)
    stated = (rendition["amount"] or {}).get("cents")
    if not by_lot or (stated is not None and all(cents is None for cents in by_lot.values())):
        return (Deal("", stated),)
    return tuple(Deal(lot, cents) for lot, cents in by_lot.items())


def number_key(text: str) -> str:
    return "".join(normalise_text(text).split()).upper()[:120]


def deal_code_keys(code: str) -> tuple[str, ...]:
    """A unified deal code as people write it: with hyphens, without, and without its classification."""
    bare = number_key(code).replace("-", "")
    return (bare, bare[3:]) if len(bare) == max(DEAL_CODE_SIZES) else (bare,)


def typed_keys(text: str) -> tuple[str, ...]:
    """What a typed number may stand under."""
    key = number_key(text)
    bare = key.replace("-", "")
    return (key, bare) if bare != key and len(bare) in DEAL_CODE_SIZES else (key,)


def numbers_of(rendition: Rendition) -> Iterator[tuple[str, str]]:
    """Numbers as stated, each with the page it leads to; a lot leads to itself, other records lead to the project."""
    project, notice = f"/p/{rendition['project_no']}", f"/n/{rendition['notice_no']}"
    pairs = [(rendition["notice_no"], notice), (rendition["project_no"], project), (rendition["project_code"], project)]
    for lot in rendition["lots"]:
        page, code = f"/lot/{lot['lot_no']}", lot.get("unified_code")
        pairs += [(lot["lot_no"], page), (lot.get("source_no"), page), (code, page)]
        pairs += [(key, page) for key in deal_code_keys(code or "")]
    pairs += [(key, project) for key in deal_code_keys(rendition["project_code"] or "") if len(key) in DEAL_CODE_SIZES]
    pairs += [(rendition["facts"].get("about_record"), project), (rendition["source"]["id"], notice)]
    seen = {(number_key(number), href) for number, href in pairs if isinstance(number, str) and number.strip()}
    yield from sorted((number, href) for number, href in seen if len(number) >= 4)


def document_of(rendition: Rendition, roles: Iterable[Role]) -> str:
    """Title, organisations, codes and body, in the normalised form that is searched."""
    names = dict.fromkeys(part for role in roles for part in (role.name, role.uscc) if part)
    codes = dict.fromkeys(number for number, _ in numbers_of(rendition))
    lots = [str(lot.get("name") or "") for lot in rendition["lots"]]
    title = dict.fromkeys([rendition["title"], rendition["project_title"]])
    parts = [*title, *names, *codes, rendition["district_name"] or "", *lots, *_body(rendition["body"])]
    return normalise_text("\n".join(part for part in parts if part))


def _body(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "table":
            yield from (" ".join(cell for cell in row if cell) for row in block["rows"])
        else:
            yield block["text"]


def district_levels(code: int) -> tuple[int, ...]:
    """A district and what it lies in: 310115 → 310115, 310100, 310000."""
    return tuple(dict.fromkeys((code, code // 100 * 100, code // 10000 * 10000)))


def district_span(code: int) -> tuple[int, int]:
    """The half-open range of codes inside a district: a province or city holds all that begin like it."""
    if code % 10000 == 0:
        return code, code + 10000
    return (code, code + 100) if code % 100 == 0 else (code, code + 1)


def place_parameter(code: int | None) -> str:
    """How a list's address asks for exactly what states this place, without what lies in it."""
    if code is None:
        return "none"
    return f"only-{code:06d}" if code % 100 == 0 else f"{code:06d}"


def facets_of(notice: Mapping[str, Any]) -> tuple[int, ...]:
    plain = ("line", "stage", "kind", "method", "principal_no")
    keys = [facet_key(name, str(notice[name])) for name in plain if notice[name] is not None]
    keys += [facet_key("district", str(code)) for code in district_levels(notice["district"] or 0) if code]
    return tuple(keys)
