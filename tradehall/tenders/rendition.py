"""Builds the published rendition of one notice version: the only text that digests, proofs, search and exports use.

Pure. Masks every text once, here, and nowhere else; keys exactly as the docstring of `reports` lists them.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import accumulate

from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.masking import mask_personal
from tradehall.kernel.times import rfc3339
from tradehall.tenders.kinds import kind_label, stage_of
from tradehall.tenders.reports import Block, Finding, LotClaim, Named, NoticeReport

Rendition = dict[str, object]

TERM_LABELS = {
    "documents_from": "文件获取开始",
    "documents_until": "文件获取截止",
    "bid_deadline": "截止时间",
    "opening": "开标时间",
    "review_from": "公示开始",
    "review_ends": "公示截止",
}
_FACT_TERMS = {
    "documents_from": "documents_from",
    "documents_until": "documents_until",
    "review_from": "review_from",
    "review_until": "review_ends",
}
# Digests and addresses are made by machines for machines: a digit run in them is nobody's number.
_NOT_TEXT = frozenset({"sha256", "sm3", "url", "uscc"})
# Whatever `mask_personal` hides is a run of 11, 13, 15, 17 or 18 digits, or begins like a mobile number in groups.
_D = "[0-9０-９]"
_RUN = rf"(?<!{_D}{_D}){_D}{{10}}(?:{_D}{{2}}|{_D}{{4}}|{_D}{{6}}|{_D}{{7}})?(?!{_D})"
_GROUPED = rf"(?<=[1１])[3-9３-９]{_D}[ 　－-]{_D}{{4}}"
_MAY_BE_PERSONAL = re.compile(f"{_D}(?:{_RUN}|{_GROUPED})")
_SHORTEST = 11
_PARAGRAPH = frozenset({"type", "text"})
_USCC_LENGTH = 18


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the platform adds to a report: numbers, place names, the version it replaces, lawful terms."""

    notice_no: str
    version: int
    project_no: str
    project_title: str
    lot_nos: tuple[str, ...] = ()
    district_name: str | None = None
    replaces: int | None = None
    moved_from: str | None = None
    reported: bool = True
    terms: tuple[dict[str, object], ...] | None = field(default=None)


def masked(value: object, key: str = "") -> object:
    """The same value with personal numbers hidden in every text it holds."""
    if isinstance(value, str):
        return value if key in _NOT_TEXT else shown(value)
    if isinstance(value, dict):
        return {name: _masked_item(item, name) for name, item in value.items()}
    if isinstance(value, list | tuple):
        if key in _NOT_TEXT:
            return [masked(item, key) for item in value]
        return [shown(item) if isinstance(item, str) else masked(item, key) for item in value]
    return value


def shown(text: str) -> str:
    """A text as it may be published."""
    # Nearly every text is too short or has no such run of digits: looking costs a tenth of masking.
    if len(text) < _SHORTEST or not _MAY_BE_PERSONAL.search(text):
        return text
    return mask_personal(text)


def _masked_body(body: Sequence[Block]) -> list[Block]:
    """As `masked`. Most of a notice is its paragraphs: one look over all of them tells which may hide something.

    No run of digits goes over the end of a line, so whatever lies in a paragraph is found in the whole as well.
    """
    texts = [text for block in body if block.keys() == _PARAGRAPH and isinstance(text := block["text"], str)]
    if len(texts) < len(body):
        return [_masked_block(block) for block in body]
    found, ends = list(body), list(accumulate(len(text) + 1 for text in texts))
    for place in {bisect_right(ends, one.start()) for one in _MAY_BE_PERSONAL.finditer("\n".join(texts))}:
        found[place] = _masked_block(body[place])
    return found


def _masked_block(block: Block) -> Block:
    text = block.get("text")
    if not isinstance(text, str) or block.keys() != _PARAGRAPH:
        return {name: _masked_item(item, name) for name, item in block.items()}
    found = shown(text)
    return block if found is text else {"type": shown(str(block["type"])), "text": found}


def _masked_item(item: object, name: str) -> object:
    if item is None or isinstance(item, int):
        return item
    if isinstance(item, str):
        return item if name in _NOT_TEXT else shown(item)
    return masked(item, name)


