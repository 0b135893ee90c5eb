"""What readers of lists rely on: numbers lead home, sorts hold, filters fit, a cut answer says so, pages are whole."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tradehall.disclosure.models import ProjectRow
from tradehall.disclosure.projector import write_batch
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.rules import project_rendition
from tradehall.disclosure.search import search
from tradehall.disclosure.suggestions import direct_hit
from tradehall.disclosure.windows import Limits
from tradehall.kernel.identifiers import compute_organisation_check, compute_unified_deal_check, compute_uscc_check
from tradehall.kernel.names import mention_no

from .renditions import rendition

AT = datetime(2026, 4, 1, tzinfo=UTC)
ORGANISATION = "MA1FL0AA"
ORGANISATION += compute_organisation_check(ORGANISATION)
USCC = "91310000" + ORGANISATION
USCC += compute_uscc_check(USCC)
DEAL = f"A01{USCC}20260317000001"
DEAL += compute_unified_deal_check(DEAL)
HYPHENS = f"{DEAL[:3]}-{DEAL[3:21]}-{DEAL[21:29]}-{DEAL[29:35]}-{DEAL[35]}"


def _publish(*renditions: dict[str, Any]) -> None:
    write_batch([project_rendition(item, at) for at, item in enumerate(renditions, 1)])


@pytest.fixture
def numbered(db: None) -> None:
    lots = [
        {"lot_no": "R9-001", "name": "一标段", "unified_code": HYPHENS, "source_no": "YJ-2026-7"},
        {"lot_no": "R9-002", "name": "二标段", "unified_code": None, "source_no": None},
    ]
    principal = {"name": "甲公司", "uscc": USCC}
    _publish(rendition(9, project_no="R9", project_code="GC2026-0009", lots=lots, principal=principal))
    _publish(rendition(10, project_no="R9", project_code="GC2026-0009", lots=lots, kind="correction", stage="change"))
    _publish(rendition(11, project_no="R11", lots=[{"lot_no": "R11-001", "name": "地块", "source_no": "YJ-2026-8"}]))
    _publish(rendition(12, project_no="R12", lots=[{"lot_no": "R12-001", "name": "地块", "source_no": "YJ-2026-8"}]))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (HYPHENS, "/lot/R9-001"),
        (DEAL, "/lot/R9-001"),
        (DEAL[3:], "/lot/R9-001"),
        (HYPHENS[4:], "/lot/R9-001"),
        (f" {HYPHENS.lower()} ", "/lot/R9-001"),
        ("r9-002", "/lot/R9-002"),
        ("YJ-2026-7", "/lot/R9-001"),
        ("YJ-2026-8", None),
        ("gc2026-0009", "/p/R9"),
        ("Ｂ00000000000009", "/n/B00000000000009"),
        (USCC.lower(), f"/org/{USCC}"),
        (ORGANISATION, f"/org/{USCC}"),
        (f"{ORGANISATION[:8]}-{ORGANISATION[8]}", f"/org/{USCC}"),
        (mention_no("临港区教育局"), f"/org/{mention_no('临港区教育局')}"),
        ("n-0123456789abcdef", None),
        ("小学", None),
        ("2026", None),
    ],
)
def test_a_typed_number_leads_to_its_page(numbered: None, typed: str, address: str | None) -> None:
    assert direct_hit(parse_query({"q": typed})) == address


@pytest.fixture
def sortable(db: None) -> None:
    for number in range(1, 31):
        _publish(rendition(
            number, published_at=f"2026-03-{number:02d}T09:00:00+08:00",
            closes_at=f"2026-05-{31 - number:02d}T09:00:00+08:00" if number % 3 else None,
            amount={"cents": number * 7 % 31, "currency": "CNY"} if number % 4 else None,
        ))  # fmt: skip


@pytest.mark.parametrize("words", ["", "小学"])
@pytest.mark.parametrize("view", ["notices", "projects"])
def test_sorts_hold_over_all_pages_and_with_or_without_words(sortable: None, words: str, view: str) -> None:
    def column(sort: str, name: str) -> list[Any]:
        pages = [search(parse_query({"q": words, "sort": sort, "page": str(page)}, view), AT) for page in (1, 2)]
        items = [item for page in pages for item in page.items]
        assert len({item.href for item in items}) == 30
        return [getattr(item, name) for item in items]

    newest, closing, amounts = (
        column("newest", "published_at"),
        column("closing", "closes_at"),
        column("amount", "amount"),
    )
    assert newest == sorted(newest, reverse=True)
    assert closing == sorted(filter(None, closing)) + [None] * 10
    assert amounts == sorted((one for one in amounts if one is not None), reverse=True) + [None] * 7


@pytest.mark.parametrize("words", ["", "小学"])
def test_the_principal_filter_takes_name_number_or_code(numbered: None, words: str) -> None:
    for value in ("甲公司", mention_no("甲公司"), USCC, USCC.lower()):
        page = search(parse_query({"q": words, "principal": value}), AT)
        assert [item.notice_no for item in page.items] == ["B00000000000009"], value


def test_without_time_the_answer_says_how_far_it_came(sortable: None) -> None:
    page = search(parse_query({"q": "小学"}), AT, Limits(budget_ms=0, hard_ms=0))
    assert (page.total, page.total_is_exact, page.notes[0].code, page.cut_year) == (0, False, "unfinished", None)


def test_enough_found_within_the_budget_says_from_when_on(sortable: None) -> None:
    _publish(rendition(99, published_at="2024-03-17T09:00:00+08:00"))
    page = search(parse_query({"q": "小学"}), AT, Limits(budget_ms=0, hard_ms=60_000))
    assert (len(page.items), page.total, page.total_is_exact, page.cut_year) == (20, 30, False, 2026)
    assert page.total_words == "30+" and page.notes[0].code == "cut"


def test_the_cap_makes_a_count_that_says_more(sortable: None) -> None:
    page = search(parse_query({"q": "小学"}), AT, Limits(cap=25))
    assert (page.total_words, len(page.items), page.pages) == ("24+", 20, 2)


STORIES = [
    (["plan"], "planned"),
    (["plan", "tender_notice"], "noticed"),
    (["tender_notice", "suspension"], "suspended"),
    (["tender_notice", "opening_record", "suspension", "resumption"], "opened"),
    (["tender_notice", "correction"], "noticed"),
    (["tender_notice", "candidates"], "review"),
    (["tender_notice", "candidates", "result"], "dealt"),
    (["tender_notice", "result", "contract", "acceptance"], "dealt"),
    (["tender_notice", "failure"], "failed"),
    (["tender_notice", "candidates", "termination"], "terminated"),
    (["tender_notice", "failure", "2 tender_notice"], "noticed"),
    (["tender_notice", "failure", "2 tender_notice", "2 result"], "dealt"),
    (["allocation"], "allocated"),
]


@pytest.mark.parametrize(("kinds", "status"), STORIES)
def test_the_status_of_a_project_follows_its_notices(db: None, kinds: list[str], status: str) -> None:
    for number, text in enumerate(kinds, 1):
        attempt, kind = (int(text[0]), text[2:]) if text[0].isdigit() else (1, text)
        _publish(rendition(
            number, kind=kind, attempt=attempt, project_no="R1", published_at=f"2026-03-{number:02d}T09:00:00+08:00"
        ))  # fmt: skip
    assert ProjectRow.objects.get().status == status
    assert [item.status for item in search(parse_query({}, "projects"), AT).items] == [status]
