"""The act of receiving: many records of one system in one transaction, each with its receipt.

A bad record costs only itself. Nothing received is ever changed or deleted here; what is unlawful is found, not refused.
"""

import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from tradehall.exchange import attachments, events, judging, quality, refusals, sealing, selectors, standings
from tradehall.exchange.envelope import DELETE
from tradehall.exchange.judging import Outcome
from tradehall.exchange.keeping import keep_records
from tradehall.exchange.models import InboundRecord
from tradehall.exchange.quality import KEPT
from tradehall.exchange.registry.shape import DataSet
from tradehall.exchange.selectors import Prior
from tradehall.journal import services as journal
from tradehall.journal.clock import is_movable
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Refusal, Violation
from tradehall.tenders import selectors as tender_records
from tradehall.tenders import services as tenders
from tradehall.tenders.reports import Finding

MAX_RECORDS = 1_000
# Two-part advisory key: (this app, system). Messages of one system are received one after the other.
_LOCK = 7503
_ALONE = ("notice", *KEPT)
_NOT_YOURS = Finding("403", "这个项目由另一系统报送，本系统无权为它报送记录；没有保存这条记录", "fields")


def receive_records(sent: Sequence[object], *, by: Actor, at: datetime) -> list[Outcome]:
    """Outcomes in the order sent. `by` is the trading system; its code is part of the identity of every record."""
    if len(sent) > MAX_RECORDS:
        message = f"一次最多 {MAX_RECORDS} 条记录，收到 {len(sent)} 条；没有保存任何记录，请分批报送"
        raise Refusal([Violation("too_many_records", message, "records")])
    with transaction.atomic():
        _lock(by.id)
        subject = Ref("message", f"M{secrets.token_hex(10)}")
        known = selectors.priors(by.id, _keys(sent))
        outcomes = []
        for one in sent:
            outcome = judging.judge(one, known)
            _judge_time(outcome, at)
            _act(outcome, known.get(outcome.record.data_key), by, at)
            _remember(outcome, known)
            outcomes.append(outcome)
        _refuse_anothers([one for one in outcomes if one.report and not one.is_known], by)
        events.refuse_anothers(_events(outcomes), by=by, at=at, message=_NOT_YOURS)
        _report([one for one in outcomes if one.report], by, at)
        rows = _keep(outcomes, subject, by, at)
        refusals.keep(sent, outcomes, system=by.id, at=at)
        quality.count(outcomes, refusals.settle(outcomes, system=by.id, at=at), system=by.id, at=at)
        events.keep(_events(outcomes), rows, by=by, at=at)
        _record(outcomes, subject, by, at)
    return outcomes


