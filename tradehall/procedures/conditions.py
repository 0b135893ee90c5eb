"""The small grammar of conditions and durations in definitions: one comparison or one named situation.

Parses and says it in Chinese; decides nothing about a trade. `<subject> <operator> <value>`, or a word of `SITUATIONS`.
"""

import re
from dataclasses import dataclass
from typing import Final

COUNTS: Final[dict[str, str]] = {
    "bids": "递交投标（响应）文件的",
    "bidders": "竞买人（意向受让方）",
    "offers": "有效报价",
    "passed": "通过资格预审的申请人",
    "invited": "受邀请人",
    "valid": "合格或者实质性响应的供应商",
    "final_offers": "提交最后报价的供应商",
}
AMOUNTS: Final[dict[str, str]] = {
    "works.estimate": "施工单项合同估算价",
    "goods.estimate": "重要设备、材料等货物单项合同估算价",
    "services.estimate": "勘察、设计、监理等服务单项合同估算价",
    "floor": "转让底价",
}
SHARES: Final[dict[str, str]] = {"state_share": "国有资金所占比例"}
MINIMA: Final[dict[str, str]] = {"min_bidders": "规定的最低数", "min_valid": "规定的最低合格数"}
SITUATIONS: Final[dict[str, str]] = {
    "all_rejected": "所有投标被否决",
    "award_void": "中标被认定无效",
    "principal_cancels": "发起方依法终止",
    "all_below_reserve": "最高报价低于底价（保留价）",
    "all_below_floor": "最高报价低于转让底价（公告底价）",
    "all_over_budget": "报价均超过采购预算，采购人不能支付",
    "no_compliant_offer": "没有符合要求的报价",
    "unlawful_act": "出现影响公正的违法违规行为",
    "false_papers": "竞得人提供虚假材料",
    "payment_overdue": "受让方逾期未付款",
    "after_failed_tender": "招标失败后转为本方式并经批准",
    "compulsory": "依法必须招标",
    "otherwise": "不属于以上情形",
    "affects_bids": "澄清或者修改的内容可能影响投标（响应）文件编制",
    "application_changed": "澄清或者修改的内容可能影响资格预审申请文件编制",
    "only_floor_changed": "仅降低转让底价",
    "after_challenge": "质疑成立",
}
OPERATORS: Final[dict[str, str]] = {"<": "少于", ">=": "不少于", "==": "等于", "<=": "不多于", ">": "多于"}
AMOUNT_OPERATORS: Final[dict[str, str]] = {"<": "低于", ">=": "不低于", "==": "等于", "<=": "不高于", ">": "高于"}
WORDS: Final[dict[str, str]] = {"on_the_spot": "当场", "by_notice": "按公告", "may_order": "必要时可以责令暂停"}
_DURATION: Final = re.compile(r"([1-9]\d{0,3})(个月|工作日|小时|日)")
_COMPARISON: Final = re.compile(r"(\S+) (<|<=|==|>=|>) (\S+)")


@dataclass(frozen=True, slots=True)
class Condition:
    """`operator` and `value` are None for a named situation."""

    subject: str
    operator: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{'个工作日' if self.unit == '工作日' else self.unit}"


def parse_condition(text: str) -> Condition:
    """Raises ValueError with the reason in Chinese for anything outside the grammar."""
    if text in SITUATIONS:
        return Condition(text)
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise ValueError(f"不认识的条件 {text}")
    subject, operator, value = match.groups()
    pattern = _value_pattern(subject)
    if pattern is None:
        raise ValueError(f"条件中不认识的对象 {subject}")
    if not re.fullmatch(pattern, value):
        raise ValueError(f"条件 {text} 的比较值不合要求")
    return Condition(subject, operator, value)


def condition_words(text: str) -> str:
    condition = parse_condition(text)
    subject, operator, value = condition.subject, condition.operator, condition.value
    if operator is None or value is None:
        return SITUATIONS[subject]
    if subject in COUNTS:
        return f"{COUNTS[subject]}{OPERATORS[operator]}{MINIMA.get(value, f'{value}个')}"
    if subject in SHARES:
        return f"{SHARES[subject]}{AMOUNT_OPERATORS[operator]}{percent(value)}"
    return f"{AMOUNTS[subject]}{AMOUNT_OPERATORS[operator]}{value}元"


def parse_duration(text: str) -> Duration:
    """`3工作日`, `10日`, `12小时`, `12个月`; ValueError for anything else."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"不是期限 {text}")
    return Duration(int(match[1]), match[2])


def duration_words(text: str) -> str:
    """A duration, or one of the few words that stand in place of one."""
    return WORDS[text] if text in WORDS else str(parse_duration(text))


def split_back(text: str) -> tuple[str, str | None]:
    """`bid_deadline - 10日` → the moment and how long before it; without the minus, the moment alone."""
    moment, minus, length = text.partition(" - ")
    return moment, length if minus else None


def percent(share: str) -> str:
    """`0.02` → `2%`, in whole text arithmetic: no binary fractions in what the public reads."""
    whole, _, part = share.partition(".")
    digits = (whole + part.ljust(2, "0")[:2]).lstrip("0") or "0"
    rest = part[2:].rstrip("0")
    return f"{digits}.{rest}%" if rest else f"{digits}%"


def _value_pattern(subject: str) -> str | None:
    if subject in COUNTS:
        return rf"[1-9]\d?|{'|'.join(MINIMA)}"
    if subject in AMOUNTS:
        return r"[1-9]\d{0,9}[万亿]"
    return r"(?:0\.\d{1,4}|1)" if subject in SHARES else None
