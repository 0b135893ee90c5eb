"""What an attempt is in, derived from notices, endings, holds and a time. Pure; nothing here is ever stored.

For reported trades the state is the highest fact the source told us, and is labelled so (据来源系统).
"""

from dataclasses import dataclass
from datetime import datetime

from tradehall.kernel.times import parse_rfc3339

STATES = {
    "planned": "计划",
    "announced": "已公告",
    "open": "报名投标中",
    "closed": "待开标",
    "opened": "评审中",
    "review": "公示中",
    "review_over": "公示期满",
    "awarded": "已定标",
    "signed": "已签约",
    "accepted": "已验收",
    "suspended": "已暂停",
    "ended": "已终结",
    "allocated": "已供地",
    "unknown": "未报送",
}

NOTICES = frozenset({"tender_notice", "invitation", "single_source_review"})
# The nine steps shown for every trade, and the notice kinds that tell a step was reached. Handing in and evaluating leave no
# notice of their own: they are over when a later step was reached or, for handing in, when the deadline passed.
STEPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("plan", "计划意向", frozenset({"plan", "consultation", "pre_disclosure"})),
    ("notice", "交易公告", NOTICES | {"prequalification_notice", "prequalification_result"}),
    ("change", "变更澄清", frozenset({"correction", "suspension", "resumption"})),
    ("bids", "报名递交", frozenset()),
    ("opening", "开标", frozenset({"opening_record"})),
    ("review", "评审公示", frozenset({"candidates"})),
    ("result", "结果", frozenset({"result", "failure", "termination", "allocation"})),
    ("contract", "合同", frozenset({"contract"})),
    ("fulfillment", "履约验收", frozenset({"acceptance"})),
)
# Steps that many lawful trades do without; absent, they are left out rather than called missing.
OPTIONAL = frozenset({"change"})
ONLY_IN_SEALED_TRADES = frozenset({"opening", "review"})
SEALED_LINES = frozenset({"works", "procurement"})


@dataclass(frozen=True, slots=True)
class Facts:
    notices: tuple[dict[str, object], ...]
    plans: tuple[dict[str, object], ...] = ()
    is_reported: bool = False
    ending: str | None = None
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """`notice_no` and `on` are those of the newest notice of the step; a step without one was skipped or not reported."""

    code: str
    label: str
    is_done: bool
    is_current: bool
    notice_no: str | None
    on: str | None


def state_of(facts: Facts, at: datetime) -> tuple[str, str, bool]:
    code = _code(facts, at)
    label = f"{STATES[code]}（{_ending(facts)}）" if code == "ended" else STATES[code]
    return code, label, facts.is_reported


def chain_of(facts: Facts, at: datetime) -> list[Step]:
    newest: dict[str, dict[str, object]] = {}
    for notice in (*facts.plans, *facts.notices):
        step = next((code for code, _, kinds in STEPS if notice["kind"] in kinds), None)
        if step:
            newest[step] = notice
    setter = _deadline_setter(facts)
    done = _done(facts, set(newest), at)
    if setter is not None:
        newest["bids"] = {**setter, "published_at": setter["closes_at"]}
    current = _current(facts, done, at)
    shown = [(code, label) for code, label, _ in STEPS if code in done or code == current or not _left_out(facts, code)]
    return [_step(code, label, newest.get(code), code in done, code == current) for code, label in shown]


def _done(facts: Facts, reached: set[str], at: datetime) -> set[str]:
    deadline = _deadline(facts)
    is_over = deadline is not None and (deadline <= at or bool(reached & {"opening", "review", "result"}))
    return reached | {"bids"} if is_over else reached


def _current(facts: Facts, done: set[str], at: datetime) -> str | None:
    """Handing in while it is open; else the last step that was reached."""
    deadline = _deadline(facts)
    if deadline is not None and at < deadline and not done & {"opening", "review", "result"}:
        return "bids"
    return next((code for code, _, _ in reversed(STEPS) if code in done), None)


def _left_out(facts: Facts, code: str) -> bool:
    lines = {str(notice["line"]) for notice in (*facts.plans, *facts.notices)}
    if code == "bids":
        return _deadline_setter(facts) is None and bool(facts.notices)
    return code in OPTIONAL or (code in ONLY_IN_SEALED_TRADES and not lines & SEALED_LINES)


def _step(code: str, label: str, notice: dict[str, object] | None, is_done: bool, is_current: bool) -> Step:
    no, on = (str(notice["notice_no"]), str(notice["published_at"])[:10]) if notice else (None, None)
    return Step(code, label, is_done, is_current, no, on)


def _code(facts: Facts, at: datetime) -> str:
    """First match from the top, as the table of derived states has it."""
    kinds = {str(notice["kind"]) for notice in facts.notices}
    reached = (
        ("ended", _ending(facts) not in (None, "成交")),
        ("suspended", facts.is_suspended or _reported_suspension(facts)),
        ("accepted", "acceptance" in kinds),
        ("signed", "contract" in kinds),
        ("allocated", "allocation" in kinds),
        ("awarded", "result" in kinds),
        (_review(facts, at), "candidates" in kinds),
        ("opened", "opening_record" in kinds),
    )
    found = next((code for code, holds in reached if holds), None)
    return found or _before_opening(facts, kinds, at)


def _before_opening(facts: Facts, kinds: set[str], at: datetime) -> str:
    deadline = _deadline(facts)
    if deadline is not None:
        return "open" if at < deadline else "closed"
    if kinds & {"tender_notice", "prequalification_notice", "invitation", "single_source_review"}:
        return "announced"
    return "planned" if facts.plans or "plan" in kinds else ("announced" if kinds else "unknown")


def _ending(facts: Facts) -> str | None:
    if facts.ending or not facts.is_reported:
        return facts.ending
    last = next((n for n in reversed(facts.notices) if n["kind"] in ("failure", "termination", "result")), None)
    if last is None or last["kind"] == "result":
        return None
    stated = last["facts"].get("ending") if isinstance(last["facts"], dict) else None
    return str(stated) if stated else ("流标" if last["kind"] == "failure" else "终止")


def _reported_suspension(facts: Facts) -> bool:
    last = next((n for n in reversed(facts.notices) if n["kind"] in ("suspension", "resumption")), None)
    return facts.is_reported and last is not None and last["kind"] == "suspension"


def _deadline(facts: Facts) -> datetime | None:
    """The one the newest notice that names a closing time set."""
    setter = _deadline_setter(facts)
    return parse_rfc3339(str(setter["closes_at"])) if setter else None


def _deadline_setter(facts: Facts) -> dict[str, object] | None:
    return next((notice for notice in reversed(facts.notices) if isinstance(notice["closes_at"], str)), None)


def _review(facts: Facts, at: datetime) -> str:
    last = next((n for n in reversed(facts.notices) if n["kind"] == "candidates"), None)
    until = last["facts"].get("review_until") if last and isinstance(last["facts"], dict) else None
    return "review_over" if isinstance(until, str) and at >= parse_rfc3339(until) else "review"
