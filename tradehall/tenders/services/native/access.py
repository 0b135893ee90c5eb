"""Loads what a native act needs and authorises in the same call; what is not yours is as absent as what does not exist.

The project's row is the lock of everything below it: acts on one project stand in a line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Violation, refuse_if
from tradehall.kernel.times import format_minute, to_beijing
from tradehall.parties import selectors as parties
from tradehall.procedures import selectors as procedures
from tradehall.procedures.grades import with_grade
from tradehall.procedures.rules import Definition
from tradehall.reference.codes import work_calendar
from tradehall.tenders import rules, selectors
from tradehall.tenders.models import Attempt, Ending, Hold, Lot, LotFact, NoticeLot, Project
from tradehall.tenders.reports import Named
from tradehall.tenders.rules import LINK_OF_KIND
from tradehall.tenders.timetable import BEGINS, Books, Fixed


@dataclass(frozen=True, slots=True)
class Entered:
    """A project somebody may act on, and the roles he has in it."""

    project: Project
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Target:
    """A lot with its newest attempt and what was announced in that attempt."""

    lot: Lot
    attempt: Attempt | None
    ending: Ending | None
    announced: frozenset[str]
    facts: dict[str, object]

    @property
    def is_running(self) -> bool:
        return self.attempt is not None and self.ending is None


def books() -> Books:
    return Books(work_calendar(), procedures.register())


def enter(project_no: str, *, by: Actor, at: datetime) -> Entered:
    """An agency enters with a mandate of the principal, and only while it acts for that principal."""
    project = Project.objects.select_for_update(no_key=True).filter(project_no=project_no, origin="native").first()
    if project is None:
        raise NotVisible(project_no)
    roles = rules.roles_in_project(by, principal_of(project), agency_of(project), project.line, project.district)
    if not roles:
        raise NotVisible(project_no)
    refuse_if(mandate_violations(by, at, roles, project.principal_uscc, project.line, project_no))
    return Entered(project, roles)


def mandate_violations(
    by: Actor, at: datetime, roles: frozenset[str], principal: str | None, line: str, project_no: str | None
) -> list[Violation]:
    """Only of who is here as an agency and as nothing else."""
    if roles != {"agency"}:
        return []
    return parties.mandate_violations(by, at, principal, line, project_no)


def principal_of(project: Project) -> Named:
    return Named(project.principal_name or "", project.principal_uscc)


def agency_of(project: Project) -> Named | None:
    return Named(project.agency_name, project.agency_uscc) if project.agency_name else None


def targets(project: Project, lot_nos: Sequence[str] | None = None) -> list[Target]:
    """The lots asked for, or all of them."""
    lots = [lot for lot in selectors.lots(project.project_no) if lot_nos is None or lot.lot_no in lot_nos]
    if lot_nos is not None and len(lots) != len(set(lot_nos)):
        raise NotVisible("、".join(sorted(set(lot_nos) - {lot.lot_no for lot in lots})))
    newest = {a.lot_id: a for a in Attempt.objects.filter(lot__in=lots, origin="native").order_by("number")}
    endings = {e.attempt_id: e for e in Ending.objects.filter(attempt__in=newest.values())}
    facts = _facts(lots)
    return [_target(lot, newest.get(lot.lot_no), endings, facts.get(lot.lot_no, {})) for lot in lots]


def running(found: Iterable[Target]) -> list[Attempt]:
    return [one.attempt for one in found if one.attempt is not None and one.ending is None]


def not_running(found: Sequence[Target]) -> list[Violation]:
    """Nothing under way, or lots that stand in different attempts: the act would not know what it is about."""
    attempts = running(found)
    if not attempts:
        return [Violation("tenders.not_running", "项目没有正在进行的交易；没有保存任何内容", "project_no")]
    if len({attempt.number for attempt in attempts}) > 1:
        return [Violation("tenders.mixed_attempts", "各标段处于不同次数的交易，请分别办理", "lot_nos")]
    if len({(attempt.definition_id, attempt.definition_version, attempt.grade) for attempt in attempts}) > 1:
        return [Violation("tenders.mixed_attempts", "各标段适用的交易规则不同，请分别办理", "lot_nos")]
    return []


def mixed_terms(attempts: Sequence[Attempt]) -> list[Violation]:
    """Lots announced with different times cannot be given new ones together."""
    known = {tuple(sorted((m, one.value_at) for m, one in fixed_terms(attempt).items())) for attempt in attempts}
    if len(known) <= 1:
        return []
    return [Violation("tenders.mixed_terms", "各标段的时间不同，请按标段分别办理", "lot_nos")]


def definition(definition_id: str, at: datetime) -> Definition:
    """The version in force on the day of the act."""
    try:
        return procedures.definition(definition_id, to_beijing(at).date())
    except NotVisible:
        message = f"当日没有有效的交易规则 {definition_id[:60]}；没有保存任何内容，请在交易规则中选择"
        raise Refusal([Violation("tenders.definition", message, "definition_id")]) from None


def pinned(attempt: Attempt) -> Definition:
    """What the attempt was begun under, read under its grade."""
    if attempt.definition_id is None or attempt.definition_version is None:
        raise NotVisible(str(attempt))
    value = procedures.pinned(attempt.definition_id, attempt.definition_version)
    return with_grade(value, attempt.grade) if attempt.grade else value


def held(attempts: Iterable[Attempt], act: str, at: datetime) -> list[Violation]:
    """Each hold in the way, once however many lots it stands on."""
    found: dict[tuple[str, datetime], Hold] = {}
    for attempt in attempts:
        found.update({(hold.basis, hold.from_at): hold for hold in selectors.holds(attempt, act, at)})
    return [
        Violation(
            "tenders.held", f"交易自 {format_minute(hold.from_at)} 起暂停，恢复前不能办理", "project_no", hold.basis
        )
        for hold in found.values()
    ]


def fixed_terms(attempt: Attempt) -> dict[str, Fixed]:
    """The terms in force, by moment."""
    found = {}
    for term in selectors.terms(attempt).values():
        moment = str(term.inputs.get("moment", term.code))
        found[moment] = Fixed(moment, to_beijing(term.value_at), term.floor_at, term.rule, dict(term.inputs))
    return found


def begun(project: Project, number: int) -> dict[str, datetime]:
    """When each announcement of the project was first published: what its periods are counted from."""
    found: dict[str, datetime] = {}
    for value in selectors.project_notices(project.project_no):
        link = LINK_OF_KIND.get(str(value["kind"]))
        stands = value["nature"] != "termination"
        if link and stands and (link in ("plan", "pre_disclosure") or value["attempt"] == number):
            first = selectors.versions(str(value["notice_no"]))[0]
            found.setdefault(BEGINS[link], to_beijing(first.recorded_at))
    return found


def classification(found: Sequence[Target]) -> str | None:
    codes = (rules.classification_of(one.lot.unified_code, one.facts.get("classification")) for one in found)
    return next((code for code in codes if code), None)


def _facts(lots: Sequence[Lot]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for fact in LotFact.objects.filter(lot__in=lots).order_by("id"):
        found.setdefault(fact.lot_id, {})[fact.code] = fact.value
    return found


def _target(lot: Lot, attempt: Attempt | None, endings: dict[int, Ending], facts: dict[str, object]) -> Target:
    if attempt is None:
        return Target(lot, None, None, frozenset(), facts)
    named = NoticeLot.objects.filter(lot=lot, notice__attempt=attempt.number, notice__origin="native")
    kinds = frozenset(kind for kind in named.values_list("notice__kind", flat=True) if rules.is_announcement(kind))
    return Target(lot, attempt, endings.get(attempt.pk), kinds, facts)
