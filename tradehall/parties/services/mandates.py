"""Acts about mandates: the principal gives one to an agency; either of them ends it early.

Nobody gives a mandate for another body, nor to one whose duties stand against it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from tradehall.accounts.oidc import families
from tradehall.documents import selectors as documents
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Stale, Violation, refuse_if
from tradehall.kernel.times import to_beijing
from tradehall.parties import mandates as held
from tradehall.parties.models import Mandate, MandateEnding, Organisation
from tradehall.parties.services.judging import apart_violations, lock_grants, powers, reason_violations
from tradehall.reference.lines import lines as installed_lines

DIGEST = re.compile("[0-9a-f]{64}")


@transaction.atomic
def give_mandate(
    *,
    by: Actor,
    at: datetime,
    agency_uscc: str,
    from_on: date,
    until_on: date,
    document_sha256: str,
    lines: Sequence[str] = (),
    projects: Sequence[str] = (),
) -> Mandate:
    """`by` acts for the principal. The paper has been stored before; its digest is what the log keeps."""
    lock_grants()
    principal = Organisation.objects.filter(uscc=by.organisation or "").first()
    agency = Organisation.objects.filter(uscc=agency_uscc).first()
    refuse_if(
        [
            *_giver_violations(by, at, principal),
            *_agency_violations(by, agency_uscc, agency),
            *_scope_violations(lines, projects),
            *_period_violations(at, from_on, until_on),
            *_paper_violations(document_sha256),
        ]
    )
    mandate = Mandate(
        mandate_no=_next_no(at), principal=principal, agency=agency, lines=sorted(set(lines)),
        projects=sorted(set(projects)), from_on=from_on, until_on=until_on, document_sha256=document_sha256,
        given_at=at,
    )  # fmt: skip
    since = held.midnight(from_on)
    found = [one for duty in held.duties_of(mandate) for one in apart_violations(duty, since, "agency_uscc")]
    refuse_if(dict.fromkeys(found))
    mandate.save(force_insert=True)
    facts = {
        "principal": by.organisation, "agency": agency_uscc, "lines": mandate.lines, "projects": mandate.projects,
        "until": until_on.isoformat(), "document_sha256": document_sha256,
    }  # fmt: skip
    subject = Ref("mandate", mandate.mandate_no)
    journal.record(code="parties.give_mandate", by=by, at=at, subject=subject, facts=facts)
    return mandate


@transaction.atomic
def end_mandate(*, by: Actor, at: datetime, mandate_no: str, reason: str) -> MandateEnding:
    lock_grants()
    found = held.mandate(mandate_no, at)
    if found is None or not _is_party(by, at, found.mandate):
        raise NotVisible(mandate_no)
    if found.state == "ended":
        raise Stale("这份委托已经终止；没有保存任何内容")
    refuse_if(reason_violations(reason))
    ending = MandateEnding.objects.create(mandate=found.mandate, reason=reason.strip(), ended_at=at)
    families.end(cause="mandate_ended", organisation_code=found.mandate.agency_id)
    subject = Ref("mandate", mandate_no)
    journal.record(code="parties.end_mandate", by=by, at=at, subject=subject, facts={"by": by.organisation})
    return ending


def _giver_violations(by: Actor, at: datetime, principal: Organisation | None) -> list[Violation]:
    if principal is not None and powers(by, at) & {"principal", "steward"}:
        return []
    return [Violation("parties.principal", "委托书只能由委托单位的招标经办人或者授权管理人出具", "by")]


def _agency_violations(by: Actor, agency_uscc: str, agency: Organisation | None) -> list[Violation]:
    if agency is None:
        words = f"主体库中没有这个单位：{agency_uscc[:18]}；请先登记"
        return [Violation("parties.agency", words, "agency_uscc")]
    if agency_uscc == by.organisation:
        return [Violation("parties.agency", "不能委托本单位", "agency_uscc")]
    return []


def _scope_violations(lines: Sequence[str], projects: Sequence[str]) -> list[Violation]:
    if not lines and not projects:
        return [Violation("parties.scope", "请指明委托的交易类别或者项目", "lines")]
    installed = {one.code for one in installed_lines()}
    return [Violation("parties.scope", f"没有这个交易类别：{one}", "lines") for one in lines if one not in installed]


def _period_violations(at: datetime, from_on: date, until_on: date) -> list[Violation]:
    today = to_beijing(at).date()
    if from_on < today:
        return [Violation("parties.period", f"起始日期不能早于今日 {today}", "from_on", suggestion=today.isoformat())]
    if until_on < from_on:
        return [Violation("parties.period", f"截止日期 {until_on} 早于起始日期 {from_on}", "until_on")]
    return []


def _paper_violations(document_sha256: str) -> list[Violation]:
    try:
        if DIGEST.fullmatch(document_sha256) and documents.stored_file(document_sha256):
            return []
    except NotVisible:
        pass
    return [Violation("parties.paper", "请上传签章的委托书", "document")]


def _is_party(by: Actor, at: datetime, mandate: Mandate) -> bool:
    mine = powers(by, at)
    is_principal = by.organisation == mandate.principal_id and bool(mine & {"principal", "steward"})
    return is_principal or (by.organisation == mandate.agency_id and bool(mine & {"agency", "steward"}))


def _next_no(at: datetime) -> str:
    prefix = f"W{to_beijing(at):%Y%m%d}"
    last = Mandate.objects.filter(mandate_no__startswith=prefix).order_by("-mandate_no").first()
    return f"{prefix}{int(last.mandate_no[len(prefix) :]) + 1 if last else 1:04d}"
