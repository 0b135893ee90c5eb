"""Reads of plans. Everything published is public; of a list only the newest versions count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Q

from tradehall.kernel.refusal import NotVisible
from tradehall.planning.models import Plan
from tradehall.planning.rules import PlanChange, PlanStatement, changes


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version as published; `changes` against the one before, empty for the first."""

    plan_no: str
    version: int
    statement: PlanStatement
    published_at: datetime
    reason: str | None = None
    changes: tuple[PlanChange, ...] = ()


def plan(plan_no: str, version: int | None = None) -> PlanVersion:
    """The newest version, or exactly the one asked for."""
    found = versions(plan_no)
    chosen = [one for one in found if version in (None, one.version)]
    if not chosen:
        raise NotVisible(plan_no)
    return chosen[-1]


def versions(plan_no: str) -> tuple[PlanVersion, ...]:
    """From the first to the newest."""
    found = [_value(row) for row in Plan.objects.filter(plan_no=plan_no).order_by("version")]
    return tuple(found[:1]) + tuple(_with_changes(old, new) for old, new in pairwise(found))


def plans(
    *, line: str | None = None, district: str | None = None, expected_from: str | None = None,
    after: tuple[str, str] | None = None, limit: int = 50,
) -> tuple[PlanVersion, ...]:  # fmt: skip
    """Newest versions by expected time; `after` is (expected_on, plan_no) of the last one shown."""
    newest = Plan.objects.order_by("plan_no", "-version").distinct("plan_no").values("pk")
    found = Plan.objects.filter(pk__in=newest)
    if line is not None:
        found = found.filter(line=line)
    if district is not None:
        found = found.filter(district__startswith=_within(district))
    if expected_from is not None:
        found = found.filter(expected_on__gte=expected_from)
    if after is not None:
        expected_on, plan_no = after
        found = found.filter(Q(expected_on__gt=expected_on) | Q(expected_on=expected_on, plan_no__gt=plan_no))
    return tuple(_values(found.order_by("expected_on", "plan_no")[:limit]))


def _within(district: str) -> str:
    """`310000` holds all of 31, `330100` all of 3301."""
    return district[:2] if district.endswith("0000") else district[:4] if district.endswith("00") else district


def _values(rows: Iterable[Plan]) -> Iterable[PlanVersion]:
    return (_value(row) for row in rows)


def _with_changes(old: PlanVersion, new: PlanVersion) -> PlanVersion:
    found = tuple(changes(old.statement, new.statement))
    return PlanVersion(new.plan_no, new.version, new.statement, new.published_at, new.reason, found)


def statement_of(row: Plan) -> PlanStatement:
    return PlanStatement(
        row.principal_name, row.principal_uscc, row.line, row.subject, row.estimate_cents, row.expected_on,
        row.district, row.funds,
    )  # fmt: skip


def _value(row: Plan) -> PlanVersion:
    return PlanVersion(row.plan_no, row.version, statement_of(row), row.published_at, row.reason)