def _lock(system: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", (_LOCK, system))


def _keys(sent: Sequence[object]) -> set[str]:
    keys = (one.get("data_key") for one in sent if isinstance(one, dict))
    return {text for text in (str(key) for key in keys if isinstance(key, str | int)) if _is_storable(text)}


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _judge_time(outcome: Outcome, at: datetime) -> None:
    """What can only be said against the platform's clock."""
    data_set = outcome.record.data_set
    if outcome.status != "accepted" or data_set is None:
        return
    if data_set.meaning == "event":
        events.judge(outcome, at, is_rehearsal=is_movable())
    if outcome.record.data_type != DELETE:
        outcome.findings += quality.clock_findings(data_set, outcome.values, at)


def _events(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.status == "accepted" and _meaning(one) == "event"]


def _meaning(outcome: Outcome) -> str:
    return outcome.record.data_set.meaning if outcome.record.data_set else ""


def _act(outcome: Outcome, prior: Prior | None, by: Actor, at: datetime) -> None:
    """What one record does by itself; notices are only made here and recorded together afterwards."""
    data_set = outcome.record.data_set
    if outcome.status != "accepted" or data_set is None:
        return
    writes = outcome.record.attachments or data_set.meaning not in _ALONE
    try:
        with transaction.atomic() if writes else nullcontext():
            _state(outcome, data_set, prior, by, at)
    except Refusal as refusal:
        outcome.refuse(*(Finding(one.code, one.message, one.field) for one in refusal.violations))


def _state(outcome: Outcome, data_set: DataSet, prior: Prior | None, by: Actor, at: datetime) -> None:
    taken = attachments.take(outcome.record.attachments, by=by, at=at)
    if taken.errors:
        outcome.refuse(*taken.errors)
    elif data_set.meaning == "notice":
        judging.make_report(outcome, taken, by)
    elif data_set.meaning not in KEPT:
        standings.state(outcome, prior, by=by, at=at)
    if outcome.status == "accepted":
        judging.keep_attachments(outcome, taken)


def _refuse_anothers(outcomes: list[Outcome], by: Actor) -> None:
    """A new notice may not join a project that another system, or the platform itself, has made."""
    reports = [one.report for one in outcomes if one.report is not None]
    owners = tender_records.project_owners(reports)
    for outcome, report, owner in zip(outcomes, reports, owners, strict=True):
        if owner not in (None, by.id):
            outcome.report = None
            outcome.refuse(replace(_NOT_YOURS, value=report.project.code or report.project.name))


def _remember(outcome: Outcome, known: dict[str, Prior]) -> None:
    """The next record of the same message under the same key sees this one."""
    record = outcome.record
    if outcome.status != "accepted" or record.data_set is None:
        return
    before = known.get(record.data_key)
    subject = outcome.subject or Ref("message", "pending")
    one = Prior(
        record.data_set.name, record.data_type, outcome.digest, outcome.values, subject.kind, subject.no,
        subject.version, {outcome.digest} | (before.digests if before else set()), before.count + 1 if before else 1,
    )  # fmt: skip
    known[record.data_key] = one


def _report(outcomes: list[Outcome], by: Actor, at: datetime) -> None:
    """One act for all; when it is refused as a whole, one by one."""
    if not outcomes:
        return
    reports = [one.report for one in outcomes if one.report is not None]
    try:
        with transaction.atomic():
            receipts = tenders.record_notices(reports, by=by, at=at)
    except Refusal as refusal:
        if len(outcomes) == 1:
            outcomes[0].refuse(*(Finding(one.code, one.message, one.field) for one in refusal.violations))
            return
        for outcome in outcomes:
            _report([outcome], by, at)
        return
    for outcome, receipt in zip(outcomes, receipts, strict=True):
        outcome.subject = Ref("notice", receipt.notice_no, receipt.version)


def _keep(outcomes: list[Outcome], message: Ref, by: Actor, at: datetime) -> dict[str, InboundRecord]:
    """The new rows by key; of several under one key the last."""
    rows = []
    for outcome in outcomes:
        if outcome.status != "accepted" or outcome.record.data_set is None:
            continue
        outcome.subject = outcome.subject or (events.new_subject() if _meaning(outcome) == "event" else message)
        rows.append(_row(outcome, outcome.record.data_set, outcome.subject, by.id, at))
    keep_records(rows)
    return {row.data_key: row for row in rows}


def _row(outcome: Outcome, data_set: DataSet, subject: Ref, system: str, at: datetime) -> InboundRecord:
    key = outcome.record.data_key
    return InboundRecord(
        system=system, data_set=data_set.name, data_key=key, data_type=outcome.record.data_type, digest=outcome.digest,
        clean=sealing.sealed_values(data_set.name, outcome.values, sealing.row_of(system, key)),
        findings=[[one.rule, one.field] for one in outcome.findings],
        claimed_at=quality.claimed_at(data_set, outcome.values, at), subject_kind=subject.kind, subject_no=subject.no,
        subject_version=subject.version, received_at=at,
    )  # fmt: skip


def _record(outcomes: list[Outcome], message: Ref, by: Actor, at: datetime) -> None:
    """One entry a message, with counts only: what was kept and not published must not be guessable from the log.

    Events have entries of their own, and the secret ones may not even be counted.
    """
    told = [one for one in outcomes if _meaning(one) != "event"]
    counts = {status: sum(one.status == status for one in told) for status in ("accepted", "unchanged", "refused")}
    if counts["accepted"]:
        journal.record(code="exchange.receive_records", by=by, at=at, subject=message, facts=counts)
