"""One record of a message, on its way from what was sent to what the platform keeps of it.

Judges identity, keys and deletions against what is known. Writes nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tradehall.exchange import envelope, mapping
from tradehall.exchange.attachments import Taken
from tradehall.exchange.envelope import DELETE, MODIFY, Record
from tradehall.exchange.mapping import Claim
from tradehall.exchange.registry.compile import validator
from tradehall.exchange.selectors import Prior
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.tenders.reports import Attachment, Finding, NoticeReport

FILES, NAMES, REASON = "_attachments", "_attachment_names", "REASON"
DELETED = "报送系统删除了这条记录"
LONGEST_REASON = 500


@dataclass(slots=True)
class Outcome:
    """What became of one record; `report` is the notice it announces, `subject` the record that stands for it."""

    record: Record
    status: str = "accepted"
    findings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    digest: str = ""
    report: NoticeReport | None = None
    is_known: bool = False
    is_secret: bool = False
    subject: Ref | None = None

    def refuse(self, *errors: Finding) -> None:
        self.status = "refused"
        self.errors += errors


def judge(sent: object, known: Mapping[str, Prior]) -> Outcome:
    """Everything that can be said without writing: form, values, key, and whether anything is new."""
    record = envelope.open_record(sent)
    outcome = Outcome(record, digest=record.digest)
    if record.data_set is None or record.errors:
        outcome.refuse(*record.errors)
        return outcome
    prior = known.get(record.data_key)
    if record.data_type == DELETE:
        _judge_deletion(outcome, prior)
    else:
        checked = validator(record.data_set.name)(record.fields)
        outcome.values, outcome.findings = checked.values, checked.findings
        if checked.errors:
            outcome.refuse(*checked.errors)
    if outcome.status == "accepted":
        _judge_key(outcome, prior)
    return outcome


def make_report(outcome: Outcome, taken: Taken, by: Actor) -> None:
    """The notice of an accepted record; a record without title or date is refused here."""
    data_set = outcome.record.data_set
    if data_set is None:
        return
    if outcome.record.data_type == DELETE:
        outcome.report = _withdrawal(outcome, by)
        return
    errors = mapping.identity_errors(data_set, outcome.values)
    if errors:
        outcome.refuse(*errors)
        return
    claim = Claim(
        by.id, by.name, outcome.record.data_key, outcome.digest, outcome.record.raw, tuple(outcome.findings),
        tuple(taken.stored), tuple(taken.names),
    )  # fmt: skip
    outcome.report = mapping.notice_of(data_set, outcome.values, claim)


def keep_attachments(outcome: Outcome, taken: Taken) -> None:
    """With the clean record, so that a later deletion can still say what was published."""
    if taken.stored:
        fields = ("name", "sha256", "sm3", "size", "media_type", "version")
        outcome.values[FILES] = [{key: getattr(one, key) for key in fields} for one in taken.stored]
    if taken.names:
        outcome.values[NAMES] = list(taken.names)


def _judge_deletion(outcome: Outcome, prior: Prior | None) -> None:
    if prior is None:
        outcome.refuse(Finding("unknown_key", "没有这条记录可以删除", "data_key", outcome.record.data_key))
        return
    outcome.values = dict(prior.clean)
    if prior.data_type == DELETE:
        outcome.status = "unchanged"
        outcome.subject = subject_of(prior)
        outcome.findings.append(Finding("known_key", "这条记录已经删除", "data_type"))


def _judge_key(outcome: Outcome, prior: Prior | None) -> None:
    record = outcome.record
    if prior is None:
        if record.data_type == MODIFY:
            outcome.findings.append(Finding("unknown_key", "没有可修改的旧记录，按新增收下", "data_type", "2"))
        return
    outcome.is_known = True
    if record.data_set is not None and prior.data_set != record.data_set.name:
        message = f"这个 data_key 已用于数据集 {prior.data_set}，请另用一个"
        outcome.refuse(Finding("data_key", message, "data_key", record.data_key))
        return
    if prior.data_type == DELETE and record.data_type != DELETE:
        outcome.digest = hashlib.sha256(f"{prior.digest}{record.digest}".encode()).hexdigest()
    if outcome.digest in prior.digests:
        outcome.status = "unchanged"
        outcome.subject = subject_of(prior)
    elif record.data_type == envelope.ADD and prior.data_type != DELETE:
        outcome.findings.append(Finding("known_key", "这个 data_key 已有记录，按修改收下", "data_type", "1"))


def subject_of(prior: Prior) -> Ref:
    return Ref(prior.subject_kind, prior.subject_no, prior.subject_version)


def _withdrawal(outcome: Outcome, by: Actor) -> NoticeReport:
    """The notice as it stood, once more, marked as ended and with the reason: nothing published disappears."""
    data_set = outcome.record.data_set
    if data_set is None:
        raise ValueError("a withdrawal needs its data set")
    values = outcome.values
    files, names = values.get(FILES), values.get(NAMES)
    claim = Claim(
        by.id, by.name, outcome.record.data_key, outcome.digest, outcome.record.raw, tuple(outcome.findings),
        tuple(Attachment(**one) for one in files) if isinstance(files, list) else (),
        tuple(str(one) for one in names) if isinstance(names, list) else (),
    )  # fmt: skip
    stated = outcome.record.fields.get(REASON)
    reason = stated.strip()[:LONGEST_REASON] if isinstance(stated, str) else ""
    return replace(mapping.notice_of(data_set, values, claim), nature="termination", reason=reason or DELETED)
