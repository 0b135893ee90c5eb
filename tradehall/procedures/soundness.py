"""The check before use: proves that a definition can be walked from its first notice to its end.

Every problem is found at once and named by key and reason. No files and no database here.
"""

import re
from collections.abc import Iterator

from tradehall.procedures import vocabulary as v
from tradehall.procedures.rules import Definition, PeriodRule, Register, Round

Problem = tuple[str, str]


def problems(definition: Definition, register: Register) -> tuple[Problem, ...]:
    """(key, reason) of everything that does not hold; empty when the definition is sound."""
    checks = (_scope(definition), _chain(definition), _rounds(definition), _auction(definition), _actors(definition),
              _periods(definition, register), _law(definition), _bases(definition, register))  # fmt: skip
    return tuple(problem for check in checks for problem in check)


def _scope(d: Definition) -> Iterator[Problem]:
    if d.scope.line not in v.LINES:
        yield "scope.line", f"未知的交易类别 {d.scope.line}"
    if d.scope.method not in v.METHOD_CODES:
        yield "scope.method", f"未知的交易方式 {d.scope.method}"
    if d.scope.direction not in v.DIRECTIONS:
        yield "scope.direction", "应为 buy 或 sell"
    for code in d.requires:
        if code not in v.FACT_CODES:
            yield "requires", f"未知的标的事实 {code}"
    if d.award.mode not in v.AWARD_MODES:
        yield "award.mode", f"未知的定标方式 {d.award.mode}"
    if d.award.review.position not in v.REVIEW_POSITIONS:
        yield "award.review.position", f"未知的公示位置 {d.award.review.position}"


def _chain(d: Definition) -> Iterator[Problem]:
    named = [link.removeprefix("round:") for link in d.chain if link.startswith("round:")]
    for link in d.chain:
        if not link.startswith("round:") and link not in v.LINKS:
            yield "chain", f"未知的环节 {link}"
    if named != [r.id for r in d.rounds]:
        yield "chain", "轮次与 rounds 不一致或次序不同"
    order = {"plan": 0, "pre_disclosure": 1, "fulfillment": 5}
    ranks = [order.get(k, 2 if k in v.ANNOUNCEMENTS or k.startswith("round:") else 3) for k in d.chain]
    if ranks != sorted(ranks):
        yield "chain", "环节没有按先后次序排列"
    if not any(k in v.ANNOUNCEMENTS for k in d.chain):
        yield "chain", "没有公告环节"


def _rounds(d: Definition) -> Iterator[Problem]:
    earlier: set[str] = set()
    for r in d.rounds:
        yield from _round(d, r, earlier)
        earlier.add(r.id)


def _round(d: Definition, r: Round, earlier: set[str]) -> Iterator[Problem]:
    key = f"rounds.{r.id}"
    places = [v.STEPS.get(step, -1) for step in r.steps]
    if -1 in places or not places or places != sorted(set(places)):
        yield f"{key}.steps", "步骤未知或没有按河流次序排列"
    if r.closes not in v.CLOSES and not (r.closes is None and r.input):
        yield f"{key}.closes", "这一轮没有终点"
    if r.closes in ("extending", "rolling") and (d.listing is None or d.listing.extend is None):
        yield f"{key}.closes", "延长或滚动的轮次没有写明到何时为止"
    if r.repeat and not 1 <= r.repeat.min <= r.repeat.max:
        yield f"{key}.repeat", "重复次数的下限应不小于1且不大于上限"
    target = r.admits.removeprefix("passed:")
    if target != r.admits and target not in earlier:
        yield f"{key}.admits", f"{target} 不是更早的轮次"
    if target == r.admits and r.admits not in v.ADMITS and not r.admits.startswith("roster:"):
        yield f"{key}.admits", f"未知的参加范围 {r.admits}"


def _auction(d: Definition) -> Iterator[Problem]:
    if any("auctions" in r.steps for r in d.rounds) and d.auction is None:
        yield "auction", "有竞价步骤而没有竞价规则"
    phases = d.auction.phases if d.auction else ()
    ids = [phase.id for phase in phases]
    for place, phase in enumerate(phases):
        if not (phase.until or phase.minutes or phase.ends):
            yield f"auction.phases.{phase.id}", "这一阶段没有终点"
        if phase.at_ceiling and phase.at_ceiling.removeprefix("goto:") not in ids[place + 1 :]:
            yield f"auction.phases.{phase.id}.at_ceiling", "只能转到更后的阶段"
        for moment in (phase.from_, phase.until):
            if moment and moment not in d.produced():
                yield f"auction.phases.{phase.id}", f"流程中没有产生 {moment}"


