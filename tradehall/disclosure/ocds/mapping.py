"""One published rendition to one OCDS 1.1.5 release. Pure; documented in docs/ocds.md.

Not for packaging and not for reading the journal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tradehall.disclosure.ocds import parts
from tradehall.disclosure.ocds.parts import Json, without_empty
from tradehall.tenders.kinds import METHODS

TAGS: dict[str, str] = {
    "plan": "planning",
    "notice": "tender",
    "change": "tenderUpdate",
    "opening": "tenderUpdate",
    "review": "tenderUpdate",
    "result": "award",
    "allocation": "award",
    "contract": "contract",
    "fulfillment": "implementation",
    "abnormal": "tenderCancellation",
    "other": "tenderUpdate",
}
UPDATED_TAGS = {
    "planning": "planningUpdate",
    "tender": "tenderUpdate",
    "award": "awardUpdate",
    "contract": "contractUpdate",
    "implementation": "implementationUpdate",
}
DOCUMENT_TYPES = {
    "plan": "plannedProcurementNotice",
    "notice": "tenderNotice",
    "change": "clarifications",
    "opening": "bidders",
    "review": "evaluationReports",
    "result": "awardNotice",
    "allocation": "awardNotice",
    "contract": "contractNotice",
    "fulfillment": "completionCertificate",
    "abnormal": "cancellationDetails",
    "other": "tenderNotice",
}
TENDER_STATUS = {"plan": "planned", "result": "complete", "contract": "complete", "fulfillment": "complete"}
CANCELLED_KINDS = {"failure": "unsuccessful", "termination": "cancelled"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a release: the registered OCID prefix and the public address (no trailing slash)."""

    ocid_prefix: str
    base_url: str


def ocid(frame: Frame, project_no: str) -> str:
    return f"{frame.ocid_prefix}-{project_no}"


def release_id(rendition: Json) -> str:
    return f"{rendition['notice_no']}-v{rendition['version']}"


def release_tag(rendition: Json) -> str:
    tag = TAGS[rendition["stage"]]
    if rendition["kind"] in ("complaint_decision",):
        return "tenderUpdate"
    return UPDATED_TAGS.get(tag, tag) if rendition["version"] > 1 else tag


def to_release(rendition: Json, *, frame: Frame, award_ids: Mapping[str, str]) -> Json:
    """The release of one notice version.

    `award_ids`: party id of a supplier → id of the award that earlier releases of this project gave it; a contract refers to
    it, and states an award of its own only when no earlier notice did.
    """
    section = SECTIONS.get(rendition["stage"])
    extra = section(rendition, frame, award_ids) if section else {}
    release = {
        "ocid": ocid(frame, rendition["project_no"]),
        "id": release_id(rendition),
        "date": rendition["published_at"],
        "tag": [release_tag(rendition)],
        "initiationType": "tender",
        "language": "zh",
        "parties": _parties(rendition),
        "buyer": _buyer(rendition),
        "tender": _tender(rendition, frame),
        **extra,
    }
    return without_empty(release)


def _parties(rendition: Json) -> list[Json]:
    pairs: list[tuple[Mapping[str, Any], list[str]]] = []
    principal = rendition.get("principal")
    if principal:
        pairs.append((principal, ["procuringEntity"] if parts.is_sale(rendition) else ["buyer", "procuringEntity"]))
    pairs += [(who, ["tenderer"]) for who in parts.bidder_parties(rendition)]
    pairs += [(who, ["supplier", "tenderer"]) for who in parts.winner_parties(rendition)]
    supplier = rendition["facts"].get("supplier")
    if supplier and supplier.get("name"):
        pairs.append((supplier, ["supplier", "tenderer"]))
    return parts.merge_parties(pairs)


def _buyer(rendition: Json) -> Json | None:
    principal = rendition.get("principal")
    return parts.reference(principal) if principal and not parts.is_sale(rendition) else None


def _method_details(rendition: Json) -> str | None:
    words = METHODS.get(rendition.get("method") or "") or rendition["facts"].get("supply_method") or ""
    if parts.is_sale(rendition):
        return f"出让转让（sale）：procuringEntity 为出让方或转让方，suppliers 为受让方。方式：{words or '未载明'}"
    return words or None


def _tender_value(rendition: Json) -> tuple[Json | None, Json | None]:
    """(value, minValue): a ceiling or budget is the value, a sale's starting price the least value."""
    facts, stage = rendition["facts"], rendition["stage"]
    if parts.is_sale(rendition):
        return None, parts.money(facts.get("starting_price_cents"))
    cents = facts.get("ceiling_cents") or facts.get("budget_cents")
    if cents is None and stage in ("notice", "change"):
        return parts.price_value(rendition.get("amount")), None
    return parts.money(cents), None


def _tender(rendition: Json, frame: Frame) -> Json:
    facts, stage = rendition["facts"], rendition["stage"]
    value, least = _tender_value(rendition)
    bidders = [parts.reference(who) for who in parts.bidder_parties(rendition)]
    principal, method = rendition.get("principal"), rendition.get("method")
    tender = {
        "id": rendition["project_no"],
        "title": rendition["project_title"],
        "status": CANCELLED_KINDS.get(rendition["kind"]) or TENDER_STATUS.get(stage, "active"),
        "procuringEntity": parts.reference(principal) if principal else None,
        "procurementMethod": parts.METHODS.get(method or ""),
        "procurementMethodDetails": _method_details(rendition),
        "mainProcurementCategory": parts.CATEGORIES.get(rendition["line"]),
        "value": value,
        "minValue": least,
        "items": parts.items(rendition),
        "tenderPeriod": _tender_period(rendition),
        "awardPeriod": parts.period(facts.get("review_from"), facts.get("review_until")),
        "tenderers": bidders,
        "numberOfTenderers": len({who["id"] for who in bidders}) or None,
        "documents": _documents(rendition, frame) if stage not in DOCUMENT_HOMES else None,
        "amendments": _amendments(rendition),
    }
    return without_empty(tender)


