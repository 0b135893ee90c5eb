"""Records about parties: organisations as reported, what authorities decided about them, and what was taken back.

A modified standing is the old one revoked and a new one stated; a deleted one is revoked. Registers nobody.
"""

from collections.abc import Mapping
from datetime import date, datetime

from tradehall.exchange import selectors
from tradehall.exchange.envelope import DELETE
from tradehall.exchange.judging import DELETED, Outcome
from tradehall.exchange.registry.load import code_list
from tradehall.exchange.registry.shape import DataSet
from tradehall.exchange.selectors import Prior
from tradehall.kernel.actor import Actor
from tradehall.kernel.identifiers import is_uscc
from tradehall.kernel.ref import Ref
from tradehall.parties import services as parties
from tradehall.tenders.reports import Finding

MODIFIED = "报送系统修改了这条记录"
_DETAILS = ("confined_action", "scope", "document_no", "certificate_no", "qualification_type", "qualification_grade",
            "handle_result", "content", "reason", "project_code", "project_name", "record_no")  # fmt: skip


def state(outcome: Outcome, prior: Prior | None, *, by: Actor, at: datetime) -> None:
    """Refuses, through the outcome, what lacks an identity; everything else is stated as received."""
    data_set = outcome.record.data_set
    if data_set is None:
        return
    if data_set.meaning == "organisation":
        _organisation(outcome, by, at)
    else:
        _standing(outcome, data_set, prior, by, at)


def _organisation(outcome: Outcome, by: Actor, at: datetime) -> None:
    values = outcome.values
    name, code = _text(values, "party_name")[:200], _text(values, "party_code")
    if outcome.record.data_type == DELETE:
        outcome.findings.append(Finding("kept", "主体不能删除；已记下，登记内容不变", "data_type", "3"))
        outcome.subject = Ref("organisation", code)
        return
    if not name:
        outcome.refuse(Finding("required", "没有法人名称", "LEGAL_NAME"))
    if not is_uscc(code):
        outcome.refuse(Finding("required", "没有统一社会信用代码，主体无法确认", "LEGAL_CODE"))
    if outcome.errors:
        return
    known = code_list("subject_role")
    roles = [known[one] for one in _text(values, "legal_role").split(";") if one in known]
    one = parties.report_organisation(
        by=by, at=at, uscc=code, name=name, roles=roles, district=_text(values, "region") or None
    )
    outcome.subject = Ref("organisation", code, one.version)


def _standing(outcome: Outcome, data_set: DataSet, prior: Prior | None, by: Actor, at: datetime) -> None:
    values = outcome.values
    is_deletion = outcome.record.data_type == DELETE
    errors = [] if is_deletion else _missing(data_set, values)
    if errors:
        outcome.refuse(*errors)
        return
    if prior is not None and prior.subject_kind == "standing":
        _revoke(prior.subject_no, _publisher(values, by), DELETED if is_deletion else MODIFIED, by, at)
        outcome.subject = Ref("standing", prior.subject_no)
    if is_deletion:
        return
    key = outcome.record.data_key
    source_id = key if prior is None else f"{key[:180]}#{prior.count + 1}"
    standing_no = _report(outcome, data_set, source_id, by, at)
    if data_set.meaning == "revocation":
        _revoke_listed(outcome, by, at)
    outcome.subject = Ref("standing", standing_no)


def _report(outcome: Outcome, data_set: DataSet, source_id: str, by: Actor, at: datetime) -> str:
    values = outcome.values
    code, name = _text(values, "party_code"), _text(values, "party_name")[:200]
    standing = parties.report_standing(
        by=by, at=at, kind=data_set.standing, party_name=name, uscc=code if is_uscc(code) else None,
        title=_text(values, "title") or f"{data_set.label}：{name}", publisher=_publisher(values, by),
        published_on=date.fromisoformat(_text(values, "published_on")), source_system=by.id, source_id=source_id,
        basis=_text(values, "basis"), from_on=_day(values, "from_on"), until_on=_day(values, "until_on"),
        line=data_set.line or None, details={key: values[key] for key in _DETAILS if key in values},
    )  # fmt: skip
    return standing.standing_no


def _revoke_listed(outcome: Outcome, by: Actor, at: datetime) -> None:
    values = outcome.values
    listed = selectors.blacklisted(by.id, _text(values, "record_no"))
    if listed is None:
        message = "本系统没有报送过这个编号的黑名单记录；撤销已收下，没有记录因此离开名单"
        outcome.findings.append(Finding("unknown_record", message, "BLACKLIST_CODE", _text(values, "record_no")))
        return
    _revoke(listed, _publisher(values, by), _text(values, "reason") or "撤销", by, at)


def _revoke(standing_no: str, publisher: str, reason: str, by: Actor, at: datetime) -> None:
    parties.revoke_standing(by=by, at=at, standing_no=standing_no, publisher=publisher, reason=reason)


def _missing(data_set: DataSet, values: Mapping[str, object]) -> list[Finding]:
    wires = {one.name: one.wire for one in data_set.fields}
    words = {"party_name": "没有主体名称", "published_on": "没有日期"}
    return [
        Finding("required", f"{message}，无法确认是哪一条记录", wires.get(name))
        for name, message in words.items()
        if not _text(values, name)
    ]


def _publisher(values: Mapping[str, object], by: Actor) -> str:
    return (_text(values, "publisher") or by.name)[:200]


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _day(values: Mapping[str, object], name: str) -> date | None:
    text = _text(values, name)
    return date.fromisoformat(text) if text else None
