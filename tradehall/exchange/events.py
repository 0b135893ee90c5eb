"""Process events: what happens in a connected system while it happens, for the eyes of those who supervise.

An event is never modified or deleted, and its session link is never followed from here. What the law keeps secret until
opening or award is journalled in sealed batches and shown to nobody but its own system until then.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tradehall.accounts.outgoing import address_problem
from tradehall.exchange import selectors
from tradehall.exchange.judging import Outcome
from tradehall.exchange.models import InboundRecord, ProcessEvent
from tradehall.exchange.registry.load import code_list
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import parse_claimed
from tradehall.reference.lines import line_of_classification, lines
from tradehall.tenders import selectors as tender_records
from tradehall.tenders.reports import Finding, NoticeReport, ProjectClaim

ACT = "exchange.report_event"
# 招标投标法 22 (who takes part), 37 and 38 (who judges, and how) and the like in the other lines.
SECRET_KINDS = frozenset(
    {
        "registered", "document_downloaded", "question_asked", "deposit_paid", "bid_received", "bid_withdrawn",
        "panel_drawn", "panel_signed_in", "evaluation_begun", "clarification_asked", "evaluation_ended",
    }
)  # fmt: skip
CODES = ("tender_project_code", "project_code", "lot_code", "unified_code")
MOST_AHEAD = timedelta(hours=12)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WIRES = {
    "event_kind": "EVENT_TYPE", "happened_at": "EVENT_TIME", "event_role": "ACTOR_ROLE", "event_digest": "EVENT_DIGEST",
    "session_url": "SESSION_URL",
}  # fmt: skip
Values = Mapping[str, object]


def judge(outcome: Outcome, at: datetime, *, is_rehearsal: bool) -> None:
    """Refuses what is no event at all; `is_rehearsal`: sessions may run on this very machine."""
    values = outcome.values
    if outcome.record.data_type != 1:
        outcome.refuse(Finding("data_type", "过程事件不能修改或删除；请另报一条事件", "data_type"))
        return
    if outcome.is_known:
        outcome.refuse(Finding("known_key", "这个 data_key 已报过另一事件，事件不能修改；请另用一个", "data_key"))
        return
    outcome.is_secret = is_secret(values)
    errors = [*_form(values), *_place_in_time(values, at), *_link(values, is_rehearsal)]
    if errors:
        outcome.refuse(*errors)
    if outcome.is_secret and not _text(values, "secret_until"):
        message = "没有报送保密至何时；在报送系统公开有关结果前，这一事件不向他人显示"
        outcome.findings.append(Finding("secret_until", message, "SECRET_UNTIL"))


def is_secret(values: Values) -> bool:
    return values.get("event_kind") in SECRET_KINDS or bool(values.get("secret_until"))


def new_subject() -> Ref:
    """Its number is random: a running one would count what must stay uncounted."""
    return Ref("event", f"E{secrets.token_hex(10)}")


def refuse_anothers(outcomes: Sequence[Outcome], *, by: Actor, at: datetime, message: Finding) -> None:
    """An event of a project that another system, or the platform itself, has made is nobody else's to report."""
    asked = [(outcome, report) for outcome in outcomes for report in _projects(outcome, by, at)]
    owners = tender_records.project_owners([report for _, report in asked]) if asked else []
    for (outcome, _), owner in zip(asked, owners, strict=True):
        if owner not in (None, by.id) and outcome.status == "accepted":
            outcome.refuse(message)


def keep(outcomes: Sequence[Outcome], rows: Mapping[str, InboundRecord], *, by: Actor, at: datetime) -> None:
    """One row and one entry an event; secret ones go into the sealed batches and have no public position."""
    line = selectors.system_line(by.id)
    made = [_event(outcome, rows[outcome.record.data_key], line, at) for outcome in outcomes]
    ProcessEvent.objects.bulk_create(made)
    for event in made:
        subject = Ref("event", event.event_no)
        if event.is_secret:
            journal.record_secret(
                code=ACT, by=by, at=at, subject=subject, facts=_facts(event), secret_until=event.secret_until
            )
        else:
            journal.record(code=ACT, by=by, at=at, subject=subject, facts=_facts(event))


def _facts(event: ProcessEvent) -> dict[str, object]:
    return {"kind": event.kind, "line": event.line, "role": event.role, "digest": event.digest}


def _event(outcome: Outcome, record: InboundRecord, line: str, at: datetime) -> ProcessEvent:
    values = outcome.values
    texts = {name: _text(values, name) for name in (*CODES, "from_state", "to_state", "region", "session_url")}
    return ProcessEvent(
        event_no=record.subject_no, record=record, system=record.system, kind=str(values["event_kind"]),
        line=_line_of(texts["unified_code"]) or line, role=str(values["event_role"]),
        project_code=texts["tender_project_code"] or texts["project_code"], lot_code=texts["lot_code"],
        unified_code=texts["unified_code"], district=texts["region"], from_state=texts["from_state"][:64],
        to_state=texts["to_state"][:64], digest=str(values["event_digest"]), link=texts["session_url"][:1000],
        link_until=_moment(values, "session_until"), is_secret=is_secret(values),
        secret_until=_moment(values, "secret_until"), happened_at=_moment(values, "happened_at") or at, received_at=at,
    )  # fmt: skip


def _form(values: Values) -> list[Finding]:
    found = []
    for name, words in (("event_kind", "process_event"), ("event_role", "process_role")):
        if values.get(name) not in code_list(words):
            found.append(_odd(name, "dictionary", f"没有报送或不在代码集 {words} 中，无法确认是什么事件"))
    if not _DIGEST.fullmatch(_text(values, "event_digest")):
        found.append(_odd("event_digest", "digest", "应为事件内容的 SHA-256，64 位小写十六进制"))
    if not any(_text(values, name) for name in CODES):
        found.append(
            Finding("required", "没有项目、标段编号或统一交易标识码，无法确认是哪一项目", "TENDER_PROJECT_CODE")
        )
    return found


def _place_in_time(values: Values, at: datetime) -> list[Finding]:
    happened = _moment(values, "happened_at")
    if happened is None:
        return [_odd("happened_at", "required", "没有发生时间")]
    if happened > at + MOST_AHEAD:
        words = f"发生时间比平台时间晚 {_hours(happened - at)} 小时；尚未发生的事件不能报送，请校准系统时钟"
        return [_odd("happened_at", "clock", words)]
    return []


def _link(values: Values, is_rehearsal: bool) -> list[Finding]:
    link = _text(values, "session_url")
    problem = address_problem(link, loopback=is_rehearsal) if link else None
    return [_odd("session_url", "address", f"会话地址{problem}")] if problem else []


def _hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)


def _odd(name: str, rule: str, message: str) -> Finding:
    return Finding(rule, message, _WIRES[name])


def _projects(outcome: Outcome, by: Actor, at: datetime) -> list[NoticeReport]:
    """Under whose key each stated code would stand, whatever the line."""
    stated = {_text(outcome.values, name) for name in CODES[:3]} - {""}
    return [
        NoticeReport(
            system=by.id, source_id=outcome.record.data_key, source_digest=outcome.digest, kind="tender_notice",
            line=one.code, title="", published_at=at, project=ProjectClaim("", code),
        )
        for code in sorted(stated)
        for one in lines()
    ]  # fmt: skip


def _line_of(unified_code: str) -> str:
    found = line_of_classification(unified_code) if unified_code else None
    return found.code if found else ""


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _moment(values: Values, name: str) -> datetime | None:
    text = _text(values, name)
    return parse_claimed(text)[0] if text else None
