"""The dates of a native notice: which must be announced, whether they are lawful, which rule fixed each, how they move.

Pure: calendar and register come in as values. What a refused date may be instead is always offered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from operator import eq, ge, gt, le, lt
from typing import Final

from tradehall.kernel import periods as lawful
from tradehall.kernel.refusal import Violation
from tradehall.kernel.times import BEIJING, format_minute, rfc3339, to_beijing
from tradehall.procedures.conditions import Condition, parse_condition
from tradehall.procedures.labels import knows, say
from tradehall.procedures.periods import CLOSINGS, Judgement, Move, applying, as_lawful, judge
from tradehall.procedures.rules import Definition, PeriodRule, Register
from tradehall.procedures.vocabulary import PRODUCES
from tradehall.tenders.rules import definition_basis

OPENING: Final = "opening"
# What begins at the moment a notice of the link is out.
BEGINS: Final[dict[str, str]] = {
    "plan": "plan.published",
    "pre_disclosure": "pre_disclosure.published",
    "prequal_notice": "prequal_notice.published",
    "notice": "notice.published",
    "invitation": "invitation.issued",
}
DOCUMENTS_FROM: Final[dict[str, str]] = {
    "prequal_notice": "prequal_documents.from",
    "notice": "documents.from",
    "invitation": "documents.from",
}
# The moments after which nobody can take part, by link; the first that is announced counts.
CLOSES: Final[dict[str, tuple[str, ...]]] = {
    "prequal_notice": ("application_deadline",),
    "notice": ("bid_deadline", "listing.until", "auction.at"),
    "invitation": ("bid_deadline",),
    "pre_disclosure": ("pre_disclosure.until",),
}
_MINUTE: Final = timedelta(minutes=1)
_DAY_TEXT: Final = len("2026-01-01")
_CENTS: Final = {"万": 10_000 * 100, "亿": 100_000_000 * 100}
_COMPARE: Final[dict[str, Callable[[int, int], bool]]] = {"<": lt, "<=": le, "==": eq, ">=": ge, ">": gt}
_GENERAL: Final = lawful.PeriodRule("X01", "期间", "between", 1, "day", "min", "民法典200—204")


@dataclass(frozen=True, slots=True)
class Books:
    """What dates are judged by."""

    calendar: lawful.WorkdayCalendar
    register: Register


@dataclass(frozen=True, slots=True)
class Fixed:
    """An announced time and how it came about: `inputs` let anybody compute the rule again."""

    moment: str
    value_at: datetime
    floor_at: datetime | None = None
    rule: str | None = None
    inputs: dict[str, object] = field(default_factory=dict)
    was: datetime | None = None

    @property
    def code(self) -> str:
        return self.moment.replace(".", "_")

    @property
    def label(self) -> str:
        return label_of(self.moment)


def label_of(moment: str) -> str:
    if moment == OPENING:
        return "开标时间"
    return say("moments", moment) if knows("moments", moment) else moment


def announced(link: str, at: datetime, dates: Mapping[str, datetime], definition: Definition) -> dict[str, datetime]:
    """The stated dates with what follows from them: documents from now on, opening at the deadline."""
    found = dict(dates)
    start = DOCUMENTS_FROM.get(link)
    if start and any(p.from_ == start for p in definition.law.periods):
        found.setdefault(start, at)
    opening = opening_moment(definition, link)
    if opening in found:
        found.setdefault(OPENING, found[opening])
    return found


def opening_moment(definition: Definition, link: str) -> str | None:
    """The deadline of the link at which what was received is opened; None where nothing is opened."""
    moments = (r.opening.at for r in definition.rounds if r.opening is not None)
    return next((moment for moment in moments if moment in CLOSES.get(link, ())), None)


def closing_of(link: str, dates: Mapping[str, datetime]) -> datetime | None:
    return next((dates[moment] for moment in CLOSES.get(link, ()) if moment in dates), None)


def required(definition: Definition, link: str) -> tuple[str, ...]:
    """Closing times some rule of the definition speaks of, and whatever a rule that refuses needs."""
    stated = [moment for moment in PRODUCES[link] if not moment.endswith((".published", ".issued"))]
    starts = {BEGINS[link], *stated}
    found = [
        p for p in definition.law.periods if p.when is None and _is_floor(p) and p.from_ in starts and p.to in stated
    ]
    binding = [p.to for p in found if p.to in CLOSINGS or (p.breach == "refuse" and not p.provisional)]
    closings = [moment for moment in CLOSES.get(link, ()) if moment in announceable(definition, link)]
    if not set(binding) & set(closings):
        binding += closings[:1]
    return tuple(dict.fromkeys(binding))


def announceable(definition: Definition, link: str) -> set[str]:
    """The dates a notice of the link may set: what the definition speaks of, documents, and the opening."""
    law, auction = definition.law, definition.auction
    spoken = {name for p in law.periods for name in (p.from_, p.to)} | {f.at for f in law.failures}
    spoken |= {r.opening.at for r in definition.rounds if r.opening is not None}
    spoken |= {name for phase in (auction.phases if auction else ()) for name in (phase.from_, phase.until)}
    documents = {moment for moment in PRODUCES[link] if "documents." in moment}
    stated = {moment for moment in PRODUCES[link] if not moment.endswith((".published", ".issued"))}
    return {moment for moment in stated if moment in spoken} | documents | {OPENING}


def priced(definition: Definition, cents: int | None) -> frozenset[str]:
    """Which conditions on the floor price hold, for the periods that hang on them."""
    if cents is None:
        return frozenset()
    named = {p.when for p in definition.law.periods if p.when is not None}
    return frozenset(text for text in named if _holds(parse_condition(text), cents))


def _holds(condition: Condition, cents: int) -> bool:
    if condition.subject != "floor" or condition.operator is None or condition.value is None:
        return False
    limit = int(condition.value[:-1]) * _CENTS[condition.value[-1]]
    return _COMPARE[condition.operator](cents, limit)


def stated_violations(
    definition: Definition, link: str, at: datetime, dates: Mapping[str, datetime], books: Books
) -> list[Violation]:
    """What is wrong with the dates before any period is counted: unknown, missing, past, not in business hours."""
    return [
        *unknown_violations(definition, announceable(definition, link), dates),
        *missing_violations(definition, required(definition, link), dates),
        *past_violations(at, dates),
        *hours_violations(definition, link, dates, books),
    ]


def unknown_violations(definition: Definition, known: set[str], dates: Mapping[str, datetime]) -> list[Violation]:
    basis = definition_basis(definition)
    unknown = [moment for moment in dates if moment not in known]
    return [Violation("tenders.date_unknown", f"{definition.title}在这里没有这个时间：{m}", m, basis) for m in unknown]


def missing_violations(definition: Definition, wanted: Sequence[str], dates: Mapping[str, datetime]) -> list[Violation]:
    basis = definition_basis(definition)
    return [Violation("tenders.date_missing", f"缺少{label_of(m)}", m, basis) for m in wanted if m not in dates]


def past_violations(at: datetime, dates: Mapping[str, datetime]) -> list[Violation]:
    now, minute = format_minute(at), at.replace(second=0, microsecond=0)
    past = {moment: value for moment, value in dates.items() if value < minute}
    return [
        Violation("tenders.date_past", f"{label_of(m)} {format_minute(value)} 早于公告发布时间 {now}", m)
        for m, value in past.items()
    ]


def hours_violations(definition: Definition, link: str, dates: Mapping[str, datetime], books: Books) -> list[Violation]:
    """The platform's own rule on closings, and the law's that opening follows the deadline at once."""
    checked = (lawful.check_closing(v, books.calendar, field=m) for m, v in dates.items() if m in CLOSINGS)
    found = [violation for violation in checked if violation]
    deadline = opening_moment(definition, link)
    if OPENING not in dates:
        return found
    if deadline is None:
        message = f"{definition.title}在这里没有开标"
        found.append(Violation("tenders.opening", message, OPENING, definition_basis(definition)))
    elif deadline in dates and dates[OPENING] != dates[deadline]:
        due = format_minute(dates[deadline])
        found.append(Violation("tenders.opening", f"开标时间应与截止时间一致，即 {due}", OPENING, "招标投标法34", due))
    return found


def judged(
    definition: Definition, moments: Mapping[str, datetime], books: Books, conditions: frozenset[str] = frozenset()
) -> Judgement:
    """Every period both of whose ends are known; offered closings lie in business hours."""
    found = judge(definition, moments, books.calendar, books.register, conditions)
    return replace(found, refused=tuple(_offer_hours(v, moments, books) for v in found.refused))


def fix(
    definition: Definition, moments: Mapping[str, datetime], names: Sequence[str], books: Books,
    conditions: frozenset[str] = frozenset(), was: Mapping[str, datetime] | None = None,
) -> tuple[Fixed, ...]:  # fmt: skip
    """Each announced time with the rule that asks most of it."""
    periods = [p for p in applying(definition, conditions) if _is_floor(p) and p.from_ in moments]
    found = []
    for moment in names:
        asked = [(p, _floor(p, moments, books)) for p in periods if p.to == moment]
        strictest = max(asked, key=lambda one: one[1], default=None)
        found.append(_fixed(moment, moments, strictest, books, (was or {}).get(moment)))
    return tuple(found)


def moved(judgement: Judgement, stated: Mapping[str, datetime]) -> tuple[dict[str, datetime], list[Violation]]:
    """Deadlines the law moves after a correction; one that was stated anew and is too early is refused instead."""
    moves: dict[str, datetime] = {}
    refused = []
    for move in judgement.moves:
        if move.term in stated or move.to is None:
            refused.append(_too_early(move))
        else:
            moves[move.term] = max(move.to, moves.get(move.term, move.to))
    return moves, refused


def earlier_violations(
    old: Mapping[str, datetime], new: Mapping[str, datetime], closings: Sequence[str]
) -> list[Violation]:
    """A correction never brings a closing forward."""
    brought = [m for m in closings if m in old and m in new and new[m] < old[m]]
    return [
        Violation("tenders.deadline_earlier", f"{label_of(m)}不得提前，原为 {format_minute(old[m])}", m, "平台规则",
                  format_minute(old[m]))
        for m in brought
    ]  # fmt: skip


def carried_over(
    definition: Definition, terms: Mapping[str, Fixed], stops: Sequence[lawful.Suspension], books: Books,
    stated: Mapping[str, datetime],
) -> tuple[dict[str, datetime], list[Violation]]:  # fmt: skip
    """What was still to come when it stopped: what was left runs again from the day of resumption."""
    found: dict[str, datetime] = {}
    refused = []
    first = min(stop.stopped_at for stop in stops)
    waiting = {m: term for m, term in terms.items() if m != OPENING and term.value_at > first}
    for moment, term in waiting.items():
        earliest, is_known = _carried(definition, term, stops, books)
        found[moment] = stated.get(moment, earliest)
        if found[moment] < earliest or not (is_known or moment in stated):
            refused.append(_not_yet(moment, earliest, is_known))
    return found, refused


def follow_opening(
    definition: Definition, link: str, dates: Mapping[str, datetime], stated: Mapping[str, datetime]
) -> dict[str, datetime]:
    """The opening goes where its deadline goes, unless it was stated (and is then judged)."""
    deadline = opening_moment(definition, link)
    if deadline is None or deadline not in dates or OPENING in stated:
        return dict(dates)
    return {**dates, OPENING: dates[deadline]}


def _carried(
    definition: Definition, term: Fixed, stops: Sequence[lawful.Suspension], books: Books
) -> tuple[datetime, bool]:
    period = next((p for p in definition.law.periods if p.rule == term.rule and p.to == term.moment), None)
    rule = as_lawful(period, books.register) if period and period.measure != "hours" else _GENERAL
    local = to_beijing(term.value_at)
    computed = lawful.extend(rule, local.date(), local.date(), books.calendar, stops)
    day = books.calendar.roll(computed.earliest_on) if term.moment in CLOSINGS else computed.earliest_on
    return datetime.combine(day, local.time(), BEIJING), not computed.is_provisional


def _not_yet(moment: str, earliest: datetime, is_known: bool) -> Violation:
    why = "短于暂停前剩余的时间" if is_known else "因放假安排尚未公布不能自动确定，请写明"
    message = f"恢复后的{label_of(moment)}{why}；最早为 {format_minute(earliest)}"
    return Violation("tenders.resume_term", message, moment, "民法典200—204", format_minute(earliest))


def _too_early(move: Move) -> Violation:
    return replace(move.violation, field=move.term, suggestion=format_minute(move.to or move.earliest_at))


def _is_floor(period: PeriodRule) -> bool:
    return period.min is not None and period.measure != "back"


def _floor(period: PeriodRule, moments: Mapping[str, datetime], books: Books) -> datetime:
    computed = lawful.effective_end(as_lawful(period, books.register), moments[period.from_], books.calendar)
    if period.measure in ("full", "hours") and computed.ends_at is not None:
        # 23:59 is how forms write the end of a day.
        return computed.ends_at - (_MINUTE if period.measure == "full" else timedelta(0))
    return datetime.combine(computed.earliest_on, time(0), BEIJING)


def _fixed(
    moment: str, moments: Mapping[str, datetime], asked: tuple[PeriodRule, datetime] | None, books: Books,
    was: datetime | None,
) -> Fixed:  # fmt: skip
    value = moments[moment]
    if asked is None:
        return Fixed(moment, value, inputs={"moment": moment}, was=was)
    period, floor = asked
    inputs: dict[str, object] = {
        "moment": moment, "start": period.from_, "start_at": rfc3339(moments[period.from_]), "length": period.count,
        "unit": period.unit, "measure": period.measure, "calendar": books.calendar.version,
    }  # fmt: skip
    if period.when:
        inputs["when"] = period.when
    return Fixed(moment, value, floor if value >= floor else None, period.rule, inputs, was)


def _offer_hours(violation: Violation, moments: Mapping[str, datetime], books: Books) -> Violation:
    """The offered day, at the clock time asked for, as a moment at which the counter is open."""
    moment = violation.field
    if moment not in CLOSINGS or not violation.suggestion:
        return violation
    offered = datetime.fromisoformat(violation.suggestion)
    if len(violation.suggestion) == _DAY_TEXT:
        offered = datetime.combine(offered.date(), to_beijing(moments[moment]).time())
    open_at = lawful.into_business(offered.replace(tzinfo=BEIJING), books.calendar)
    return replace(violation, suggestion=format_minute(open_at))
