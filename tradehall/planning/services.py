"""The two acts on plans: publish one, revise one. A published version never changes; a revision says why.

Refuses to begin a trade: a project that follows a plan is registered in `tenders`.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from tradehall.crypto.digests import sha256_hex
from tradehall.journal import services as journal
from tradehall.kernel import periods as lawful
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Stale, Violation, refuse_if
from tradehall.kernel.times import to_beijing
from tradehall.parties import selectors as parties
from tradehall.planning import rules
from tradehall.planning.models import Plan
from tradehall.planning.rules import PlanStatement
from tradehall.planning.selectors import statement_of
from tradehall.procedures import selectors as procedures
from tradehall.procedures.periods import as_lawful
from tradehall.reference.codes import is_region_code, work_calendar
from tradehall.reference.lines import lines

# Two-part advisory key: (this app, plan numbers).
_NUMBERS = (7503, 1)


@dataclass(frozen=True, slots=True)
class PlanPublished:
    """What an act leaves. `noted` are warnings of rules that do not refuse."""

    plan_no: str
    version: int
    noted: tuple[Violation, ...] = ()


@transaction.atomic
def publish_plan(*, by: Actor, at: datetime, statement: PlanStatement) -> PlanPublished:
    """Publish what is intended; the platform gives the number."""
    wrong = rules.publisher_violations(by, statement) or _unmandated(by, at, statement)
    refuse_if([*wrong, *_wrong_words(statement, at)])
    return _keep(_next_no(at), 1, statement, None, by.organisation, by=by, at=at, code="planning.publish_plan")


@transaction.atomic
def revise_plan(
    *, by: Actor, at: datetime, plan_no: str, version: int, statement: PlanStatement, reason: str
) -> PlanPublished:
    """The next version of a plan, stated in full; `version` is the one the reviser read."""
    newest = _lock(plan_no)
    if newest.version != version:
        words = f"{plan_no} 已有第 {newest.version} 版，您看到的是第 {version} 版"
        raise Stale(f"{words}；{rules.NOTHING_KEPT}，请重新打开后再改")
    old = statement_of(newest)
    wrong = rules.reviser_violations(by, old, newest.publisher) or _unmandated(by, at, old)
    wrong += [*rules.reason_violations(reason), *_wrong_words(statement, at), *_unlawful_changes(newest, statement)]
    refuse_if(wrong)
    return _keep(
        plan_no, version + 1, statement, reason.strip(), newest.publisher, by=by, at=at, code="planning.revise_plan"
    )


def _lock(plan_no: str) -> Plan:
    """The newest version, read after the first one is locked: two revisers stand in a line."""
    if Plan.objects.select_for_update().filter(plan_no=plan_no, version=1).first() is None:
        raise NotVisible(plan_no)
    return Plan.objects.filter(plan_no=plan_no).latest("version")


def _unmandated(by: Actor, at: datetime, statement: PlanStatement) -> list[Violation]:
    if not rules.is_for_client(by, statement):
        return []
    return parties.mandate_violations(by, at, statement.principal_uscc, statement.line, None)


def _wrong_words(statement: PlanStatement, at: datetime) -> list[Violation]:
    return rules.statement_violations(
        statement,
        day=to_beijing(at).date(),
        lines=frozenset(one.code for one in lines()),
        is_district=is_region_code(statement.district),
    )


def _unlawful_changes(newest: Plan, statement: PlanStatement) -> list[Violation]:
    old = statement_of(newest)
    if old == statement:
        return [Violation("planning.unchanged", "内容与现行版本相同，没有需要保存的修改", "statement")]
    if old.line != statement.line or old.principal_uscc not in (None, statement.principal_uscc):
        words = "修改计划不能更换发起方或者交易类别，请另行公开新的计划；没有保存任何内容"
        return [Violation("planning.another_plan", words, "statement")]
    return []


def _keep(
    plan_no: str, version: int, statement: PlanStatement, reason: str | None, publisher: str | None,
    *, by: Actor, at: datetime, code: str,
) -> PlanPublished:  # fmt: skip
    Plan.objects.create(
        plan_no=plan_no, version=version, reason=reason, publisher=publisher, published_at=at, **asdict(statement)
    )
    noted = tuple(_too_late(statement, at))
    digest = sha256_hex(rules.content(plan_no, version, statement))
    facts = {"line": statement.line, "digest_sha256": digest}
    journal.record(code=code, by=by, at=at, subject=Ref("plan", plan_no, version), facts=facts)
    return PlanPublished(plan_no, version, noted)


def _too_late(statement: PlanStatement, at: datetime) -> list[Violation]:
    """How long before the notice a plan should be public, where the definitions of its line say so; it only warns."""
    found = {}
    for definition in procedures.definitions():
        for period in definition.law.periods if definition.scope.line == statement.line else ():
            if period.from_ == "plan.published" and period.rule not in found:
                rule = as_lawful(period, procedures.register())
                expected = rules.latest_day(statement.expected_on)
                verdict = lawful.check_period(rule, at, expected, work_calendar(), field="expected_on")
                found[period.rule] = verdict.violation
    return [violation for violation in found.values() if violation is not None]


def _next_no(at: datetime) -> str:
    """One after the day's highest; the lock is held to the end of the transaction."""
    day = to_beijing(at).date()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", _NUMBERS)
    last = Plan.objects.filter(plan_no__startswith=rules.plan_no(day, 0)[:9]).order_by("-plan_no").first()
    return rules.plan_no(day, int(last.plan_no[9:]) + 1 if last else 1)
