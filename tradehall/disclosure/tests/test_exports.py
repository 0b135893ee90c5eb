"""Files of a list carry its content unharmed; a comparison spells both texts."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tradehall.disclosure.exports import list_atom, list_csv, list_ics, list_json
from tradehall.disclosure.listing import Item
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.search import Page
from tradehall.kernel.wording import compare_words

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ITEM = Item(
    notice_no="B1",
    project_no="R1",
    title="=学校<b>,施工;" + "长" * 60,
    kind="tender_notice",
    line="works",
    stage="notice",
    district="310115",
    published_at=NOW,
    closes_at=datetime(2026, 4, 10, 1, 30, tzinfo=UTC),
    amount=1050,
    currency="CNY",
    principal="教育局",
    version=2,
    source="示范",
    href="/n/B1",
    project_href="/p/R1",
    moved_from=NOW,
)
KEYS = [
    "notice_no", "project_no", "title", "kind", "line", "stage", "district", "published_at", "closes_at", "amount",
    "currency", "principal", "href", "project_href", "version", "source",
]  # fmt: skip


def test_list_json_is_letter_exact() -> None:
    value = json.loads(list_json(Page(parse_query({"q": "学校"}), 21, True, 1, 2, (ITEM,)), "/search"))
    assert list(value) == ["total", "total_is_exact", "page", "pages", "next", "facets", "items"]
    assert list(value["items"][0]) == KEYS
    assert value["next"] == "/search.json?q=%E5%AD%A6%E6%A0%A1&page=2"
    assert value["items"][0]["closes_at"] == "2026-04-10T09:30:00+08:00"


def test_csv_opens_as_text_and_runs_no_formula() -> None:
    content = list_csv([ITEM])
    assert content.startswith(b"\xef\xbb\xbf") and "'=学校<b>" in content.decode() and "10.50" in content.decode()


def test_atom_is_xml_with_an_id_of_the_version() -> None:
    feed = ElementTree.fromstring(list_atom([ITEM], title="公告", base="https://x.cn", address="/search.atom", now=NOW))
    assert [node.text for node in feed.iter("{http://www.w3.org/2005/Atom}id")][1] == "https://x.cn/n/B1/v/2"


def test_ics_says_beijing_time_and_folds_between_characters() -> None:
    text = list_ics([ITEM], host="x.cn", now=NOW)
    assert b"DTSTART;TZID=Asia/Shanghai:20260410T093000" in text and b"UID:B1-closing@x.cn" in text
    assert max(len(line) for line in text.split(b"\r\n")) <= 75


@given(st.text("甲乙1 .\n", max_size=40), st.text("甲乙1 .\n", max_size=40))
def test_a_comparison_spells_both_texts(old: str, new: str) -> None:
    segments = compare_words(old, new)
    assert "".join(segment.text for segment in segments if segment.op != "ins") == old
    assert "".join(segment.text for segment in segments if segment.op != "del") == new
