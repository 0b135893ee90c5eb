"""What a connected system, an import or a native act states about one notice, as plain values.

A `NoticeReport` is the input of `services.record_notices`; nothing here judges law or touches a database.

The *published rendition* that `rendition.build` makes from it is a dict of JSON values (no floats) with exactly these keys:

    notice_no, version (int), kind, kind_label, nature, stage, line, title,
    project_no, project_title, project_code (as stated by the source, or null), attempt (int),
    lots: [{lot_no, name, unified_code|null, …stated facts}],
    principal: {name, uscc|null}|null, agency: {name, uscc|null}|null,
    district (6-digit region code)|null, district_name|null, method|null (code of kinds.METHODS), classification|null,
    published_at (RFC 3339, +08:00), published_precision ("minute"|"day"), opens_at|null, closes_at|null,
    terms: [{code, label, value_at, rule|null, was|null}], moved_from|null (the earlier closes_at when this version moved it),
    amount: {form, cents|null, rate|null, text|null, currency, unit|null, label}|null,
    facts: {…}        typed facts of the kind, see FACT_KEYS,
    body: [{type: "heading"|"paragraph", text} | {type: "table", rows: [[text]]}],
    changes: [{label, old, new}], reason|null,
    attachments: [{name, sha256, sm3, size, media_type, version}],
    source: {system, name, id, url|null, kind_as_reported|null, reported (bool)},
    replaces (int version)|null, findings: [{rule, message, field|null, value|null}]

Everything in it is already masked. Facts keep money as cents.
"""

from dataclasses import dataclass, field
from datetime import datetime

from tradehall.kernel.money import Price

# The typed facts a kind may state. Values: str, int (cents end in _cents), bool, RFC 3339 text, or lists of dicts of these.
FACT_KEYS: dict[str, str] = {
    "winners": "[{name, uscc|null, rank|null, price: Price json|null, lot|null}]",
    "candidates": "[{name, uscc|null, rank, price: Price json|null, score|null}]",
    "bidders": "[{name, price: Price json|null, note|null}]",
    "supplier": "{name, uscc|null}: contract party",
    "review_from": "RFC 3339",
    "review_until": "RFC 3339",
    "signed_at": "RFC 3339",
    "traded_on": "YYYY-MM-DD",
    "budget_cents": "int",
    "ceiling_cents": "int",
    "starting_price_cents": "int",
    "deposit_cents": "int",
    "area_m2": "decimal text",
    "land_use": "text",
    "term_years": "text",
    "premium_rate": "decimal text, per cent",
    "ending": "成交|流标|废标|终止|无效",
    "cause": "text",
    "basis": "text",
    "quality": "text",
    "period": "text",
    "documents_from": "RFC 3339",
    "documents_until": "RFC 3339",
    "opening_place": "text",
    "estimate_cents": "int",
    "expected_on": "YYYY-MM or YYYY-MM-DD",
    "regulator": "text, the supervising body as stated",
    "supply_method": "text, as stated by the source",
    "about_record": "text, number of the record this notice is about",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A party as the source names it; `uscc` only when it was stated and its check digit holds."""

    name: str
    uscc: str | None = None


@dataclass(frozen=True, slots=True)
class LotClaim:
    name: str
    source_no: str | None = None
    unified_code: str | None = None
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectClaim:
    """How the source names the project: by code when it has one, else by name (with the principal)."""

    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something unlawful, missing or odd in what others stated: published beside it, never a refusal."""

    rule: str
    message: str
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    sha256: str
    sm3: str
    size: int
    media_type: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    old: str
    new: str


Block = dict[str, object]  # {"type": "heading"|"paragraph", "text"} or {"type": "table", "rows": [[str]]}


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """One notice as stated.

    `system` + `source_id` are its identity; `source_digest` (SHA-256 hex of the row as received) tells unchanged from changed.
    `enriches`: when the identity is known already, stated values fill gaps of the newest version (a new version) instead of
    replacing it; when it is not known the report stands on its own.
    """

    system: str
    source_id: str
    source_digest: str
    kind: str
    line: str
    title: str
    published_at: datetime
    project: ProjectClaim
    published_precision: str = "minute"
    kind_as_reported: str | None = None
    nature: str = "normal"
    body: tuple[Block, ...] = ()
    attempt: int = 1
    lots: tuple[LotClaim, ...] = ()
    principal: Named | None = None
    agency: Named | None = None
    district: str | None = None
    method: str | None = None
    classification: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    amount: Price | None = None
    amount_label: str | None = None
    facts: dict[str, object] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    reason: str | None = None
    attachments: tuple[Attachment, ...] = ()
    source_name: str | None = None
    source_url: str | None = None
    findings: tuple[Finding, ...] = ()
    raw: str = ""
    enriches: bool = False
