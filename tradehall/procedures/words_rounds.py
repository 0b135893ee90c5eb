"""The rounds, the auction and the award of a definition in words: who may take part, who judges, who wins.

A room of `words`; the same promise: what was not verified is marked.
"""

from collections.abc import Iterator

from tradehall.procedures.conditions import COUNTS, condition_words, parse_condition
from tradehall.procedures.labels import listed, say
from tradehall.procedures.rules import (
    AuctionRule,
    AwardRule,
    Definition,
    EvaluationRule,
    PanelRule,
    Phase,
    Register,
    Round,
)
from tradehall.procedures.saying import Block, cite, heading, is_unsure, marked, paragraph, status, table


def rounds(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("评审")
    for one in d.rounds:
        yield paragraph(f"【{say('rounds', one.id)}】{_admits(one)}")
        yield from (paragraph(text) for text in _round(d, one, register))


def _admits(r: Round) -> str:
    earlier = r.admits.removeprefix("passed:")
    who = f"通过“{say('rounds', earlier)}”的主体" if earlier != r.admits else say("admits", r.admits)
    ends = f"，{say('closes', r.closes)}" if r.closes else ""
    begins = f"，凭{say('inputs', r.input)}开始" if r.input else ""
    invited = marked(f"，{say('invites', r.invite)}", unsure=r.invite != "principal") if r.invite else ""
    return f"参加范围：{who}{invited}{begins}{ends}。"


def _round(d: Definition, r: Round, register: Register) -> Iterator[str]:
    unsure = r.panel is None or r.panel.provisional
    if r.repeat:
        yield f"可以进行 {r.repeat.min} 至 {r.repeat.max} 次（上限为平台参数）。"
    if r.counts:
        yield from _counts(d, r, register)
    if r.envelopes != ("single",):
        later = "；后一个文件包在前一个评审完成后开启" if len(r.envelopes) > 1 else ""
        yield f"文件组成：{listed('envelopes', r.envelopes)}{later}。"
    if r.consortium:
        yield f"联合体：{say('consortia', r.consortium)}。"
    if r.admission:
        recheck = f"，{say('admission_times', r.admission.recheck)}" if r.admission.recheck else ""
        words = f"{say('admitters', r.admission.by)}{say('admission_times', r.admission.when)}{recheck}。"
        yield marked(words, unsure=True)
    if r.opening:
        reading = "公开唱读" if r.opening.public_reading else "不公开唱读"
        yield marked(f"{say('moments', r.opening.at)}时开启，{reading}。", unsure=unsure)
        yield f"平台做法：{say('seals', r.opening.seal)}。"
    yield from _judging(r, register)


def _counts(d: Definition, r: Round, register: Register) -> Iterator[str]:
    counts = r.counts
    if counts is None:
        return
    yield marked(f"至少 {counts.min_bidders} 家参加。", unsure=not _is_count_certain(d))
    if counts.min_after_decryption:
        yield marked(f"解密后至少 {counts.min_after_decryption} 家。", unsure=True)
    if counts.min_valid:
        yield marked(f"合格的至少 {counts.min_valid} 家。", unsure=not _is_count_certain(d))
    if counts.or_:
        when = f"（{condition_words(counts.or_.when)}）" if counts.or_.when else ""
        words = f"例外：{counts.or_.n} 家也可以继续{when}（{cite(counts.or_.basis, register)}）。"
        yield marked(words, unsure=is_unsure(counts.or_.basis, register, counts.or_.provisional))


def _is_count_certain(d: Definition) -> bool:
    """The least number is as certain as the endings that follow from falling short of it."""
    endings = [f for f in d.law.failures if parse_condition(f.when).subject in COUNTS]
    return bool(endings) and not any(f.provisional for f in endings)


def _judging(r: Round, register: Register) -> Iterator[str]:
    if r.panel:
        yield _panel(r.panel, register)
    if r.checks:
        named = [check.partition(":") for check in r.checks]
        words = "、".join(f"{say('checks', what)}（{say('roles', who)}）" for what, _, who in named)
        yield marked(f"评审内容：{words}。", unsure=r.panel is None or r.panel.provisional)
    if r.evaluation:
        yield marked(_evaluation(r.evaluation), unsure=r.evaluation.provisional)
    if r.may_change:
        yield marked(f"本轮可以变动：{listed('changeable', r.may_change)}。", unsure=True)
    if r.told:
        yield f"变动内容{say('told', r.told)}。"


def _panel(panel: PanelRule, register: Register) -> str:
    odd = "单数，" if panel.odd else ""
    above, below = panel.experts_min.split("/")
    words = (
        f"评审委员会：{panel.size_min}人以上，{odd}专家不少于{below}分之{above}，{say('draws', panel.draw)}，"
        f"名单保密到{say('secret_ends', panel.secret_until)}（{cite(panel.basis, register)}）。"
    )
    return marked(words, unsure=is_unsure(panel.basis, register, panel.provisional))


def _evaluation(e: EvaluationRule) -> str:
    parts = [f"评审方法：{say('evaluations', e.method)}，{say('criteria', e.criteria)}"]
    if e.candidates_max:
        parts.append(f"推荐候选人不超过{e.candidates_max}个{'并排序' if e.ranked else ''}")
    elif not e.ranked:
        parts.append("不排序")
    parts += [f"{say('goods', what)}的价格分权重{_range(limits)}" for what, limits in e.price_weight.items()]
    return f"{'；'.join(parts)}。"


def _range(limits: tuple[int, ...]) -> str:
    return f"{limits[0]}%至{limits[1]}%" if len(limits) > 1 else f"不低于{limits[0]}%"


def award(d: Definition, register: Register) -> Iterator[Block]:
    yield heading("定标")
    rule = d.award
    yield paragraph(marked(f"{say('award_modes', rule.mode)}；{_slots(rule)}。", unsure=rule.provisional))
    yield paragraph(_review(rule, register))
    if rule.decision:
        methods = listed("decisions", rule.decision.methods)
        again = "，定标结果再次公示" if rule.decision.second_review else ""
        words = f"由{say('deciders', rule.decision.by)}按公布的方法（{methods}）决定{again}。"
        yield paragraph(marked(words, unsure=is_unsure(rule.decision.basis, register, rule.decision.provisional)))
    if rule.next_if:
        yield paragraph(
            marked(f"可以依次确定下一候选人的情形：{listed('next_if', rule.next_if)}。", unsure=rule.provisional)
        )
    if rule.recheck:
        words = f"{say('recheck_times', rule.recheck.before)}情况变化的，由{say('recheckers', rule.recheck.by)}审查确认"
        yield paragraph(
            marked(f"{words}（{cite(rule.recheck.basis, register)}）。", unsure=is_unsure(rule.recheck.basis, register))
        )
    if d.priority and d.priority != "waived":
        yield paragraph(marked(f"{say('priorities', d.priority)}。", unsure=True))


def _slots(rule: AwardRule) -> str:
    if rule.slots.max is None:
        return "成交名额按公告或者数量确定"
    least, most = rule.slots.min, rule.slots.max
    return f"{most} 个名额" if least == most else f"名额 {least}–{most} 个"


def _review(rule: AwardRule, register: Register) -> str:
    review = rule.review
    if review.position == "none":
        return f"{say('review_positions', 'none')}，结果按规定公布。"
    words = f"{say('review_positions', review.position)}{say('reviewed', review.what)}"
    blocked = f"，公示期间{say('blocks', review.blocks)}" if review.blocks != "nothing" else ""
    unsure = review.period is not None and is_unsure(review.period, register)
    limit = f"（{register.rule(review.period).limit}）" if review.period else ""
    return marked(f"{words}{limit}{blocked}。", unsure=unsure)


def auction(d: Definition, register: Register) -> Iterator[Block]:
    if d.auction is None:
        return
    yield heading("竞价阶段")
    yield paragraph(_prices(d.auction))
    yield table(("阶段", "方式", "起止和计时", "规则", "依据", "状态"), (_phase(p, register) for p in d.auction.phases))
    if d.listing and d.listing.extend:
        unit = "个工作日" if d.listing.extend.unit == "工作日" else d.listing.extend.unit
        most = d.listing.extend.until
        words = f"没有征集到受让方的，可以按公告每次延长{d.listing.extend.step}{unit}，最长到{most}。"
        yield paragraph(marked(words, unsure=True))


def _prices(rule: AuctionRule) -> str:
    price = rule.price
    stated = {"start": price.start, "step": price.step, "floor": price.floor, "ceiling": price.ceiling,
              "reserve": price.reserve}  # fmt: skip
    words = [f"{say('prices', key)}{say('price_sources', source)}" for key, source in stated.items() if source]
    words += [say("clearings", rule.clearing)] if rule.clearing else []
    return marked(f"{'；'.join(words)}。", unsure=any(p.provisional for p in rule.phases))


def _phase(p: Phase, register: Register) -> tuple[str, ...]:
    unsure = is_unsure(p.rule, register, p.provisional)
    basis = cite(p.rule, register)
    return say("phases", p.id), say("phase_kinds", p.kind), _span(p), _phase_rules(p), basis, status(unsure=unsure)


def _span(p: Phase) -> str:
    parts = [f"从{say('moments', p.from_)}"] if p.from_ else []
    parts += [f"到{say('moments', p.until)}"] if p.until else []
    parts += [f"不少于{p.min_days}日"] if p.min_days else []
    parts += [f"{p.minutes}分钟"] if p.minutes else []
    parts += [f"每轮{p.seconds // 60}分钟"] if p.seconds else []
    parts += [say("resets", p.reset)] if p.reset else []
    parts += [say("phase_ends", p.ends)] if p.ends else []
    return "，".join(parts)


def _phase_rules(p: Phase) -> str:
    parts = [f"{condition_words(p.when)}时进行"] if p.when else []
    parts += [f"每人报价{p.offers}次"] if p.offers else []
    parts += [say("visible", p.visible)] if p.visible else []
    parts += [say("bands", p.band)] if p.band else []
    parts += ["不得有相同报价"] if p.unique else []
    coded = (("winners", p.winner), ("ties", p.tie), ("no_offers", p.none))
    parts += [say(codes, code) for codes, code in coded if code]
    if p.at_ceiling:
        parts.append(f"达到最高限价转入{say('phases', p.at_ceiling.removeprefix('goto:'))}")
    return "；".join(parts) or "无"
