"""Checks of everything in a definition that counts days, states a condition, publishes, hides or claims an article.

A claim whose text was not read must be marked provisional, and nothing provisional may refuse. Called by `soundness`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Final

from tradehall.procedures import vocabulary as v
from tradehall.procedures.bases import is_certain, resolves
from tradehall.procedures.conditions import WORDS, parse_condition, parse_duration, split_back
from tradehall.procedures.rules import Definition, Deposit, ObjectionRule, PeriodRule, Register

Problem = tuple[str, str]
Claim = tuple[str, str, bool]


def law_problems(definition: Definition, register: Register) -> Iterator[Problem]:
    yield from _periods(definition, register)
    for check in CHECKS:
        yield from check(definition)
    for key, basis, is_provisional in _claims(definition):
        if not resolves(basis, register):
            yield key, f"依据 {basis} 不在规则登记中"
        elif not is_provisional and not is_certain(basis, register):
            yield key, f"依据 {basis} 未经核实，应标明 provisional"


def wrong_condition(text: str) -> str | None:
    return _wrong(parse_condition, text)


def _wrong(parse: Callable[[str], object], text: str) -> str | None:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return None


def _periods(d: Definition, register: Register) -> Iterator[Problem]:
    for place, period in enumerate(d.law.periods):
        for reason in (*_period(d, period), *_certainty(period, register)):
            yield f"law.periods[{place}] {period.rule}", reason


def _period(d: Definition, p: PeriodRule) -> Iterator[str]:
    for moment in (p.from_, p.to):
        if moment not in d.produced():
            yield f"流程中没有产生 {moment}"
    if p.unit not in v.MEASURES.get(p.measure, frozenset()):
        yield f"计算方法 {p.measure} 不能以 {p.unit} 计"
    if (p.min is None) == (p.max is None) or p.count < 1:
        yield "min 与 max 应有且只有一个，且不小于1"
    if p.breach not in v.BREACHES and p.breach.removeprefix("move:") not in d.produced():
        yield f"未知的后果 {p.breach}"
    wrong = wrong_condition(p.when) if p.when else None
    if wrong:
        yield wrong


def _certainty(p: PeriodRule, register: Register) -> Iterator[str]:
    if p.max is not None and p.breach not in ("alert", "warn"):
        yield "超过最长期限只能提示，不能拒绝"
    if not register.has(p.rule):
        yield f"规则 {p.rule} 不在规则登记中"
        return
    is_read = is_certain(p.rule, register) and (p.basis is None or is_certain(p.basis, register))
    if not is_read and not p.provisional:
        yield "待核实的规则应标明 provisional"
    if (not is_read or p.provisional) and p.breach == "refuse":
        yield "待核实的规则不得拒绝"


def _publications(d: Definition) -> Iterator[Problem]:
    kinds = {p.kind for p in d.law.publications}
    for p in d.law.publications:
        if p.kind not in v.NOTICE_KINDS or not p.data_set or set(p.media) - v.MEDIA:
            yield f"law.publications.{p.kind}", "公告种类、数据集（没有时写 none）或媒介不对"
    for link in d.chain:
        if link in v.KINDS_OF_LINK and not kinds & set(v.KINDS_OF_LINK[link]):
            yield "law.publications", f"环节 {link} 没有对应的公告"


def _secrets(d: Definition) -> Iterator[Problem]:
    for secret in d.law.secrets:
        if secret.until not in v.SECRET_ENDS or set(secret.what) - v.SECRETS:
            yield "law.secrets", f"保密事项 {'、'.join(secret.what)} 没有终点或未知"


def _failures(d: Definition) -> Iterator[Problem]:
    for failure in d.law.failures:
        if failure.next not in v.NEXTS or failure.ends not in v.ENDINGS:
            yield f"law.failures.{failure.when}", "没有写明结局和下一步"
        if failure.at and failure.at not in d.produced():
            yield f"law.failures.{failure.when}", f"流程中没有产生 {failure.at}"


def _objections(d: Definition) -> Iterator[Problem]:
    for objection in d.law.objections:
        key = f"law.objections.{objection.target}"
        moments = [objection.from_, split_back(objection.until or "")[0]]
        if objection.target not in v.OBJECTION_TARGETS or objection.blocks not in v.BLOCKS:
            yield key, "对象或暂停范围未知"
        if any(m and m not in d.produced() for m in moments):
            yield key, "流程中没有产生所写的起止"
        if not (objection.until or objection.within or objection.target == "inquiry"):
            yield key, "没有写明何时为止"


def _conditions(d: Definition) -> Iterator[Problem]:
    stated = [(f"law.failures.{f.when}", f.when) for f in d.law.failures]
    stated += [("compulsory.any", text) for text in (d.compulsory.any if d.compulsory else ())]
    stated += [(f"auction.phases.{p.id}.when", p.when) for p in (d.auction.phases if d.auction else ()) if p.when]
    stated += [(f"rounds.{r.id}.counts.or", r.counts.or_.when) for r in d.rounds
               if r.counts and r.counts.or_ and r.counts.or_.when]  # fmt: skip
    for key, text in stated:
        wrong = wrong_condition(text)
        if wrong:
            yield key, wrong


def _durations(d: Definition) -> Iterator[Problem]:
    law = d.law
    stated = [(f"law.objections.{o.target}", text) for o in law.objections for text in _lengths(o)]
    stated += [("law.complaint", t) for t in (law.complaint.within, law.complaint.accept, law.complaint.decide) if t]
    stated += [("law.complaint", law.complaint.suspend)] if law.complaint.suspend else []
    stated += [(f"law.filings.{f.what}", f.within) for f in law.filings]
    stated += [(f"law.publications.{p.kind}", p.within) for p in law.publications if p.within]
    stated += [("listing.extend.until", d.listing.extend.until)] if d.listing and d.listing.extend else []
    for key, text in stated:
        wrong = None if text in WORDS else _wrong(parse_duration, text)
        if wrong:
            yield key, wrong


def _lengths(objection: ObjectionRule) -> list[str]:
    back = split_back(objection.until or "")[1]
    return [text for text in (objection.answer, objection.within, back) if text]


def _shares(d: Definition) -> Iterator[Problem]:
    limit = d.deposit.limit if d.deposit else None
    if limit and not re.fullmatch(r"0\.\d{2,4}|by_notice", limit.share):
        yield "deposit.limit.share", "应为不大于1的小数，或者 by_notice"
    if limit and limit.cap and not re.fullmatch(r"[1-9]\d*[万亿]", limit.cap):
        yield "deposit.limit.cap", "应为以万或亿计的金额"
    for r in d.rounds:
        if r.panel and not re.fullmatch(r"[1-9]/[1-9]", r.panel.experts_min):
            yield f"rounds.{r.id}.panel.experts_min", "应为一个分数"


def _grades(d: Definition) -> Iterator[Problem]:
    for grade in d.law.grades:
        if not grade.basis and not grade.provisional:
            yield f"law.grades.{grade.name}", "没有依据的分级应标明 provisional"


def _complaint(d: Definition) -> Iterator[Problem]:
    complaint = d.law.complaint
    known = {f.name for f in fields(complaint)} - {"rule", "provisional"}
    for name in complaint.provisional:
        if name not in known or getattr(complaint, name) is None:
            yield "law.complaint.provisional", f"没有 {name} 这一项"
    if not complaint.to and not (complaint.within and complaint.decide):
        yield "law.complaint", "没有写明期限，也没有写明受理部门"


def _decision(d: Definition) -> Iterator[Problem]:
    if d.award.mode == "separated" and d.award.decision is None:
        yield "award.decision", "评定分离没有写明由谁、用什么方法定标"
    for name in d.deposit.provisional if d.deposit else ():
        if name not in {f.name for f in fields(Deposit)}:
            yield "deposit.provisional", f"没有 {name} 这一项"


def _claims(d: Definition) -> Iterator[Claim]:
    """(key, basis, provisional) of everything that names a rule or an article."""
    law = d.law
    yield from (("basis", basis, True) for basis in d.basis)
    yield from ((f"law.objections.{o.target}", o.rule, o.provisional) for o in law.objections)
    yield from ((f"law.filings.{f.what}", f.rule, f.provisional) for f in law.filings)
    yield from ((f"law.failures.{f.when}", f.basis, f.provisional) for f in law.failures)
    yield from ((f"law.grades.{g.name}", g.basis, g.provisional) for g in law.grades if g.basis)
    yield "law.complaint", law.complaint.rule, bool(law.complaint.provisional)
    if law.rerun:
        yield "law.rerun", law.rerun.basis, law.rerun.provisional
    if d.compulsory:
        yield "compulsory.rule", d.compulsory.rule, True
    if d.deposit:
        yield "deposit.limit", d.deposit.limit.rule, d.deposit.limit.provisional
    yield from _claims_of_award(d)
    yield from _claims_of_rounds(d)


def _claims_of_award(d: Definition) -> Iterator[Claim]:
    award = d.award
    if award.review.period:
        yield "award.review.period", award.review.period, True
    if award.recheck:
        yield "award.recheck", award.recheck.basis, False
    if award.decision:
        yield "award.decision", award.decision.basis, award.decision.provisional


def _claims_of_rounds(d: Definition) -> Iterator[Claim]:
    for r in d.rounds:
        if r.panel:
            yield f"rounds.{r.id}.panel", r.panel.basis, r.panel.provisional
        if r.counts and r.counts.or_:
            yield f"rounds.{r.id}.counts.or", r.counts.or_.basis, r.counts.or_.provisional
    for phase in d.auction.phases if d.auction else ():
        if phase.rule:
            yield f"auction.phases.{phase.id}", phase.rule, phase.provisional


CHECKS: Final = (
    _publications, _secrets, _failures, _objections, _conditions, _durations, _shares, _grades, _complaint, _decision,
)  # fmt: skip
