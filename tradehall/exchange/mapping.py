"""A validated clean record → the notice it announces, in the words `tenders` takes from every source.

Reads clean names only, so that one mapping serves every data set. No database; what lacks an identity is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tradehall.exchange.adapters import words
from tradehall.exchange.adapters.blocks import blocks_of, facts_table, mend, paragraph
from tradehall.exchange.adapters.page import page_blocks
from tradehall.exchange.facts import SAME, drop_empty, facts_of, law_findings, price_of
from tradehall.exchange.registry.shape import DataSet
from tradehall.kernel.identifiers import is_uscc
from tradehall.kernel.times import parse_claimed
from tradehall.reference import codes
from tradehall.tenders.kinds import kind_label
from tradehall.tenders.reports import Attachment, Block, Finding, LotClaim, Named, NoticeReport, ProjectClaim

Values = Mapping[str, object]
LONGEST_CODE = 200
NATURES = {"2": "correction", "3": "reissue"}
TENDER_MODES = {"1": "open", "2": "invited"}
PURCHASE_MODES = {
    "1": "open", "2": "invited", "3": "negotiation", "4": "consultation", "5": "inquiry", "6": "single_source",
    "7": "framework",
}  # fmt: skip
# Said elsewhere in the notice (typed facts among them), of no public use, or secret until the law opens it
# (who passed the prequalification).
_NOT_IN_BODY = frozenset(
    {
        "title", "content", "project_code", "project_name", "tender_project_code", "tender_project_name", "lot_code",
        "lot_codes", "lot_name", "unified_code", "unified_codes", "related_code", "region", "trade_region",
        "principal_name", "principal_type", "principal_code", "principal_role", "agency_name", "agency_type",
        "agency_code", "agency_role", "winner_name", "winner_type", "winner_code", "winner_role", "supplier_name",
        "supplier_code", "bidder_type", "bidder_role", "published_at", "published_on", "created_at", "changed_at",
        "submitted_at", "url", "nature", "notice_type", "classification", "method", "organisation_form", "closes_at",
        "opens_at", "amount", "price_unit", "currency", "price_form", "platform_code", "service_platform_code",
        "data_timestamp", "trade_platform_no", "service_platform_no", "publisher_type", "passed_names", "estimate",
        "budget", "ceiling", "starting_price", "deposit", "announcement_guid", "attachment_set", "regulator_code",
        "venue_code", "reason",
    }
).union(SAME.values())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands around the values: whose record it is, under which key, and what was found while reading it."""

    system: str
    system_name: str
    data_key: str
    digest: str
    raw: str = ""
    findings: tuple[Finding, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    attachment_names: tuple[str, ...] = ()


def identity_errors(data_set: DataSet, values: Values) -> list[Finding]:
    """Title and date; the kind is the data set's own."""
    errors = []
    if not title_of(data_set, values):
        errors.append(Finding("required", "没有标题，也没有项目名称，无法确认是哪一条公告", _wire(data_set, "title")))
    if published_of(data_set, values) is None:
        message = "没有发布时间，无法确认是哪一条公告"
        errors.append(Finding("required", message, _wire(data_set, *data_set.published)))
    return errors


def notice_of(data_set: DataSet, values: Values, claim: Claim) -> NoticeReport:
    """Only for values without identity errors."""
    title = title_of(data_set, values)
    when = published_of(data_set, values)
    if when is None:
        raise ValueError("a notice needs a date")
    kind = kind_of(data_set, values, title)
    price, label = price_of(data_set, values, kind)
    return NoticeReport(
        system=claim.system, source_id=claim.data_key, source_digest=claim.digest, kind=kind, line=data_set.line,
        title=title, published_at=when[0], published_precision=when[1],
        project=ProjectClaim(_project_name(values) or words.project_name(title), _project_code(values, kind)),
        kind_as_reported=data_set.label, nature=NATURES.get(_text(values, "nature"), "normal"),
        body=_body(data_set, values, title, claim.attachment_names), attempt=words.attempt_of(title),
        lots=_lots(data_set, values), principal=_party(values, "principal"), agency=_party(values, "agency"),
        district=_text(values, "region") or _text(values, "trade_region") or None,
        method=_method(data_set, values), classification=_classification(values),
        opens_at=_moment(values, "opens_at_new") or _moment(values, "opens_at"), closes_at=_moment(values, "closes_at"),
        amount=price, amount_label=label if price else None, facts=drop_empty(facts_of(data_set, values, kind, price)),
        reason=_text(values, "reason") or None, attachments=claim.attachments, source_name=claim.system_name, source_url=_url(values),
        findings=(*claim.findings, *law_findings(data_set, values, kind)), raw=claim.raw,
    )  # fmt: skip


def title_of(data_set: DataSet, values: Values) -> str:
    title = _text(values, "title")
    name = _project_name(values)
    return " ".join((title or (f"{name}{kind_label(data_set.line, data_set.kind)}" if name else "")).split())


def published_of(data_set: DataSet, values: Values) -> tuple[datetime, str] | None:
    stated = next((_text(values, name) for name in data_set.published if _text(values, name)), "")
    if not stated:
        return None
    return (*parse_claimed(stated)[:1], "day" if len(stated) == 10 else "minute")


def kind_of(data_set: DataSet, values: Values, title: str) -> str:
    """The data set's kind, unless a code in the record, a withdrawal, or the words of an ending say otherwise."""
    if values.get("retreated_at"):
        return "termination"
    by_wire = {one.wire: one.name for one in data_set.fields}
    for wire, kinds in data_set.kinds.items():
        kind = kinds.get(_text(values, by_wire[wire]))
        if kind:
            return kind
    if data_set.kind in ("failure", "termination"):
        return words.ending_in(title) or data_set.kind
    return data_set.kind


def _wire(data_set: DataSet, *names: str) -> str | None:
    """The wire name by which the sender knows what is missing."""
    wanted = (*names, "project_name", "tender_project_name")
    return next((one.wire for name in wanted for one in data_set.fields if one.name == name), None)


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _project_name(values: Values) -> str:
    return _text(values, "project_name") or _text(values, "tender_project_name")


def _project_code(values: Values, kind: str) -> str | None:
    """The code all notices of one tender share. A plan comes before there is one and is joined by its name."""
    code = _text(values, "tender_project_code") or _text(values, "project_code")
    return code if 0 < len(code) <= LONGEST_CODE and kind != "plan" else None


def _party(values: Values, role: str) -> Named | None:
    name, code = _text(values, f"{role}_name"), _text(values, f"{role}_code")
    return Named(name, code if is_uscc(code) else None) if name else None


def _moment(values: Values, name: str) -> datetime | None:
    text = _text(values, name)
    return parse_claimed(text)[0] if text else None


def _url(values: Values) -> str | None:
    url = _text(values, "url")
    return url if url.startswith(("http://", "https://")) else None


def _method(data_set: DataSet, values: Values) -> str | None:
    code = _text(values, "method")
    table = PURCHASE_MODES if data_set.line == "procurement" else TENDER_MODES
    return table.get(code) or words.method_in(_text(values, "supply_method"))


def _classification(values: Values) -> str | None:
    listed = values.get("unified_codes")
    unified = _text(values, "unified_code") or (str(listed[0]) if isinstance(listed, list) and listed else "")
    stated = (_text(values, "classification"), unified[:3])
    return next((code for code in stated if code in codes.classifications()), None)


def _lots(data_set: DataSet, values: Values) -> tuple[LotClaim, ...]:
    """Codes and unified codes of several lots are paired in the order stated, when there are as many of each."""
    listed = values.get("unified_codes")
    unified = [str(one) for one in listed] if isinstance(listed, list) else []
    unified = unified or [_text(values, "unified_code")] * bool(_text(values, "unified_code"))
    stated = _text(values, "lot_codes") or _text(values, "lot_code")
    numbers = [one.strip() for one in stated.split(";") if 0 < len(one.strip()) <= LONGEST_CODE]
    count = max(len(unified), len(numbers))
    if unified and numbers and len(unified) != len(numbers):
        count, numbers = len(unified), []
    name = _text(values, "lot_name") if count == 1 else ""
    facts = (
        drop_empty({key: values.get(key) for key in ("area", "land_use", "term_years", "mineral")})
        if count == 1
        else {}
    )
    return tuple(
        _lot(name, numbers[index] if numbers else None, unified[index] if unified else None, facts)
        for index in range(count)
    )


def _lot(name: str, source_no: str | None, unified: str | None, facts: dict[str, object]) -> LotClaim:
    return LotClaim(name or source_no or unified or "", source_no, unified, facts)


def _body(data_set: DataSet, values: Values, title: str, attachment_names: tuple[str, ...]) -> tuple[Block, ...]:
    content = _text(values, "content")
    blocks = page_blocks(content) if "</" in content or "<br" in content else blocks_of(mend(content), title=title)
    pairs = [
        (one.label, _shown(values[one.name]))
        for one in data_set.fields
        if one.name in values
        and one.name not in _NOT_IN_BODY
        and one.base not in ("code", "party_code", "uscc", "money")
    ]
    names = tuple(paragraph(f"附件（由报送系统保存）：{name}") for name in attachment_names)
    return (*blocks, *facts_table(pairs), *names)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    return text[:16].replace("T", " ") if len(text) == 25 and text[10:11] == "T" else text