def stated(report: NoticeReport) -> Rendition:
    """Everything the report itself says, masked, without the numbers the platform gives."""
    body = _masked_body(report.body)
    value = masked(
        {
            "kind": report.kind,
            "kind_label": kind_label(report.line, report.kind),
            "nature": report.nature,
            "stage": stage_of(report.kind),
            "line": report.line,
            "title": report.title,
            "project_code": report.project.code,
            "attempt": report.attempt,
            "lots": [_lot(claim) for claim in report.lots],
            "principal": _named(report.principal),
            "agency": _named(report.agency),
            "district": report.district,
            "method": report.method,
            "classification": report.classification,
            **_times(report),
            "terms": _terms(report),
            "amount": _amount(report),
            "facts": dict(report.facts),
            "changes": [{"label": one.label, "old": one.old, "new": one.new} for one in report.changes],
            "reason": report.reason,
            "attachments": [asdict(one) for one in report.attachments],
            "source": {
                "system": report.system,
                "name": report.source_name or report.system,
                "id": report.source_id,
                "url": report.source_url,
                "kind_as_reported": report.kind_as_reported,
                "reported": True,
            },
            "findings": [_finding(one) for one in report.findings],
        }
    )
    if not isinstance(value, dict):
        raise TypeError("a rendition is a mapping")
    value["body"] = body
    return value


def number(value: Rendition, numbers: Numbers) -> Rendition:
    """Complete what was stated with the platform's numbers; every key of the rendition is present afterwards."""
    lots = value["lots"]
    source = value["source"]
    if not isinstance(lots, list) or not isinstance(source, dict):
        raise TypeError("lots and source of what was stated have the wrong shape")
    return {
        **value,
        "notice_no": numbers.notice_no,
        "version": numbers.version,
        "project_no": numbers.project_no,
        "project_title": shown(numbers.project_title),
        "lots": [{**lot, "lot_no": no} for lot, no in zip(lots, numbers.lot_nos, strict=True)],
        "district_name": numbers.district_name,
        "moved_from": numbers.moved_from,
        "replaces": numbers.replaces,
        "terms": value["terms"] if numbers.terms is None else list(numbers.terms),
        "source": {**source, "reported": numbers.reported},
    }


def build(report: NoticeReport, numbers: Numbers) -> Rendition:
    return number(stated(report), numbers)


def bytes_of(value: Rendition) -> bytes:
    """What both digests cover; its text is what is stored. UnicodeEncodeError when it holds half a surrogate pair."""
    return canonical_json(value)


def term(code: str, value_at: datetime, rule: str | None = None, was: datetime | None = None) -> dict[str, object]:
    return {
        "code": code,
        "label": TERM_LABELS.get(code, code),
        "value_at": rfc3339(value_at),
        "rule": rule,
        "was": rfc3339(was) if was else None,
    }


def parties_of(value: Rendition) -> list[tuple[str, str | None]]:
    """Every party a rendition names, as (name, code or None), in the order of the text."""
    facts = value["facts"] if isinstance(value["facts"], dict) else {}
    rows = [value["principal"], value["agency"], facts.get("supplier")]
    for key in ("winners", "candidates", "bidders"):
        listed = facts.get(key)
        rows += listed if isinstance(listed, list) else []
    found = [(row.get("name"), row.get("uscc")) for row in rows if isinstance(row, dict)]
    return [
        (name, code if isinstance(code, str) and len(code) == _USCC_LENGTH else None)
        for name, code in found
        if isinstance(name, str) and name
    ]


def _lot(claim: LotClaim) -> dict[str, object]:
    return {**claim.facts, "name": claim.name, "unified_code": claim.unified_code}


def _finding(one: Finding) -> dict[str, object]:
    return {"rule": one.rule, "message": one.message, "field": one.field, "value": one.value}


def _named(party: Named | None) -> dict[str, object] | None:
    return {"name": party.name, "uscc": party.uscc} if party else None


def _times(report: NoticeReport) -> dict[str, object]:
    return {
        "published_at": rfc3339(report.published_at),
        "published_precision": report.published_precision,
        "opens_at": rfc3339(report.opens_at) if report.opens_at else None,
        "closes_at": rfc3339(report.closes_at) if report.closes_at else None,
    }


def _terms(report: NoticeReport) -> Sequence[dict[str, object]]:
    named = [("opening", report.opens_at), ("bid_deadline", report.closes_at)]
    terms = [term(code, moment) for code, moment in named if moment]
    for fact, code in _FACT_TERMS.items():
        text = report.facts.get(fact)
        if isinstance(text, str):
            terms.append({"code": code, "label": TERM_LABELS[code], "value_at": text, "rule": None, "was": None})
    return sorted(terms, key=lambda row: (str(row["value_at"]), str(row["code"])))


def _amount(report: NoticeReport) -> dict[str, object] | None:
    price = report.amount
    if price is None:
        return None
    # The keys of `Price.as_json`, written out: its deep copy is a twentieth of an import.
    return {
        "form": price.form,
        "cents": price.cents,
        "rate": price.rate,
        "text": price.text,
        "currency": price.currency,
        "unit": price.unit,
        "label": report.amount_label or "金额",
    }
