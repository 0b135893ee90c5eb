"""Every check of soundness has a definition that fails it: one key of a sound definition spoiled at a time."""

import pytest

from tradehall.procedures.conditions import condition_words, parse_condition, parse_duration, percent, split_back
from tradehall.procedures.tests.examples import spoiled

WORKS, LAND, EQUITY, TALK = "works.open.post", "land.listing.ceiling", "property.equity", "procurement.negotiation"
PERIOD = {"rule": "T04", "from": "documents.from", "to": "bid_deadline", "measure": "between", "min": 20, "unit": "日",
          "breach": "refuse"}  # fmt: skip


def _period(**changes: object) -> list[dict[str, object]]:
    changed = {**PERIOD, **{key.rstrip("_"): value for key, value in changes.items()}}
    return [{key: value for key, value in changed.items() if value is not None}]


CASES = [
    pytest.param(WORKS, "scope.line", "roads", "未知的交易类别", id="交易类别"),
    pytest.param(WORKS, "scope.method", "口头", "未知的交易方式", id="交易方式"),
    pytest.param(WORKS, "scope.direction", "both", "应为 buy 或 sell", id="方向"),
    pytest.param(WORKS, "requires", ["luck"], "未知的标的事实", id="标的事实"),
    pytest.param(WORKS, "award.mode", "coin", "未知的定标方式", id="定标方式"),
    pytest.param(WORKS, "award.review.position", "later", "未知的公示位置", id="公示位置"),
    pytest.param(WORKS, "chain.0", "dream", "未知的环节", id="环节"),
    pytest.param(WORKS, "chain.2", "round:other", "轮次与 rounds 不一致", id="轮次不一致"),
    pytest.param(WORKS, "chain", ["award", "notice", "round:tender"], "环节没有按先后次序", id="环节次序"),
    pytest.param(WORKS, "chain", ["plan", "round:tender", "award"], "没有公告环节", id="没有公告"),
    pytest.param(WORKS, "rounds.0.steps", ["openings", "bids"], "没有按河流次序", id="步骤次序"),
    pytest.param(WORKS, "rounds.0.closes", "never", "这一轮没有终点", id="轮次终点"),
    pytest.param(WORKS, "rounds.0.closes", "extending", "没有写明到何时为止", id="延长到何时"),
    pytest.param(TALK, "rounds.1.repeat", {"min": 3, "max": 2}, "重复次数", id="重复次数"),
    pytest.param(TALK, "rounds.1.admits", "passed:final", "不是更早的轮次", id="参加范围指向后面"),
    pytest.param(WORKS, "rounds.0.admits", "friends", "未知的参加范围", id="参加范围"),
    pytest.param(WORKS, "rounds.0.envelopes", ["single", "price"], "single 只能单独使用", id="文件包混用"),
    pytest.param(WORKS, "rounds.0.envelopes", ["technical", "price"], "应在 report:technical 之后", id="第二个文件包"),
    pytest.param(WORKS, "rounds.0.opens_after", "report:price", "没有后开启的", id="只有一个文件包"),
    pytest.param(WORKS, "rounds.0.envelopes", ["golden"], "golden 没有中文说法", id="文件包未知"),
    pytest.param(LAND, "auction", None, "有竞价步骤而没有竞价规则", id="没有竞价规则"),
    pytest.param(LAND, "auction.phases.0.until", None, "这一阶段没有终点", id="阶段终点"),
    pytest.param(LAND, "auction.phases.2.at_ceiling", "goto:free", "只能转到更后的阶段", id="阶段倒退"),
    pytest.param(LAND, "auction.phases.0.from", "report.signed", "流程中没有产生 report.signed", id="阶段起点"),
    pytest.param(LAND, "auction.phases.1.when", "bidders => 2", "不认识的条件", id="阶段条件"),
    pytest.param(LAND, "auction.phases.3.provisional", False, "未经核实，应标明 provisional", id="阶段未核实"),
    pytest.param(WORKS, "actors", {"weather.forecast": ["agency"]}, "未知的行为", id="行为"),
    pytest.param(WORKS, "actors", {"bids.submit_bid": ["friend"]}, "未知的角色", id="角色"),
    pytest.param(WORKS, "actors", {"awards.decide_award": ["supervisor"]}, "监督部门不得", id="监督部门越权"),
    pytest.param(WORKS, "actors", {}, "没有人可以作出", id="无人办理"),
    pytest.param(WORKS, "law.grades.0.when", "state_share >= 5", "比较值不合要求", id="分级条件"),
    pytest.param(WORKS, "law.grades.0.set", {"award.mood": "x"}, "定义中没有这个键", id="分级改写的键"),
    pytest.param(WORKS, "law.grades.0.set", {"award": "x"}, "只能改写一个词", id="分级改写一组"),
    pytest.param(WORKS, "law.grades.0.set", {"award.mode": "coin"}, "未知的定标方式", id="分级改写的值"),
    pytest.param(WORKS, "law.grades.0.set", {"title": "x"}, "分级不能改写这个键", id="分级不许改写"),
    pytest.param(WORKS, "law.grades.2.drop", ["L02"], "定义中没有规则 L02", id="分级去掉的规则"),
    pytest.param(WORKS, "law.grades.0.when", "otherwise", "永远轮不到", id="分级次序"),
    pytest.param(WORKS, "law.grades.1.provisional", False, "没有依据的分级", id="分级无依据"),
    pytest.param(WORKS, "law.periods", _period(to="hammer.at"), "流程中没有产生 hammer.at", id="期限终点"),
    pytest.param(WORKS, "law.periods", _period(from_="listing.first"), "流程中没有产生 listing.first", id="期限起点"),
    pytest.param(WORKS, "law.periods", _period(measure="hours"), "不能以 日 计", id="计算方法"),
    pytest.param(WORKS, "law.periods", _period(max=3), "应有且只有一个", id="上下限"),
    pytest.param(WORKS, "law.periods", _period(min=0), "应有且只有一个，且不小于1", id="期限为零"),
    pytest.param(WORKS, "law.periods", _period(breach="fine"), "未知的后果", id="后果"),
    pytest.param(WORKS, "law.periods", _period(breach="move:hammer.at"), "未知的后果", id="顺延的期限"),
    pytest.param(WORKS, "law.periods", _period(when="it_rains"), "不认识的条件", id="期限条件"),
    pytest.param(WORKS, "law.periods", _period(rule="Z99"), "规则 Z99 不在规则登记中", id="规则未登记"),
    pytest.param(WORKS, "law.periods", _period(rule="T28", breach="warn"), "应标明 provisional", id="期限未标暂定"),
    pytest.param(WORKS, "law.periods", _period(rule="T28", provisional=True), "不得拒绝", id="暂定不得拒绝"),
    pytest.param(WORKS, "law.periods", _period(min=None, max=3), "只能提示", id="超期不得拒绝"),
    pytest.param(WORKS, "law.publications.0.kind", "rumour", "公告种类", id="公告种类"),
    pytest.param(WORKS, "law.publications.0.data_set", "", "没有时写 none", id="数据集"),
    pytest.param(WORKS, "law.publications.0.media", ["newspaper"], "媒介不对", id="媒介"),
    pytest.param(WORKS, "law.publications", [], "没有对应的公告", id="环节无公告"),
    pytest.param(WORKS, "law.publications.1.within", "soon", "不是期限", id="发布时限"),
    pytest.param(WORKS, "law.secrets.0.until", "never", "没有终点或未知", id="保密终点"),
    pytest.param(WORKS, "law.failures.0.next", "", "没有写明结局和下一步", id="失败的下一步"),
    pytest.param(WORKS, "law.failures.0.at", "hammer.at", "流程中没有产生", id="失败的时点"),
    pytest.param(WORKS, "law.failures.0.when", "bids < many", "比较值不合要求", id="失败条件的值"),
    pytest.param(WORKS, "law.failures.0.when", "birds < 3", "不认识的对象 birds", id="失败条件的对象"),
    pytest.param(WORKS, "law.failures.0.basis", "30号令38", "未经核实，应标明 provisional", id="失败依据未核实"),
    pytest.param(WORKS, "law.failures.0.basis", "某办法3", "不在规则登记中", id="失败依据未登记"),
    pytest.param(WORKS, "law.objections.0.target", "weather", "对象或暂停范围未知", id="异议对象"),
    pytest.param(WORKS, "law.objections.0.until", "hammer.at - 10日", "流程中没有产生所写的起止", id="异议截止"),
    pytest.param(WORKS, "law.objections.0.until", "bid_deadline - 十天", "不是期限", id="异议提前量"),
    pytest.param(WORKS, "law.objections.0.until", None, "没有写明何时为止", id="异议无截止"),
    pytest.param(WORKS, "law.objections.0.answer", "3天半", "不是期限", id="异议答复"),
    pytest.param(WORKS, "law.objections.0.by", "anybody", "没有中文说法", id="异议人"),
    pytest.param(EQUITY, "law.objections.1.provisional", False, "未经核实", id="异议依据未核实"),
    pytest.param(WORKS, "compulsory.any", ["works.estimate >= 400"], "比较值不合要求", id="必须招标的标准"),
    pytest.param(WORKS, "law.complaint.decide", "一个月", "不是期限", id="投诉处理期限"),
    pytest.param(WORKS, "law.complaint.decide", None, "也没有写明受理部门", id="投诉无着落"),
    pytest.param(TALK, "law.complaint.provisional", [], "未经核实", id="投诉受理未核实"),
    pytest.param(TALK, "law.complaint.provisional", ["to"], "没有 to 这一项", id="投诉暂定的项"),
    pytest.param(WORKS, "law.filings.0.within", "半月", "不是期限", id="备案期限"),
    pytest.param(EQUITY, "listing.extend.until", "一年", "不是期限", id="延长的终点"),
    pytest.param(WORKS, "deposit.limit.share", "2", "应为不大于1的小数", id="保证金比例"),
    pytest.param(WORKS, "deposit.limit.cap", "80", "应为以万或亿计", id="保证金封顶"),
    pytest.param(EQUITY, "deposit.limit.provisional", False, "未经核实", id="保证金依据未核实"),
    pytest.param(WORKS, "deposit.provisional", ["luck"], "没有 luck 这一项", id="保证金暂定的项"),
    pytest.param(WORKS, "deposit.forms", ["gold"], "gold 没有中文说法", id="保证金形式"),
    pytest.param(WORKS, "rounds.0.panel.experts_min", "most", "应为一个分数", id="专家比例"),
    pytest.param(WORKS, "rounds.0.panel.basis", "12号令", "未经核实", id="评委会依据未核实"),
    pytest.param(WORKS, "award.recheck.basis", "12号令", "未经核实", id="复核依据未核实"),
    pytest.param(WORKS, "award.mode", "separated", "评定分离没有写明", id="评定分离无办法"),
    pytest.param(WORKS, "basis", ["某某规定"], "不在规则登记中", id="总依据未登记"),
]