def _actors(d: Definition) -> Iterator[Problem]:
    for act, roles in d.actors.items():
        if act.split(".")[0] not in v.ACT_APPS:
            yield f"actors.{act}", "未知的行为"
        for role in set(roles) - v.ROLES:
            yield f"actors.{act}", f"未知的角色 {role}"
        if "supervisor" in roles and act in v.NEVER_SUPERVISOR:
            yield f"actors.{act}", "监督部门不得作出这一行为"
    for need in {step for r in d.rounds for step in r.steps} | {"award"}:
        if need in v.STEP_ACTS and v.STEP_ACTS[need] not in d.actors:
            yield "actors", f"没有人可以作出 {v.STEP_ACTS[need]}"


def _periods(d: Definition, register: Register) -> Iterator[Problem]:
    for place, period in enumerate(d.law.periods):
        for reason in _period(d, period, register):
            yield f"law.periods[{place}] {period.rule}", reason


def _period(d: Definition, p: PeriodRule, register: Register) -> Iterator[str]:
    for moment in (p.from_, p.to):
        if moment not in d.produced():
            yield f"流程中没有产生 {moment}"
    if p.unit not in v.MEASURES.get(p.measure, frozenset()):
        yield f"计算方法 {p.measure} 不能以 {p.unit} 计"
    if (p.min is None) == (p.max is None) or p.count < 1:
        yield "min 与 max 应有且只有一个，且不小于1"
    if p.breach not in v.BREACHES and p.breach.removeprefix("move:") not in d.produced():
        yield f"未知的后果 {p.breach}"
    if p.when and p.when not in v.PERIOD_WHEN:
        yield f"未知的条件 {p.when}"
    if register.has(p.rule) and register.rule(p.rule).is_provisional and (p.breach == "refuse" or not p.provisional):
        yield "待核实的规则应标明 provisional，且不得拒绝"


def _law(d: Definition) -> Iterator[Problem]:
    kinds = {p.kind for p in d.law.publications}
    for p in d.law.publications:
        if p.kind not in v.NOTICE_KINDS or not p.data_set or set(p.media) - v.MEDIA:
            yield f"law.publications.{p.kind}", "公告种类、数据集（没有时写 none）或媒介不对"
    for link in d.chain:
        if link in v.KINDS_OF_LINK and not kinds & set(v.KINDS_OF_LINK[link]):
            yield "law.publications", f"环节 {link} 没有对应的公告"
    for secret in d.law.secrets:
        if secret.until not in v.SECRET_ENDS or set(secret.what) - v.SECRETS:
            yield "law.secrets", f"保密事项 {'、'.join(secret.what)} 没有终点或未知"
    for failure in d.law.failures:
        if failure.next not in v.NEXTS or failure.ends not in v.ENDINGS:
            yield f"law.failures.{failure.when}", "没有写明结局和下一步"
        if failure.at and failure.at not in d.produced():
            yield f"law.failures.{failure.when}", f"流程中没有产生 {failure.at}"
    for objection in d.law.objections:
        moments = [objection.from_, (objection.until or "").split(" - ")[0]]
        if objection.target not in v.OBJECTION_TARGETS or objection.blocks not in v.BLOCKS:
            yield f"law.objections.{objection.target}", "对象或暂停范围未知"
        if any(m and m not in d.produced() for m in moments):
            yield f"law.objections.{objection.target}", "流程中没有产生所写的起止"


def resolves(basis: str, register: Register) -> bool:
    """Whether every word of a basis is a rule of the register, or a known law with or without its article."""
    names = sorted((re.escape(n) for law in register.laws for n in law.names), key=len, reverse=True)
    article = re.compile(rf"(?:{'|'.join(names)})(?:\d+(?:[–、]\d+)*)?")
    return all(register.has(word) or article.fullmatch(word) is not None for word in basis.split())


def _bases(d: Definition, register: Register) -> Iterator[Problem]:
    rules = [*d.law.periods, *d.law.objections, *d.law.filings, d.law.complaint]
    named = [("law", r.rule) for r in rules] + [("basis", b) for b in d.basis]
    named += [("law.periods", p.basis) for p in d.law.periods if p.basis]
    named += [("law.failures", f.basis) for f in d.law.failures]
    named += [("law.grades", g.basis) for g in d.law.grades if g.basis]
    named += [(f"rounds.{r.id}.panel", r.panel.basis) for r in d.rounds if r.panel]
    named += [("auction.phases", p.rule) for p in (d.auction.phases if d.auction else ()) if p.rule]
    named += [("deposit.limit", d.deposit.limit.rule)] if d.deposit else []
    named += [("law.rerun", d.law.rerun.basis)] if d.law.rerun else []
    yield from ((key, f"依据 {basis} 不在规则登记中") for key, basis in named if not resolves(basis, register))
