"""Search finds exactly what a plain LIKE finds, counts add up, and a new version takes the old one's place."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tradehall.disclosure.grams import like_pattern, text_keys, word_keys
from tradehall.disclosure.projector import write_batch
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.rules import project_rendition
from tradehall.disclosure.search import search
from tradehall.disclosure.selectors import figures
from tradehall.disclosure.windows import Limits

from .renditions import rendition

AT = datetime(2026, 4, 1, tzinfo=UTC)
PATIENT = Limits(budget_ms=60_000, hard_ms=60_000)
WORDS = [
    "小学",
    "临港第1小学",
    "工程施工",
    "310",
    "R00",
    "操场 12",
    "没有这个",
    "学校操场",
    "第1",
    "%",
    "_小",
    "';--",
    "demo",
]


def _publish(*renditions: dict) -> None:
    write_batch([project_rendition(item, at) for at, item in enumerate(renditions, 1)])


@pytest.fixture
def city(db: None) -> None:
    dates = [f"{year}-0{month}-17T09:00:00+08:00" for year in (2024, 2025, 2026) for month in (1, 5, 8)]
    _publish(*(rendition(n, published_at=dates[n % 9], line=("works", "land")[n % 2]) for n in range(1, 60)))


@given(st.text("中标a1-.学 校", min_size=2, max_size=30), st.data())
def test_keys_of_a_part_are_keys_of_the_whole(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : data.draw(st.integers(start + 2, len(text)))]
    assert set(word_keys(part).keys) <= set(text_keys(text).tolist())


@pytest.mark.parametrize("words", WORDS)
def test_finds_what_a_plain_like_finds(city: None, words: str) -> None:
    query = parse_query({"q": words})
    with connection.cursor() as cursor:
        likes = " and ".join("doc like %s" for _ in query.words) or "true"
        cursor.execute(f"select count(*) from search_row where {likes}", [like_pattern(word) for word in query.words])
        expected = cursor.fetchone()[0]
    page = search(query, AT, PATIENT)
    if len("".join(query.words)) > 1:
        assert (page.total, page.total_is_exact) == (expected, True)


@pytest.mark.parametrize(
    "given", [{}, {"q": "小学"}, {"q": "小学", "line": "land"}, {"line": "works", "district": "310000"}]
)
def test_facets_add_up_to_the_total(city: None, given: dict[str, str]) -> None:
    page = search(parse_query(given), AT, PATIENT)
    assert page.total > 0
    assert {sum(facet.count for facet in facets) for facets in page.facets.values()} == {page.total}


def test_projects_and_notices_agree(city: None) -> None:
    assert search(parse_query({"q": "小学"}, "projects"), AT, PATIENT).total == 59


def test_a_new_version_replaces_the_old_text(city: None) -> None:
    changed = rendition(7, version=2, title="云岭隧道检测", published_at="2026-03-20T09:00:00+08:00")
    _publish(changed)
    _publish(rendition(7))
    page = search(parse_query({"q": "云岭隧道"}), AT, PATIENT)
    assert [(item.notice_no, item.version) for item in page.items] == [(changed["notice_no"], 2)]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from search_row")
        assert cursor.fetchone()[0] == 59


def test_a_quarter_that_grows_much_is_built_beside_itself(db: None) -> None:
    _publish(*(rendition(n) for n in range(1, 500)))
    _publish(*(rendition(n, version=2) for n in range(400, 900)))
    page = search(parse_query({"q": "小学"}), AT, PATIENT)
    assert (page.total, len(page.items)) == (899, 20)


def test_a_number_goes_straight_to_its_page(city: None) -> None:
    assert search(parse_query({"q": "r000000000007"}), AT).redirect == "/p/R000000000007"


def test_a_district_word_becomes_a_filter_and_says_so(city: None) -> None:
    page = search(parse_query({"q": "临港区 小学"}), AT, PATIENT)
    assert (page.query.districts, page.total) == ((310115,), 59)
    assert "district_word" in {note.code for note in page.notes}


def test_a_typo_of_one_character_is_offered(city: None) -> None:
    page = search(parse_query({"q": "新建工呈"}), AT, PATIENT)
    assert [note.instead for note in page.notes if note.code == "typo"] == ["新建工程"]


def test_a_million_characters_are_cut_kindly(city: None) -> None:
    assert search(parse_query({"q": "学校" * 500_000}), AT).notes[0].code == "too_long"


def test_a_deal_counts_once_and_its_bar_opens_an_equal_list(db: None) -> None:
    def won(cents: int) -> dict:
        return {"winners": [{"name": "甲公司", "uscc": None, "rank": 1, "lot": None, "price": {"cents": cents}}]}

    same = {"project_no": "R1", "kind": "result", "stage": "result"}
    _publish(rendition(1, facts=won(500), **same), rendition(2, facts=won(700), **same))
    _publish(rendition(3, kind="allocation", stage="allocation"))
    found = figures(AT)
    page = search(parse_query(found.bars[0].parameters), AT)
    assert (found.deals, found.cents) == (1, 700)
    assert (page.total, sum(item.amount or 0 for item in page.items)) == (1, 700)
