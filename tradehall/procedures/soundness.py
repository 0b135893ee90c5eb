"""The check before use: proves that a definition can be walked from its first notice to its end.

Every problem is found at once and named by key and reason; what counts days or claims law is `law_checks`, whether
every code has words is `code_checks`. No files and no database here.
"""

from collections.abc import Iterator

from tradehall.procedures import vocabulary as v
from tradehall.procedures.code_checks import unworded
from tradehall.procedures.grades import GradeError, graded
from tradehall.procedures.law_checks import law_problems, wrong_condition
from tradehall.procedures.rules import Definition, Grade, Register, Round
from tradehall.reference import lines

Problem = tuple[str, str]


def problems(definition: Definition, register: Register) -> tuple[Problem, ...]:
    """(key, reason) of everything that does not hold; empty when the definition is sound."""
    checks = (_scope(definition), _chain(definition), _rounds(definition), _auction(definition), _actors(definition),
              _grades(definition), law_problems(definition, register), unworded(definition))  # fmt: skip
    return tuple(problem for check in checks for problem in check)


def _scope(d: Definition) -> Iterator[Problem]:
    if lines.line(d.scope.line) is None:
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
    yield from _envelopes(r)


def _envelopes(r: Round) -> Iterator[Problem]:
    key, names = f"rounds.{r.id}", r.envelopes
    if not names or len(set(names)) != len(names) or ("single" in names and len(names) > 1):
        yield f"{key}.envelopes", "文件包不能重复，single 只能单独使用"
    if len(names) < 2 and r.opens_after:
        yield f"{key}.opens_after", "只有一个文件包，没有后开启的"
    if len(names) > 1 and r.opens_after != f"report:{names[0]}":
        yield f"{key}.opens_after", f"第二个文件包应在 report:{names[0]} 之后开启"


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


def _grades(d: Definition) -> Iterator[Problem]:
    for place, grade in enumerate(d.law.grades):
        yield from ((f"law.grades.{grade.name}.{key}", reason) for key, reason in _grade(d, grade))
        if grade.when == "otherwise" and place < len(d.law.grades) - 1:
            yield f"law.grades.{grade.name}.when", "otherwise 之后的分级永远轮不到"


def _grade(d: Definition, grade: Grade) -> Iterator[Problem]:
    for path in grade.set:
        if path not in v.GRADE_KEYS:
            yield f"set.{path}", "分级不能改写这个键"
    wrong = wrong_condition(grade.when)
    if wrong:
        yield "when", wrong
    try:
        yield from (("set", f"{key}：{reason}") for key, reason in _scope(graded(d, grade)))
    except GradeError as error:
        yield error.key, error.reason


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
