"""What a plan must say: one thing wrong at a time, and everything at once."""

from dataclasses import replace
from datetime import date

import pytest

from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.identifiers import compute_uscc_check
from tradehall.kernel.money import MAX_CENTS
from tradehall.planning import rules
from tradehall.planning.rules import PlanStatement

FIRST_17 = "91990000MA0000001"
USCC = FIRST_17 + compute_uscc_check(FIRST_17)
DAY = date(2026, 4, 10)
PLAN = PlanStatement("临川市水务局", USCC, "works", "东溪河道整治", 2_600_000_000, "2026-06", "310000", "市级财政资金")


def _codes(stated: PlanStatement, is_district: bool = True) -> list[str]:
    found = rules.statement_violations(stated, day=DAY, lines=frozenset({"works"}), is_district=is_district)
    return [violation.code for violation in found]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"principal_name": " "}, "planning.principal_name", id="没有发起方"),
        pytest.param({"subject": ""}, "planning.subject", id="没有标的"),
        pytest.param({"subject": "河" * 301}, "planning.subject", id="标的过长"),
        pytest.param({"subject": "河\n道"}, "planning.subject", id="标的换行"),
        pytest.param({"subject": "河\ud800道"}, "planning.subject", id="不成对的代理字符"),
        pytest.param({"subject": "河道整治，联系13812345678"}, "planning.subject", id="标的含手机号码"),
        pytest.param({"funds": ""}, "planning.funds", id="没有资金来源"),
        pytest.param({"line": "roads"}, "planning.line", id="没有这个类别"),
        pytest.param({"principal_uscc": USCC[:-1] + "#"}, "planning.principal_uscc", id="信用代码校验"),
        pytest.param({"estimate_cents": 0}, "planning.estimate_cents", id="估算价为零"),
        pytest.param({"estimate_cents": -1}, "planning.estimate_cents", id="估算价为负"),
        pytest.param({"estimate_cents": MAX_CENTS + 1}, "planning.estimate_cents", id="估算价过大"),
        pytest.param({"expected_on": "2026-3"}, "planning.expected_on", id="不是月份"),
        pytest.param({"expected_on": "2026-02-30"}, "planning.expected_on", id="没有这一天"),
        pytest.param({"expected_on": "20260512"}, "planning.expected_on", id="没有分隔"),
        pytest.param({"expected_on": "2026-03"}, "planning.expected_on", id="已过的月份"),
        pytest.param({"expected_on": "2026-04-09"}, "planning.expected_on", id="已过的日子"),
        pytest.param({"expected_on": "2206-04"}, "planning.expected_on", id="年份过远"),
    ],
)
def test_写错一项(changed: dict[str, object], code: str) -> None:
    assert _codes(replace(PLAN, **changed)) == [code]


def test_写对的没有问题() -> None:
    assert _codes(PLAN) == []
    assert _codes(replace(PLAN, principal_uscc=None, estimate_cents=None, expected_on="2026-04-10")) == []
    assert _codes(replace(PLAN, expected_on="2026-04", estimate_cents=MAX_CENTS)) == []
    assert _codes(PLAN, is_district=False) == ["planning.district"]


def test_所有问题一次说完并说明没有保存() -> None:
    wrong = PlanStatement("", "x", "roads", "", -1, "", "", "")
    found = rules.statement_violations(wrong, day=DAY, lines=frozenset({"works"}), is_district=False)
    assert len(found) == 8 and all(v.field for v in found)
    assert all("没有保存" in v.message for v in found)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        pytest.param("2026-02", date(2026, 2, 28), id="平年二月"),
        pytest.param("2028-02", date(2028, 2, 29), id="闰年二月"),
        pytest.param("2026-12", date(2026, 12, 31), id="年末"),
        pytest.param("2026-05-12", date(2026, 5, 12), id="某一天"),
    ],
)
def test_预计时间的最后一天(text: str, last: date) -> None:
    assert rules.latest_day(text) == last


OWNER = Actor("person", "1", "甲", USCC, frozenset({"principal"}))
AGENCY = Actor("person", "2", "乙", "agency-code", frozenset({"agency"}))


@pytest.mark.parametrize(
    ("by", "may_publish", "may_revise"),
    [
        pytest.param(OWNER, True, True, id="发起方"),
        pytest.param(AGENCY, True, True, id="受托代理机构"),
        pytest.param(PLATFORM, True, True, id="平台"),
        pytest.param(replace(AGENCY, organisation="another"), True, False, id="别的代理机构"),
        pytest.param(replace(OWNER, organisation="another"), False, False, id="别的发起方"),
        pytest.param(replace(OWNER, roles=frozenset()), False, False, id="没有角色"),
        pytest.param(Actor("person", "3", "丙", USCC, frozenset({"supervisor"})), False, False, id="监督部门"),
        pytest.param(replace(AGENCY, organisation=None), False, False, id="没有单位的代理"),
    ],
)
def test_谁可以办理(by: Actor, may_publish: bool, may_revise: bool) -> None:
    assert (rules.publisher_violations(by, PLAN) == []) is may_publish
    assert (rules.reviser_violations(by, PLAN, "agency-code") == []) is may_revise


def test_没有代码的发起方按名称认() -> None:
    nameless = replace(PLAN, principal_uscc=None)
    assert rules.publisher_violations(replace(OWNER, organisation="临川市水务局"), nameless) == []
    assert rules.publisher_violations(replace(OWNER, organisation="临川市水务局"), PLAN) != []


def test_修改前后对照() -> None:
    new = replace(PLAN, estimate_cents=None, expected_on="2026-07", subject="东溪、西溪河道整治")
    assert [(c.label, c.old, c.new) for c in rules.changes(PLAN, new)] == [
        ("标的", "东溪河道整治", "东溪、西溪河道整治"),
        ("估算价", "2,600.00 万元", "未定"),
        ("预计时间", "2026-06", "2026-07"),
    ]
    assert rules.changes(PLAN, PLAN) == []
