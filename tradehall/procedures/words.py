"""A definition in plain Chinese, as heading, paragraph and table blocks of a public page.

Everything whose text was not read is marked 暂定（待核实）. Says what the definition says; adds no law of its own.
"""

import re
from collections.abc import Iterator

from tradehall.procedures.conditions import condition_words, percent
from tradehall.procedures.labels import listed, say
from tradehall.procedures.rules import Definition, Deposit, Grade, PeriodRule, Register
from tradehall.procedures.saying import (
    Block,
    cite,
    heading,
    is_unsure,
    marked,
    paragraph,
    status,
    table,
)
from tradehall.procedures.vocabulary import GRADE_KEYS, STEP_ACTS
from tradehall.procedures.words_law import failures, objections, publicity
from tradehall.procedures.words_rounds import auction, award, rounds
from tradehall.reference.codes import classification
from tradehall.reference.lines import installed_line

LEAD = (
    "本页由平台使用的规则定义逐项写成。标有“暂定（待核实）”的内容尚未核对原文："
    "平台只作提醒，不据此拒绝任何行为。法律法规以正式公布的文本为准。"
)


def describe(definition: Definition, register: Register) -> tuple[Block, ...]:
    """The whole definition; a part it does not have is left out, except where that itself is worth saying."""
    parts = (
        _scope(definition, register), _bases(definition, register), _chain(definition), _periods(definition, register),
        _deposit(definition, register), rounds(definition, register), award(definition, register),
        auction(definition, register), objections(definition, register), failures(definition, register),
        publicity(definition, register),
    )  # fmt: skip
    return (paragraph(LEAD), *(block for part in parts for block in part))


