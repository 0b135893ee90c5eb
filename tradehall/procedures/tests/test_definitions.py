"""Every definition of this release: it loads, it is sound, its public page says all of it."""

import re

import pytest

from tradehall.procedures.bases import resolves
from tradehall.procedures.grades import with_grade
from tradehall.procedures.labels import tables
from tradehall.procedures.loading import DefinitionError, finish, flatten, load_tables, parse
from tradehall.procedures.rules import Definition
from tradehall.procedures.saying import PROVISIONAL
from tradehall.procedures.soundness import problems
from tradehall.procedures.tests.examples import definition, every_id, put, register, table
from tradehall.procedures.vocabulary import LINKS, METHOD_CODES, PRODUCES
from tradehall.procedures.words import describe, period_row

DUE = {
    "works.open.post", "works.open.prequal", "works.open.lowest", "works.open.separated", "works.invited",
    "procurement.open", "procurement.negotiation", "procurement.consultation", "procurement.inquiry", "land.listing",
    "land.auction", "mining.listing", "property.equity", "property.asset", "carbon.allocation",
}  # fmt: skip
SECTIONS = ["适用范围", "依据", "流程", "期限", "保证金", "评审", "定标", "异议投诉", "失败与重来", "公开与保密"]


def _rows(one: Definition) -> list[list[str]]:
    return [row for block in describe(one, register()) for row in block.get("rows", [])]


def _text(one: Definition) -> str:
    blocks = describe(one, register())
    said = [str(block["text"]) for block in blocks if "text" in block]
    return "\n".join([*said, *("|".join(row) for row in _rows(one))])


def test_所需的定义都有() -> None:
    assert set(every_id()) >= DUE


@pytest.mark.parametrize("name", every_id())
def test_定义健全(name: str) -> None:
    assert problems(definition(name), register()) == ()


@pytest.mark.parametrize("name", every_id())
def test_页面写出每一部分(name: str) -> None:
    one = definition(name)
    headings = [block["text"] for block in describe(one, register()) if block["type"] == "heading"]
    assert [text for text in headings if text != "竞价阶段"] == SECTIONS
    assert ("竞价阶段" in headings) == (one.auction is not None)


@pytest.mark.parametrize("name", every_id())
def test_页面写出每一条期限(name: str) -> None:
    one = definition(name)
    rows = _rows(one)
    for period in one.law.periods:
        row = list(period_row(period, register()))
        assert row in rows
        assert str(period.count) in row[3] and ("至少" if period.min else "至多") in row[3]
        assert (row[-1] == PROVISIONAL) == (period.provisional or register().rule(period.rule).is_provisional)


@pytest.mark.parametrize("name", every_id())
def test_页面只有中文说法没有代码(name: str) -> None:
    """Only the official names of data sets stay Latin; rule ids stand in notes."""
    assert re.findall(r"[a-z]{3,}", _text(definition(name))) == []


def test_表格各行列数相同() -> None:
    for name in every_id():
        for block in describe(definition(name), register()):
            rows = block.get("rows", [["一列"]])
            assert isinstance(rows, list) and len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("works.open.post", "达到下列标准之一的依法必须招标", id="规模标准"),
        pytest.param("works.open.post", "最高80万元", id="保证金封顶"),
        pytest.param("works.open.post", "收到后12小时内发布", id="媒介发布时限"),
        pytest.param("procurement.open", "5个工作日内审查、决定是否受理", id="政府采购投诉受理"),
        pytest.param("land.listing", "不低于起始价的20%", id="竞买保证金"),
        pytest.param("works.open.separated", "评定分离", id="评定分离定标"),
    ],
)
def test_未核实的写明暂定(name: str, words: str) -> None:
    line = next(line for line in _text(definition(name)).splitlines() if words in line)
    assert PROVISIONAL in line[line.index(words) :]


def test_投诉处理期限已核对的不标暂定() -> None:
    line = next(line for line in _text(definition("works.open.post")).splitlines() if line.startswith("投诉："))
    assert PROVISIONAL not in line


def test_只有读过原文的规则是确定的() -> None:
    assert {rule.id for rule in register().rules if not rule.is_provisional} == {
        rule.id for rule in register().rules if rule.mark == "L"
    }
    assert all(register().rule(name).is_provisional for name in ("T28", "T36", "L13", "L14"))
    assert all(register().rule(name).basis is None for name in ("T28", "T36", "L13", "L14"))


def test_登记的依据都找得到() -> None:
    assert [rule.id for rule in register().rules if rule.basis and not resolves(rule.basis, register())] == []
    assert [rule.id for rule in register().rules if not rule.basis and not rule.source] == []


def test_词表都有中文说法() -> None:
    moments = {name for names in PRODUCES.values() for name in names}
    assert moments <= set(tables()["moments"]) and set(tables()["links"]) == LINKS and METHOD_CODES


def test_覆盖层只改写明的部分() -> None:
    base, over = definition("procurement.negotiation"), definition("procurement.consultation")
    assert over.deposit == base.deposit and over.law.complaint == base.law.complaint
    assert over.law.periods != base.law.periods and over.base == "procurement.negotiation@2026.1"


def test_摘要只认内容不认写法() -> None:
    first = table("land.auction")
    again = dict(reversed(list(first.items())))
    assert finish(first, "甲").digest == finish(again, "乙").digest
    assert finish(put(table("land.auction"), "award.slots.max", 2), "乙").digest != finish(first, "甲").digest


def test_分级改写定标并去掉不适用的期限() -> None:
    one = with_grade(definition("works.open.post"), "非必须招标")
    assert one.award.mode == "principal_choice"
    assert {"T04", "T16a", "T16b"}.isdisjoint(period.rule for period in one.law.periods)
    assert "T02" in {period.rule for period in one.law.periods}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        pytest.param(("award.mood", "rank_order"), "award.mood", id="未知的键"),
        pytest.param(("title", None), "title", id="缺少必填的键"),
        pytest.param(("schema", "1"), "schema", id="类型不对"),
        pytest.param(("valid_from", "2025-13-01"), "valid_from", id="不是日期"),
    ],
)
def test_形状不对的写明哪个键(change: tuple[str, object], key: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        finish(put(table("works.open.post"), *change), "甲.toml")
    assert caught.value.key == key and "甲.toml" in str(caught.value)


def test_不是TOML的写明文件() -> None:
    with pytest.raises(DefinitionError, match="坏.toml：不是有效的 TOML"):
        parse("id = ", "坏.toml")


def test_覆盖层只许一层() -> None:
    top = {"id": "甲", "version": "1", "base": "乙@1"}
    with pytest.raises(DefinitionError, match="只允许一层"):
        flatten(top, {"乙@1": {"id": "乙", "version": "1", "base": "丙@1"}}, "甲.toml")
    with pytest.raises(DefinitionError, match="找不到"):
        flatten(top, {}, "甲.toml")


def test_同一编号版本只能有一个文件() -> None:
    with pytest.raises(DefinitionError, match="已由另一个文件定义"):
        load_tables({"甲.toml": table("works.open.post"), "乙.toml": table("works.open.post")})
