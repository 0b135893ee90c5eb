"""Registering a project and its lots: the beginning of every native trade. Announces nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.identifiers import compute_unified_deal_check, is_uscc, normalise_unified_deal_code
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.kernel.times import to_beijing
from tradehall.parties import services as parties
from tradehall.reference import codes, lines, places
from tradehall.tenders import matching, numbers, rules
from tradehall.tenders.models import Lot, LotFact, Project, ProjectKey
from tradehall.tenders.reports import Named
from tradehall.tenders.rules import NewLot
from tradehall.tenders.services.native import writing
from tradehall.tenders.services.native.access import mandate_violations
from tradehall.tenders.services.shelf import lock_projects

CODE_LENGTH = 200


@transaction.atomic
def register_project(
    *,
    by: Actor,
    at: datetime,
    line: str,
    title: str,
    principal: Named,
    lots: Sequence[NewLot],
    agency: Named | None = None,
    district: str | None = None,
    code: str | None = None,
    operator_uscc: str | None = None,
) -> Project:
    """With `operator_uscc`, lots that state a classification get their unified deal code here."""
    lock_projects()
    found = lines.line(line)
    prefixes = found.classification_prefixes if found else ()
    roles = rules.roles_in_project(by, principal, agency, line, district)
    refuse_if(
        [
            *rules.role_violations("登记项目", roles, ("principal", "agency")),
            *mandate_violations(by, at, roles, principal.uscc, line, None),
            *_place_violations(found, district, operator_uscc),
            *_identity_violations(line, title, code),
            *rules.party_violations(principal, "principal"),
            *rules.party_violations(agency, "agency"),
            *(rules.lot_violations(lots, prefixes, codes.classifications()) if found else ()),
            *_taken(lots),
        ]
    )
    project = _project(at, line, title.strip(), principal, agency, district, code)
    _keep_keys(project)
    _keep_lots(project, lots, operator_uscc, at)
    parties.note_parties([(one.name, one.uscc) for one in (principal, agency) if one], at=at)
    facts = {"line": line, "lots": len(lots)}
    journal.record(
        code="tenders.register_project", by=by, at=at, subject=Ref("project", project.project_no), facts=facts
    )
    return project


def _place_violations(line: lines.Line | None, district: str | None, operator_uscc: str | None) -> list[Violation]:
    found = []
    if line is None:
        found.append(Violation("tenders.line", "没有这个交易类别", "line"))
    if district is not None and not places.is_region_code(district):
        found.append(Violation("tenders.district", f"没有这个行政区划代码：{district}", "district", "GB/T 2260"))
    if operator_uscc is not None and not is_uscc(operator_uscc):
        found.append(Violation("tenders.operator", "平台代码不是有效的统一社会信用代码", "operator_uscc", "GB 32100"))
    return found


def _identity_violations(line: str, title: str, code: str | None) -> list[Violation]:
    found = rules.text_violations(title, "title", "项目名称")
    if len(title) > rules.TITLE_LENGTH:
        found.append(Violation("tenders.title", f"项目名称不能超过 {rules.TITLE_LENGTH} 字", "title"))
    if code is not None and not 1 <= len(code.strip()) <= CODE_LENGTH:
        found.append(Violation("tenders.code", f"项目编号应为 1 至 {CODE_LENGTH} 字", "code"))
    known = Project.objects.filter(code=code, line=line, origin="native").first() if code else None
    if known is not None:
        message = f"项目编号 {code} 已登记为 {known.project_no}；没有再登记一次"
        found.append(Violation("tenders.code", message, "code", suggestion=known.project_no))
    return found


def _taken(lots: Sequence[NewLot]) -> list[Violation]:
    stated = [lot.unified_code for lot in lots if lot.unified_code]
    known = set(Lot.objects.filter(unified_code__in=stated).values_list("unified_code", flat=True))
    known |= {code for code in stated if stated.count(code) > 1}
    return [
        Violation("tenders.unified_code", f"统一交易标识码 {lot.unified_code} 已经用过", f"lots[{number}].unified_code")
        for number, lot in enumerate(lots)
        if lot.unified_code in known
    ]


def _project(
    at: datetime, line: str, title: str, principal: Named, agency: Named | None, district: str | None, code: str | None
) -> Project:
    prefix = _month_prefix(line, at)
    count = writing.next_number(prefix=prefix, column="project_no", table="tenders_project")
    return Project.objects.create(
        project_no=f"{prefix}{count:04d}", title=title, code=code, line=line, district=district, origin="native",
        principal_name=principal.name, principal_uscc=principal.uscc, agency_name=agency.name if agency else None,
        agency_uscc=agency.uscc if agency else None, created_at=at,
    )  # fmt: skip


def _month_prefix(line: str, at: datetime) -> str:
    prefix = lines.installed_line(line).number_prefix
    return numbers.native_project_no(prefix, to_beijing(at).date(), 0)[: -len("0000")]


def _keep_keys(project: Project) -> None:
    """Reports that name this project find it; a key somebody else's project answers to stays there."""
    found = [matching.name_key(project.line, project.title, project.principal_name)]
    if project.code:
        found.append(matching.code_key(project.line, project.code))
    ProjectKey.objects.bulk_create(
        [ProjectKey(key=key.digest, project=project) for key in found], ignore_conflicts=True
    )


def _keep_lots(project: Project, lots: Sequence[NewLot], operator_uscc: str | None, at: datetime) -> None:
    for number, stated in enumerate(lots, start=1):
        unified = stated.unified_code
        if unified is None and stated.classification and operator_uscc:
            unified = _unified_code(stated.classification, operator_uscc, at)
        lot = Lot.objects.create(
            lot_no=numbers.lot_no(project.project_no, number), project=project, number=number,
            name=stated.name.strip(), unified_code=normalise_unified_deal_code(unified) if unified else None,
        )  # fmt: skip
        if stated.classification:
            LotFact.objects.create(
                lot=lot,
                code="classification",
                value=stated.classification,
                stated_on=to_beijing(at).date(),
                recorded_at=at,
            )


def _unified_code(classification: str, operator_uscc: str, at: datetime) -> str:
    """The next code of this platform on this day, counted over all lots of the classification."""
    prefix = f"{classification}-{operator_uscc}-{to_beijing(at):%Y%m%d}-"
    last = Lot.objects.filter(unified_code__startswith=prefix).order_by("-unified_code").first()
    serial = int(str(last.unified_code)[len(prefix) : len(prefix) + 6]) + 1 if last else 1
    bare = f"{prefix.replace('-', '')}{serial:06d}"
    return f"{prefix}{serial:06d}-{compute_unified_deal_check(bare)}"