@pytest.mark.parametrize(("name", "path", "value", "reason"), CASES)
def test_不健全的定义(name: str, path: str, value: object, reason: str) -> None:
    found = spoiled(name, path, value)
    assert any(reason in why for _, why in found), found


def test_所有问题一次说完() -> None:
    reasons = [why for _, why in spoiled(WORKS, "law.periods", _period(rule="Z99", to="hammer.at", unit="年"))]
    assert len(reasons) == 4 and reasons[0] == "定义中没有规则 T04"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("bids < min_bidders", "递交投标（响应）文件的少于规定的最低数", id="数量对规定数"),
        pytest.param("bidders >= 2", "竞买人（意向受让方）不少于2个", id="数量对数字"),
        pytest.param("state_share >= 0.5", "国有资金所占比例不低于50%", id="比例"),
        pytest.param("works.estimate >= 400万", "施工单项合同估算价不低于400万元", id="金额"),
        pytest.param("all_rejected", "所有投标被否决", id="情形"),
    ],
)
def test_条件的说法(text: str, words: str) -> None:
    assert condition_words(text) == words


@pytest.mark.parametrize("text", ["", "bids", "bids<3", "bids < 0", "floor < 3", "state_share > 1.5", "bids ! 3"])
def test_不合语法的条件(text: str) -> None:
    with pytest.raises(ValueError):
        parse_condition(text)


@pytest.mark.parametrize("text", ["", "0日", "3", "日", "-3日", "3周", " 3日"])
def test_不是期限(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


def test_期限与比例的说法() -> None:
    assert str(parse_duration("3工作日")) == "3个工作日" and str(parse_duration("12个月")) == "12个月"
    assert [percent(share) for share in ("0.02", "0.5", "0.20", "1", "0.025")] == ["2%", "50%", "20%", "100%", "2.5%"]
    assert split_back("bid_deadline - 10日") == ("bid_deadline", "10日") and split_back("review.ends")[1] is None
