"""Rows of real shapes, broken in every known way: a refusal names its field, the odd is found, nothing escapes."""

import gzip
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradehall.exchange.adapters import prices, words
from tradehall.exchange.adapters.catalogue import ADAPTERS, guess
from tradehall.exchange.adapters.files import UnreadableFile, make_row, rows_of
from tradehall.exchange.adapters.page import page_blocks
from tradehall.exchange.adapters.rows import Row, Unreadable
from tradehall.kernel.refusal import Refusal
from tradehall.tenders.reports import NoticeReport

PURCHASE = {
    "id": "a1",
    "title": "某院更衣柜采购项目招标公告",
    "type": "招标",
    "publish_time": "2025-02-11T18:05:47+08:00",
    "buyer": "某院",
    "winners": [],
    "budget": 1500000,
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def row(fields: dict[str, object]) -> Row:
    made = make_row(1, fields)
    assert isinstance(made, Row)
    return made


def purchase(**changes: object) -> NoticeReport:
    return ADAPTERS["jianyu"].convert(row({**PURCHASE, **changes}))


def test_a_purchase_keeps_exact_cents_and_method() -> None:
    report = purchase()
    assert (report.facts["budget_cents"], report.method, report.kind) == (150000000, "open", "tender_notice")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"publish_time": "2025-02-30"}, "publish_time"),
        ({"budget": -5}, "budget"),
        ({"budget": "1.234"}, "budget"),
        ({"type": "凭空"}, "type"),
    ],
    ids=["无标题", "不可能的日期", "负金额", "不足一分", "字典外类型"],
)
def test_bad_values_are_refused_by_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        purchase(**changes)
    assert field in {violation.field for violation in refused.value.violations}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("20797381.58", "amount"),
        ("报价下浮率6.20%", "discount"),
        ("98.00%", "rate"),
        ("176.80元/延米", "unit_list"),
        ("98.80", "text"),
        ("336.9万元", "amount"),
    ],
    ids=["金额", "下浮率", "费率", "单价", "不能确认的数字", "万元"],
)
def test_price_forms(text: str, form: str) -> None:
    price = prices.price_of(text)
    assert price is not None and price.form == form


def test_titles_lose_only_the_words_of_the_notice() -> None:
    assert words.project_name("南岗路北延新建工程（一期）中标结果公告") == "南岗路北延新建工程（一期）"
    assert words.attempt_of("供气工程(第2次招标)中标结果公告") == 2
    assert words.attempt_of("某采购更正公告（第二次）") == 1
    assert words.ending_in("建设工程废标公示[中标候选人公示变更]") == "failure"


def test_hidden_parts_and_scripts_of_a_page_are_dropped() -> None:
    page = (
        "<style>己</style><p>甲</p><div class='jf'>乙</div><script>丙</script>"
        + "<table><tr><td>丁<table><tr><td>戊</td></tr></table></td></tr></table>"
    )
    text = json.dumps(page_blocks(page), ensure_ascii=False)
    assert all(word in text for word in "甲丁戊") and not any(word in text for word in "乙丙己")


def test_a_truncated_gzip_keeps_the_good_lines() -> None:
    lines = "".join(json.dumps({**PURCHASE, "id": str(n)}, ensure_ascii=False) + "\n" for n in range(3000))
    read = list(rows_of(io.BytesIO(gzip.compress(lines.encode())[:-400])))
    assert isinstance(read[0], Row) and isinstance(read[-1], Unreadable) and read[-1].rule == "truncated"


def test_one_broken_line_costs_only_itself() -> None:
    good = json.dumps(PURCHASE).encode()
    read = list(rows_of(io.BytesIO(good + b"\n\xff\xfe{\n{broken\n" + good)))
    assert [type(one) for one in read] == [Row, Unreadable, Unreadable, Row]
    assert [one.line for one in read] == [1, 2, 3, 4]


@given(st.binary(max_size=400))
@example(b"\r\x01")
@settings(max_examples=150)
def test_random_bytes_never_escape(content: bytes) -> None:
    try:
        assert all(isinstance(one, Row | Unreadable) for one in rows_of(io.BytesIO(content)))
    except UnreadableFile as error:
        assert str(error)


@pytest.mark.parametrize("code", sorted(ADAPTERS))
@given(data=st.data())
@settings(max_examples=80)
def test_random_rows_are_reports_or_refusals(code: str, data: st.DataObject) -> None:
    keys = [*sorted(ADAPTERS[code].columns), "budget", "deadline", "category", "成交价格(万元)", "area_ha"]
    made = make_row(1, {key: data.draw(VALUES) for key in keys})
    if isinstance(made, Row):
        try:
            assert ADAPTERS[code].convert(made).title
        except Refusal as refusal:
            assert refusal.violations


def test_the_adapter_is_guessed_from_columns() -> None:
    found = guess(row({"id": "1", "html": "<p>x</p>"}))
    assert found is not None and found.code == "yichang_pages"
