"""What the detail page shows of a project, from renditions alone."""

from datetime import datetime
from typing import Any

import pytest

from tradehall.kernel.times import BEIJING
from tradehall.tenders.states import Step
from tradehall.web.presenters import detail_page
from tradehall.web.presenters.prices import price_words
from tradehall.web.presenters.stated import stated_rows
from tradehall.web.redirects import target_of

AT = datetime(2026, 9, 18, 10, 24, tzinfo=BEIJING)


def rendition(kind: str = "tender_notice", **stated: Any) -> dict[str, Any]:
    values = {
        "notice_no": "B1", "version": 1, "kind": kind, "kind_label": "招标公告", "line": "works", "stage": "notice", "title": "甲工程",
        "attempt": 1, "published_at": "2026-09-07T09:00:00+08:00", "published_precision": "minute", "closes_at": None,
        "moved_from": None, "principal": {"name": "甲局", "uscc": None}, "agency": None, "method": "open", "amount": None, "facts": {},
        "lots": [], "attachments": [], "changes": [], "source": {"system": "CZGC", "name": None},
    }  # fmt: skip
    return {**values, **stated}


def page(*notices: dict[str, Any]) -> detail_page.Page:
    return detail_page.Page(
        notices[-1], notices[-1]["version"], notices, ("open", "报名投标中", True), "工程建设", "招标人"
    )


def test_the_deadline_that_counts_is_the_newest_stated() -> None:
    first = rendition(closes_at="2026-09-29T09:30:00+08:00")
    moved = rendition(
        "correction", notice_no="B2", closes_at="2026-10-09T09:30:00+08:00", moved_from="2026-09-29T09:30:00+08:00"
    )
    due = detail_page.closing([first, moved])
    assert due is not None and due[0].day == 9 and due[1] is not None and due[1].day == 29 and due[2] == "B2"
    assert "原为 09-29 09:30" in detail_page.timeline(page(first, moved), AT)[1]["note"]


def test_six_facts_say_what_is_not_stated() -> None:
    facts = detail_page.fact_strip(page(rendition(facts={"ceiling_cents": 1864200000000})))
    assert [fact["label"] for fact in facts] == ["最高限价", "保证金", "招标人", "代理机构", "交易方式", "行政监督"]
    assert facts[0]["value"] == "18,642,000.00" or facts[0]["unit"] == "万元"
    assert facts[1]["value"] is None and facts[3]["value"] is None


def test_a_later_step_makes_an_earlier_silence_visible() -> None:
    steps = [
        Step("plan", "计划意向", False, False, None, None),
        Step("notice", "交易公告", True, True, "B1", "2026-09-07"),
    ]
    items = detail_page.chain_items(steps, {}, None)
    assert [item["state"] for item in items] == ["missing", "current"]
    assert items[1]["href"] == "/n/B1" and items[1]["note"] == "09-07"


def test_an_older_file_of_the_same_name_is_marked() -> None:
    file = {
        "name": "招标文件.pdf",
        "sha256": "a" * 64,
        "sm3": "b" * 64,
        "size": 9,
        "media_type": "application/pdf",
        "version": 1,
    }
    found = detail_page.files(
        page(rendition(attachments=[file]), rendition(notice_no="B2", attachments=[{**file, "sha256": "c" * 64}]))
    )
    assert [(row["sha256"][0], row["superseded"]) for row in found] == [("c", False), ("a", True)]


@pytest.mark.parametrize(
    ("price", "said"),
    [
        pytest.param({"form": "amount", "cents": 2631000000000, "unit": None}, "2,631,000.00 万元", id="金额"),
        pytest.param({"form": "amount", "cents": 12345, "unit": None}, "123.45 元", id="小额用元"),
        pytest.param({"form": "rate", "cents": None, "rate": "3.5"}, "费率 3.5%", id="费率"),
        pytest.param({"form": "discount", "cents": None, "rate": "12"}, "下浮 12%", id="下浮率"),
        pytest.param({"form": "text", "cents": None, "rate": None, "text": "按清单单价"}, "按清单单价", id="文字"),
        pytest.param(None, "", id="未载明"),
    ],
)
def test_prices_in_words(price: dict[str, Any] | None, said: str) -> None:
    assert price_words(price) == said


def test_plain_facts_have_labels_and_units() -> None:
    rows = stated_rows(
        {"deposit_cents": 80_0000_00, "review_until": "2026-09-21T23:59:00+08:00", "winners": [{"name": "乙"}]}
    )
    assert rows == [{"label": "保证金", "value": "80.00 万元"}, {"label": "公示止", "value": "2026-09-21 23:59"}]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        pytest.param("/jyxxgcgg/", "/notices?line=works", id="旧栏目"),
        pytest.param("/jyxx/003001/003001005/20250324/753db113-f948.html", "/search?q=753db113-f948", id="旧公告"),
        pytest.param("/index.html", "/", id="旧首页"),
        pytest.param("/nothing", None, id="未知"),
    ],
)
def test_old_addresses(path: str, target: str | None) -> None:
    assert target_of(path) == target
