"""The kinds of notice and the stages of a trade, with their Chinese labels.

One table for every line: a line changes the words (its `line.toml`), never the meaning. Not a state machine.
"""

from dataclasses import dataclass

from tradehall.reference import lines

STAGES: dict[str, str] = {
    "plan": "计划意向",
    "notice": "交易公告",
    "change": "变更澄清",
    "opening": "开标记录",
    "review": "公示",
    "result": "结果",
    "contract": "合同",
    "fulfillment": "履约",
    "abnormal": "异常终止",
    "allocation": "划拨协议",
    "other": "其他",
}


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`opens_chain`: the first notice of an attempt; `counts_as_deal`: its price enters the trade figures."""

    code: str
    label: str
    stage: str
    opens_chain: bool = False
    counts_as_deal: bool = False


KINDS: dict[str, NoticeKind] = {
    kind.code: kind
    for kind in (
        NoticeKind("plan", "招标计划", "plan"),
        NoticeKind("consultation", "征求意见", "plan"),
        NoticeKind("pre_disclosure", "预披露", "plan"),
        NoticeKind("prequalification_notice", "资格预审公告", "notice", opens_chain=True),
        NoticeKind("tender_notice", "招标公告", "notice", opens_chain=True),
        NoticeKind("invitation", "投标邀请", "notice", opens_chain=True),
        NoticeKind("single_source_review", "单一来源公示", "review", opens_chain=True),
        NoticeKind("correction", "更正公告", "change"),
        NoticeKind("suspension", "暂停公告", "change"),
        NoticeKind("resumption", "恢复公告", "change"),
        NoticeKind("prequalification_result", "资格预审结果", "review"),
        NoticeKind("opening_record", "开标记录", "opening"),
        NoticeKind("candidates", "中标候选人公示", "review"),
        NoticeKind("result", "中标结果公告", "result", counts_as_deal=True),
        NoticeKind("contract", "合同公告", "contract"),
        NoticeKind("acceptance", "履约验收公告", "fulfillment"),
        NoticeKind("failure", "流标废标公告", "abnormal"),
        NoticeKind("termination", "终止公告", "abnormal"),
        NoticeKind("complaint_decision", "投诉处理公告", "abnormal"),
        NoticeKind("allocation", "供地结果", "allocation"),
        NoticeKind("registration_notice", "登记公告", "other"),
        NoticeKind("other", "其他公告", "other"),
    )
}

METHODS: dict[str, str] = {
    "open": "公开招标",
    "invited": "邀请招标",
    "negotiation": "竞争性谈判",
    "consultation": "竞争性磋商",
    "inquiry": "询价",
    "single_source": "单一来源",
    "framework": "框架协议",
    "listing": "挂牌",
    "auction": "拍卖",
    "tender": "招标出让",
    "allocation": "划拨",
    "agreement": "协议",
    "online_bidding": "网络竞价",
    "other": "其他方式",
}


def kind_label(line: str, kind: str) -> str:
    """The Chinese label of a notice kind in the words of its line; an unknown kind is a KeyError."""
    about = lines.line(line)
    return (about.kinds.get(kind) if about else None) or KINDS[kind].label


def stage_of(kind: str) -> str:
    return KINDS[kind].stage