def _scope(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("适用范围")
    yield paragraph(
        f"{installed_line(d.scope.line).name}，{d.scope.method}，{say('directions', d.scope.direction)}。"
        f"版本 {d.version}，适用于 {d.valid_from.isoformat()} 起发布首次公告的交易；"
        "公告发布后规则更新的，仍按发布时的版本办理。"
    )
    if d.scope.classes:
        yield paragraph(f"公共资源交易分类：{'、'.join(_class(code) for code in d.scope.classes)}。")
    if d.compulsory:
        limits = "；".join(condition_words(text) for text in d.compulsory.any)
        yield paragraph(
            marked(
                f"达到下列标准之一的依法必须招标：{limits}（{cite(d.compulsory.rule, register)}）。",
                unsure=is_unsure(d.compulsory.rule, register),
            )
        )
    if d.requires:
        yield paragraph(f"首次公告前应当具备：{listed('facts', d.requires)}。")
    if d.law.grades:
        yield table(
            ("项目情形", "条件", "不同之处", "依据", "状态"), (_grade_row(g, d, register) for g in d.law.grades)
        )
    for note in d.notes:
        yield paragraph(marked(note, unsure=_is_note_unsure(note, register)))


def _class(code: str) -> str:
    item = classification(code)
    return marked(f"{item.name}（{code}）", unsure=item.is_provisional) if item else marked(code, unsure=True)


def _grade_row(grade: Grade, d: Definition, register: Register) -> tuple[str, ...]:
    changes = [_change(path, value) for path, value in grade.set.items()]
    dropped = [register.rule(rule).title for rule in grade.drop]
    changes += [f"不适用：{'、'.join(dropped)}"] if dropped else []
    unsure = is_unsure(grade.basis, register, grade.provisional)
    return (
        grade.name, condition_words(grade.when), "；".join(changes) or "无", cite(grade.basis, register),
        status(unsure=unsure),
    )  # fmt: skip


def _change(path: str, value: str) -> str:
    label, codes = GRADE_KEYS[path]
    return f"{label}：{say(codes, value)}"


def _is_note_unsure(note: str, register: Register) -> bool:
    """A note is certain only when it names something and all it names was read."""
    named = re.findall(r"[（ 见]((?:[A-Z]\d{2}[ab]?|[一-龥]{2,}\d+)(?: [A-Z]\d{2}[ab]?)*)(?=[）。；])", note)
    return not named or "待核实" in note or any(is_unsure(basis, register) for basis in named)


def _bases(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("依据")
    rows = ((cite(basis, register), status(unsure=is_unsure(basis, register))) for basis in d.basis)
    yield table(("法律法规", "状态"), dict.fromkeys(rows))


def _chain(d: Definition) -> Iterator[Block]:
    yield heading("流程")
    yield table(("次序", "环节", "由谁办理"), ((str(n), *_link(d, link)) for n, link in enumerate(d.chain, 1)))
    yield paragraph(
        "发起方指招标人、采购人、出让人或者转让方，参加人指投标人、供应商、竞买人或者意向受让方。各项行为只能由下列角色作出："
    )
    yield table(("行为", "角色"), ((say("acts", act), listed("roles", roles)) for act, roles in d.actors.items()))


def _link(d: Definition, link: str) -> tuple[str, str]:
    if link.startswith("round:"):
        one = d.round(link.removeprefix("round:"))
        steps = listed("steps", one.steps, " → ")
        acts = [STEP_ACTS[step] for step in one.steps]
        return f"{say('rounds', one.id)}：{steps}", _who(d, acts)
    acts_of_link = {
        "plan": "planning.publish_plan", "prequal_notice": "tenders.publish_notice", "notice": "tenders.publish_notice",
        "pre_disclosure": "tenders.publish_notice", "invitation": "tenders.publish_notice",
        "review": "tenders.publish_notice", "award": "awards.decide_award", "contract": "contracts.sign_contract",
    }  # fmt: skip
    return say("links", link), _who(d, [acts_of_link[link]] if link in acts_of_link else [])


def _who(d: Definition, acts: list[str]) -> str:
    roles = dict.fromkeys(role for act in acts for role in d.actors.get(act, ()))
    return listed("roles", tuple(roles)) or "合同双方"


def _periods(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("期限")
    if not d.law.periods:
        yield paragraph("本规则没有规定期限，各项时间按公告。")
        return
    yield table(
        ("事项", "从", "到", "期限", "违反后果", "依据", "状态"), (period_row(p, register) for p in d.law.periods)
    )
    yield paragraph("期限最后一日是法定休假日的，顺延至其后第一个工作日；放假安排尚未公布的年份，日期只作暂定。")


def period_row(p: PeriodRule, register: Register) -> tuple[str, ...]:
    """One time limit in words: what, from, to, how long, what happens otherwise, why, how sure."""
    title = register.rule(p.rule).title
    unsure = is_unsure(p.rule, register, p.provisional)
    unit = "个工作日" if p.unit == "工作日" else p.unit
    bound = "至少" if p.min is not None else "至多"
    return (
        f"{title}（{condition_words(p.when)}时）" if p.when else title,
        say("moments", p.from_), say("moments", p.to), f"{bound}{p.count}{unit}（{say('measures', p.measure)}）",
        _consequence(p, unsure), cite(p.basis or p.rule, register), status(unsure=unsure),
    )  # fmt: skip


def _consequence(p: PeriodRule, unsure: bool) -> str:
    if p.breach.startswith("move:"):
        moved = say("moments", p.breach.removeprefix("move:"))
        return f"提醒（核实前不自动顺延{moved}）" if unsure else f"顺延{moved}"
    return say("breaches", p.breach)


def _deposit(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("保证金")
    if d.deposit is None:
        yield paragraph("本规则没有规定保证金的数额，是否收取、收取多少按公告。")
        return
    yield paragraph(_limit(d.deposit, register))
    unsure = d.deposit.limit.provisional
    yield paragraph(f"提交形式：{listed('deposit_forms', d.deposit.forms)}。")
    for text, basis in _deposit_rules(d.deposit, register):
        yield paragraph(marked(f"{text}。", unsure=unsure or (basis is not None and is_unsure(basis, register))))
    if d.deposit.keep_if:
        kept = listed("kept_if", d.deposit.keep_if)
        yield paragraph(
            marked(f"有下列情形的可以不予退还：{kept}。", unsure=unsure or "keep_if" in d.deposit.provisional)
        )


def _limit(deposit: Deposit, register: Register) -> str:
    limit, of = deposit.limit, say("deposit_of", deposit.limit.of)
    if limit.share == "by_notice":
        words = f"数额按公告，以{of}为基数"
    else:
        words = f"{'不低于' if limit.at_least else '不超过'}{of}的{percent(limit.share)}"
    words = marked(
        f"{words}（{cite(limit.rule, register)}）", unsure=is_unsure(limit.rule, register, limit.provisional)
    )
    return f"{words}；{marked(f'最高{limit.cap}元', unsure=True)}。" if limit.cap else f"{words}。"


def _deposit_rules(deposit: Deposit, register: Register) -> Iterator[tuple[str, str | None]]:
    for key, value in deposit.rules.items():
        if isinstance(value, bool):
            yield say("deposit_flags", key), None
        elif register.has(value):
            rule = register.rule(value)
            yield f"{say('deposit_rules', key)}：{rule.limit}（{cite(value, register)}）", value
        else:
            yield f"{say('deposit_rules', key)}：{say('deposit_values', value)}", None
