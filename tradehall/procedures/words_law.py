"""Objections and complaints, failures and what follows, publicity and secrecy of a definition in words.

A room of `words`; the same promise: what was not verified is marked.
"""

from collections.abc import Iterator

from tradehall.procedures.conditions import condition_words, duration_words, split_back
from tradehall.procedures.labels import listed, say
from tradehall.procedures.rules import (
    ComplaintRule,
    Definition,
    FilingRule,
    ObjectionRule,
    Publication,
    Register,
    RerunRule,
)
from tradehall.procedures.saying import Block, cite, heading, is_unsure, marked, paragraph, status, table


def objections(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("异议投诉")
    yield table(
        ("对象", "谁可以提出", "何时提出", "答复", "答复期间", "依据", "状态"),
        (_objection(o, register) for o in d.law.objections),
    )
    yield paragraph(_complaint(d.law.complaint, register))


def _objection(o: ObjectionRule, register: Register) -> tuple[str, ...]:
    return (
        say("targets", o.target), say("objectors", o.by), _window(o), duration_words(o.answer), say("blocks", o.blocks),
        cite(o.rule, register), status(unsure=is_unsure(o.rule, register, o.provisional)),
    )  # fmt: skip


def _window(o: ObjectionRule) -> str:
    moment, back = split_back(o.until or "")
    since = f"自{say('moments', o.from_)}起" if o.from_ else ""
    if o.within:
        return f"{since}{duration_words(o.within)}内"
    if not moment:
        return since or "随时"
    before = f"前{duration_words(back)}" if back else ""
    return f"{since}{'，' if since else ''}到{say('moments', moment)}{before}为止"


def _complaint(c: ComplaintRule, register: Register) -> str:
    """Each key is marked on its own: some clocks are in the statute, others only in rules not yet read."""
    stated = {
        "to": c.to and f"向{c.to}投诉",
        "within": c.within and f"{say('complaint_after', c.after) if c.after else ''}{duration_words(c.within)}内提出",
        "excludes": c.excludes and say("complaint_excludes", c.excludes),
        "accept": c.accept and f"{duration_words(c.accept)}内审查、决定是否受理",
        "decide": c.decide and f"{duration_words(c.decide)}内作出处理决定",
        "suspend": c.suspend and _suspends(c.suspend),
    }
    parts = [marked(words, unsure=key in c.provisional) for key, words in stated.items() if words]
    return f"投诉：{'；'.join(parts)}（{cite(c.rule, register)}）。"


def _suspends(text: str) -> str:
    return duration_words(text) if text == "may_order" else f"可以暂停，最长{duration_words(text)}"


def failures(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("失败与重来")
    rows = ((condition_words(f.when), say("moments", f.at) if f.at else "任何时候",
             f.ends if f.opens else f"{f.ends}（不开启文件）", say("nexts", f.next), cite(f.basis, register),
             status(unsure=is_unsure(f.basis, register, f.provisional))) for f in d.law.failures)  # fmt: skip
    yield table(("情形", "何时判定", "结局", "下一步", "依据", "状态"), rows)
    if d.law.rerun:
        yield paragraph(_rerun(d.law.rerun, register))


def _rerun(rerun: RerunRule, register: Register) -> str:
    cause = "分析原因，" if rerun.analyse_cause else ""
    again = f"；{say('second_failures', rerun.second_failure)}" if rerun.second_failure else ""
    changeable = listed("changeable", rerun.may_change)
    words = f"重新组织前{cause}可以调整{changeable}{again}"
    unsure = is_unsure(rerun.basis, register, rerun.provisional)
    return marked(f"{words}（{cite(rerun.basis, register)}）。", unsure=unsure)


def publicity(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("公开与保密")
    yield table(("公告", "数据集", "发布媒介"), (_publication(p) for p in d.law.publications))
    for filing in d.law.filings:
        yield paragraph(_filing(filing, register))
    yield paragraph("平台在下列时点之前不向任何人公开：")
    rows = ((listed("secrets", s.what), say("secret_ends", s.until), "密封" if s.sealed else "不公开")
            for s in d.law.secrets)  # fmt: skip
    yield table(("事项", "保密到", "方式"), rows)


def _publication(p: Publication) -> tuple[str, ...]:
    name = p.title or say("kinds", p.kind)
    # How soon media publish rests on a rule that was not read.
    soon = marked(f"（收到后{duration_words(p.within)}内发布）", unsure=True) if p.within else ""
    data_set = "规范中没有对应的数据集" if p.data_set == "none" else p.data_set
    return name, data_set, f"{listed('media', p.media)}{soon}"


def _filing(f: FilingRule, register: Register) -> str:
    words = f"{say('moments', f.after)}后{duration_words(f.within)}内，{f.what}报{say('roles', f.to)}"
    return marked(f"{words}（{cite(f.rule, register)}）。", unsure=is_unsure(f.rule, register, f.provisional))
