"""Acts of the centre on a registration: compare with the authority, accept, return with a reason.

The comparison keeps differences only. Accepting proves the dossier: its party is known from then on in every market.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Stale, Violation, refuse_if
from tradehall.parties import authority
from tradehall.parties import registration_reads as reads
from tradehall.parties import registration_rules as rules
from tradehall.parties.models import Comparison, Dossier, Organisation, RegistrationStep
from tradehall.parties.services.organisations import register_organisation

REASON = 500
STATUS = {
    "alike": "一致",
    "different": "有差异",
    "unknown": "查无此主体",
    "ended": "已注销或吊销",
    "silent": "未能比对",
}


def compare_registration(*, by: Actor, at: datetime, registration_no: str) -> Comparison:
    """Ask the authority, outside any transaction, and keep what differs; its silence is kept as well."""
    reads.demand_examiner(by)
    dossier = _submitted(registration_no).registration.dossier
    if dossier.is_natural:
        refuse_if([Violation("natural_person", "自然人没有可供比对的登记机关；请核对身份证件后写明核对方式")])
    outcome = _ask(dossier)
    with transaction.atomic():
        made = Comparison.objects.create(dossier=dossier, compared_by=by.id, compared_at=at, **outcome)
        facts = {"status": made.status, "differences": [one["label"] for one in made.changes]}
        subject = Ref("registration", registration_no)
        journal.record(code="parties.compare_registration", by=by, at=at, subject=subject, facts=facts)
    return made


@transaction.atomic
def accept_registration(*, by: Actor, at: datetime, registration_no: str, reason: str = "") -> RegistrationStep:
    """What was submitted stands. Needs a reason wherever the authority did not say the same."""
    found, dossier = _examined(by, registration_no)
    submitted = reads.steps(found.registration)[-1]
    versions = reads.on_file(dossier).versions
    refuse_if(
        [
            *_changed_violations(submitted, versions),
            *_comparison_violations(dossier, submitted, reason),
            *_rival_violations(dossier),
        ]
    )
    step = RegistrationStep.objects.create(
        registration=found.registration, kind="accepted", acted_by=by.id, acted_at=at, reason=reason.strip(),
        details={"items": versions},
    )  # fmt: skip
    _prove(dossier, found.registration.role, at)
    facts = {"role": found.registration.role, "line": found.registration.line, "has_reason": bool(reason.strip())}
    subject = Ref("registration", registration_no)
    journal.record(code="parties.accept_registration", by=by, at=at, subject=subject, facts=facts)
    return step


@transaction.atomic
def return_registration(*, by: Actor, at: datetime, registration_no: str, reason: str) -> RegistrationStep:
    """Back to the party, with what to change; what was accepted before stays in force."""
    found, _ = _examined(by, registration_no)
    refuse_if(_reason_violations(reason, "请写明退回的理由和需要补正的内容"))
    step = RegistrationStep.objects.create(
        registration=found.registration, kind="returned", acted_by=by.id, acted_at=at, reason=reason.strip()
    )
    subject = Ref("registration", registration_no)
    journal.record(code="parties.return_registration", by=by, at=at, subject=subject, facts={})
    return step


def _submitted(registration_no: str) -> reads.RegistrationState:
    found = reads.registration(registration_no)
    if found.state == "draft":
        raise NotVisible(registration_no)
    return found


def _examined(by: Actor, registration_no: str) -> tuple[reads.RegistrationState, Dossier]:
    """Under the dossier's lock, while it waits; nobody examines what he opened or submitted himself."""
    reads.demand_examiner(by)
    dossier_no = _submitted(registration_no).registration.dossier_id
    dossier = Dossier.objects.select_for_update().get(dossier_no=dossier_no)
    found = reads.registration(registration_no)
    if found.state != "submitted":
        raise Stale(registration_no)
    people = {
        dossier.opened_by,
        *(step.acted_by for step in reads.steps(found.registration) if step.kind == "submitted"),
    }
    words = "不能审核自己办理的登记；没有保存任何内容，请由其他人员审核"
    refuse_if([Violation("own_registration", words)] if by.id in people else [])
    return found, dossier


def _ask(dossier: Dossier) -> dict[str, Any]:
    try:
        facts = authority.look_up(dossier.party_no)
    except authority.AuthoritySilent as silent:
        return {"source_name": "", "status": "silent", "reason": str(silent), "changes": []}
    if facts is None:
        return {"source_name": "", "status": "unknown", "reason": "权威来源查无此代码", "changes": []}
    held = reads.on_file(dossier)
    stated = held.profile.details if held.profile else {}
    found = rules.differences(stated, facts.fields)
    found += rules.certificate_differences(held.qualifications, facts.certificates)
    changes = [{"label": one.label, "old": one.stated, "new": one.found} for one in found]
    status = "ended" if not facts.is_active else "different" if changes else "alike"
    return {"source_name": facts.source, "status": status, "reason": "", "changes": changes}


def _changed_violations(submitted: RegistrationStep, versions: dict[str, int]) -> list[Violation]:
    if submitted.details.get("items") == versions:
        return []
    return [Violation("changed", "提交之后资料有变动；没有通过，请退回，由其重新提交后再审核")]


def _comparison_violations(dossier: Dossier, submitted: RegistrationStep, reason: str) -> list[Violation]:
    """A comparison newer than the submission that found no difference needs no words; anything else does."""
    last = reads.newest_comparison(dossier)
    is_current = last is not None and last.compared_at >= submitted.acted_at
    if is_current and last is not None and last.status == "ended":
        return [Violation("ended", "权威来源表明该主体已注销或吊销；不能通过，请退回", basis="市场主体登记管理条例 31")]
    if is_current and last is not None and last.status == "alike":
        return []
    words = STATUS[last.status] if is_current and last else "尚未比对"
    return _reason_violations(reason, f"与权威来源{words}：请写明如何核对、为何仍可通过")


def _rival_violations(dossier: Dossier) -> list[Violation]:
    rival = reads.proved_dossier(dossier.party_no)
    if rival is None or rival.dossier_no == dossier.dossier_no:
        return []
    return [Violation("taken", "该主体已由他人证明并登记；不能通过，请退回")]


def _reason_violations(reason: str, words: str) -> list[Violation]:
    if 0 < len(reason.strip()) <= REASON:
        return []
    return [Violation("reason", f"{words}（不超过 {REASON} 字）；没有保存", field="reason")]


def _prove(dossier: Dossier, role: str, at: datetime) -> None:
    if dossier.proved_at is None:
        dossier.proved_at = at
        dossier.save(update_fields=["proved_at"])
    if dossier.is_natural:
        return
    profile = reads.on_file(dossier).profile
    details = profile.details if profile else {}
    known = Organisation.objects.filter(uscc=dossier.party_no).first()
    roles = {*(known.roles if known else ()), role}
    register_organisation(
        by=PLATFORM, at=at, uscc=dossier.party_no, name=details["name"], roles=sorted(roles),
        district=details.get("district"),
    )  # fmt: skip
