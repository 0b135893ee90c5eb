"""Reads about mandates: whether an agency may act for a principal on a day, and which papers it holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import Violation
from tradehall.kernel.times import BEIJING, to_beijing
from tradehall.parties.duties import Duty
from tradehall.parties.models import Mandate, MandateEnding

ENDINGS = {"current": "有效", "future": "尚未生效", "expired": "已到期", "ended": "已终止"}


@dataclass(frozen=True, slots=True)
class MandateAt:
    """A mandate and what it is worth at the time asked: `current`, `future`, `expired` or `ended`."""

    mandate: Mandate
    state: str
    ending: MandateEnding | None

    @property
    def label(self) -> str:
        return ENDINGS[self.state]

    def covers(self, line: str, project_no: str | None) -> bool:
        return line in self.mandate.lines or (project_no is not None and project_no in self.mandate.projects)


def mandate(mandate_no: str, at: datetime) -> MandateAt | None:
    found = Mandate.objects.select_related("principal", "agency").filter(mandate_no=mandate_no).first()
    return _at([found], at)[0] if found else None


def mandates(organisation_uscc: str, at: datetime) -> list[MandateAt]:
    """Given or held by the organisation, the newest first."""
    mine = Q(principal_id=organisation_uscc) | Q(agency_id=organisation_uscc)
    return _at(_rows().filter(mine).order_by("-given_at", "-mandate_no"), at)


def held_mandates(agency_uscc: str, at: datetime) -> list[MandateAt]:
    return _at(_rows().filter(agency_id=agency_uscc).order_by("until_on", "mandate_no"), at)


def mandates_between(agency: str, principal: str, at: datetime) -> list[MandateAt]:
    """By code. What counts stands first, then what ended last."""
    found = _at(_rows().filter(agency_id=agency, principal_id=principal).order_by("-until_on"), at)
    return sorted(found, key=lambda one: one.state != "current")


def mandate_duties(organisation_uscc: str, since: datetime) -> list[Duty]:
    """What mandates make of their two parties: the agency an agency and the principal a principal, project by project."""
    mine = Q(principal_id=organisation_uscc) | Q(agency_id=organisation_uscc)
    rows = list(_rows().filter(mine, until_on__gte=to_beijing(since).date()))
    ends = {one.mandate_id: one.ended_at for one in MandateEnding.objects.filter(mandate__in=rows)}
    return [duty for row in rows for duty in duties_of(row, ends.get(row.mandate_no))]


def mandate_violations(
    by: Actor, at: datetime, principal: str | None, line: str, project_no: str | None
) -> list[Violation]:
    """What stands in the way of an agency acting for this principal (by code) on this day."""
    words = "没有保存任何内容"
    if not principal or not by.organisation:
        message = f"委托人没有统一社会信用代码，无法核对委托书；{words}"
        return [Violation("parties.mandate", message, "by")]
    if by.client != principal:
        message = f"当前不是在为本项目的委托人办理，请先切换委托人；{words}"
        return [Violation("parties.client", message, "by")]
    between = mandates_between(by.organisation, principal, at)
    covering = [one for one in between if one.covers(line, project_no)]
    if any(one.state == "current" for one in covering):
        return []
    last = covering[0] if covering else None
    said = (
        f"委托书 {last.mandate.mandate_no} {last.label}（至 {last.mandate.until_on}）" if last else "没有有效的委托书"
    )
    return [Violation("parties.mandate", f"{said}，不能为委托人办理；{words}", "by", "招标投标法第十五条（条文待核）")]


def last_run_out(agencies: Collection[str], at: datetime) -> dict[str, datetime]:
    """When an agency's mandate last ran out by its date, before `at`; those ended by an act before that do not count."""
    ended = Exists(MandateEnding.objects.filter(mandate=OuterRef("pk")))
    rows = Mandate.objects.filter(agency_id__in=agencies, until_on__lt=to_beijing(at).date()).exclude(ended)
    days = rows.values("agency_id").annotate(last_on=Max("until_on")).values_list("agency_id", "last_on")
    return {agency: midnight(day + timedelta(days=1)) for agency, day in days}


def ran_out_since(agency: str, since: datetime, at: datetime) -> bool:
    """Whether a mandate of this agency has run out by its date between the two."""
    ran_out_at = last_run_out([agency], at).get(agency)
    return ran_out_at is not None and ran_out_at > since


def duties_of(row: Mandate, ended_at: datetime | None = None) -> list[Duty]:
    start, end = midnight(row.from_on), midnight(row.until_on + timedelta(days=1))
    until = min(end, ended_at) if ended_at else end
    sides = (("agency", row.agency), ("principal", row.principal))
    return [
        Duty(role, "", who.uscc, who.name, lot, start, until) for role, who in sides for lot in row.projects or [None]
    ]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BEIJING)


def _rows() -> QuerySet[Mandate]:
    return Mandate.objects.select_related("principal", "agency")


def _at(rows: Iterable[Mandate], at: datetime) -> list[MandateAt]:
    found = list(rows)
    ends = MandateEnding.objects.filter(mandate__in=found, ended_at__lte=at).in_bulk()
    today = to_beijing(at).date()
    return [MandateAt(row, _state(row, ends.get(row.mandate_no), today), ends.get(row.mandate_no)) for row in found]


def _state(row: Mandate, ended: MandateEnding | None, today: date) -> str:
    if ended is not None:
        return "ended"
    if today < row.from_on:
        return "future"
    return "expired" if today > row.until_on else "current"