def _tender_period(rendition: Json) -> Json | None:
    if rendition["stage"] not in ("notice", "change"):
        return None
    start = rendition["published_at"] if rendition["stage"] == "notice" else None
    return parts.period(start, rendition.get("closes_at"))


def _amendments(rendition: Json) -> list[Json]:
    if rendition["stage"] != "change" and rendition["version"] == 1:
        return []
    changed = "；".join(f"{change['label']}：{change['old']} → {change['new']}" for change in rendition["changes"])
    replaced = rendition.get("replaces")
    amendment = {
        "id": release_id(rendition),
        "date": rendition["published_at"],
        "rationale": rendition.get("reason"),
        "description": changed or rendition["title"],
        "amendsReleaseID": f"{rendition['notice_no']}-v{replaced}" if replaced else None,
        "releaseID": release_id(rendition),
    }
    return [without_empty(amendment)]


def _documents(rendition: Json, frame: Frame) -> list[Json]:
    page = {
        "id": release_id(rendition),
        "documentType": DOCUMENT_TYPES[rendition["stage"]],
        "title": rendition["title"],
        "url": f"{frame.base_url}/n/{rendition['notice_no']}/v/{rendition['version']}",
        "datePublished": rendition["published_at"],
        "format": "text/html",
        "language": "zh",
    }
    files = [
        {
            "id": f"{release_id(rendition)}-{attachment['sha256'][:16]}",
            "title": attachment["name"],
            "url": f"{frame.base_url}/n/{rendition['notice_no']}/v/{rendition['version']}/files/{attachment['sha256']}",
            "datePublished": rendition["published_at"],
            "format": attachment["media_type"],
        }
        for attachment in rendition.get("attachments") or []
    ]
    return [page, *files]


def award_id(rendition: Json, position: int) -> str:
    return f"{rendition['notice_no']}-{position}"


def awards_by_supplier(rendition: Json) -> dict[str, str]:
    """Party id → award id, as the release of this rendition states them."""
    if rendition["stage"] not in ("result", "allocation"):
        return {}
    winners = parts.winner_parties(rendition)
    return {parts.party_id(winner): award_id(rendition, place) for place, winner in enumerate(winners, start=1)}


def _awards(rendition: Json, frame: Frame, _: Mapping[str, str]) -> Json:
    winners = parts.winner_parties(rendition)
    traded = rendition["facts"].get("traded_on")
    date = f"{traded}T00:00:00+08:00" if traded else rendition["published_at"]
    only = rendition.get("amount") if len(winners) == 1 else None
    awards = [
        without_empty(
            {
                "id": award_id(rendition, place),
                "title": winner.get("lot") or rendition["project_title"],
                "status": "active",
                "date": date,
                "value": parts.price_value(winner.get("price")) or parts.price_value(only),
                "suppliers": [parts.reference(winner)],
                "documents": _documents(rendition, frame) if place == 1 else None,
            }
        )
        for place, winner in enumerate(winners, start=1)
    ]
    return {"awards": awards or [_award_without_winner(rendition, frame, date)]}


def _award_without_winner(rendition: Json, frame: Frame, date: str) -> Json:
    """A result whose winner was not stated is still a result: the award keeps its value and its document."""
    return without_empty(
        {
            "id": award_id(rendition, 0),
            "title": rendition["project_title"],
            "status": "active",
            "date": date,
            "value": parts.price_value(rendition.get("amount")),
            "documents": _documents(rendition, frame),
        }
    )


def _contracts(rendition: Json, frame: Frame, award_ids: Mapping[str, str]) -> Json:
    facts, supplier = rendition["facts"], rendition["facts"].get("supplier")
    named = supplier if supplier and supplier.get("name") else None
    known = award_ids.get(parts.party_id(named)) if named else None
    contract = {
        "id": rendition["notice_no"],
        "awardID": known or award_id(rendition, 0),
        "title": rendition["title"],
        "status": "active",
        "value": parts.price_value(rendition.get("amount")),
        "dateSigned": facts.get("signed_at"),
        "documents": _documents(rendition, frame),
    }
    section: Json = {"contracts": [without_empty(contract)]}
    if known is None:
        award = {
            "id": award_id(rendition, 0),
            "title": rendition["project_title"],
            "status": "active",
            "suppliers": [parts.reference(named)] if named else None,
        }
        section["awards"] = [without_empty(award)]
    return section


def _planning(rendition: Json, frame: Frame, _: Mapping[str, str]) -> Json:
    facts = rendition["facts"]
    cents = facts.get("estimate_cents") or facts.get("budget_cents")
    budget = parts.money(cents) or parts.price_value(rendition.get("amount"))
    planning = {
        "rationale": rendition["title"],
        "budget": {"amount": budget} if budget else None,
        "documents": _documents(rendition, frame),
    }
    return {"planning": without_empty(planning)}


Section = Callable[[Json, Frame, Mapping[str, str]], Json]
SECTIONS: dict[str, Section] = {
    "plan": _planning,
    "result": _awards,
    "allocation": _awards,
    "contract": _contracts,
}
# Stages whose notice is a document of its own section, not of the tender.
DOCUMENT_HOMES = frozenset({"plan", "result", "allocation", "contract"})
