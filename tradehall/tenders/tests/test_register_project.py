"""`register_project`: numbers, lots and codes; only for those who own the project; refused with every fault at once."""

import json

import pytest
from django.db import connection

from tradehall.kernel.identifiers import compute_organisation_check, compute_uscc_check, is_unified_deal_code
from tradehall.kernel.refusal import Refusal
from tradehall.tenders import selectors
from tradehall.tenders.models import Project
from tradehall.tenders.reports import Named
from tradehall.tenders.rules import NewLot
from tradehall.tenders.services import record_notices, register_project
from tradehall.tenders.tests.samples import SYSTEM, TENDER
from tradehall.tenders.tests.trades import AGENT, BIDDER, DAY, DESK, HALL, OWNER, STRANGER, SUPERVISOR, a_project, on

pytestmark = pytest.mark.django_db


def uscc(body: str) -> str:
    first = f"91990100{body}{compute_organisation_check(body)}"
    return first + compute_uscc_check(first)


OPERATOR = uscc("MA0000AB")


def refused(**stated: object) -> list[tuple[str, str | None]]:
    values = {"by": OWNER, "line": "works", "title": "某工程", "principal": HALL, "lots": [NewLot("一标段", "A01")]}
    with pytest.raises(Refusal) as caught:
        register_project(at=DAY, **{**values, **stated})
    return [(violation.code, violation.field) for violation in caught.value.violations]


def test_it_gives_numbers_that_count_within_line_and_month() -> None:
    first, second, land = a_project(), a_project(title="另一工程"), a_project(line="land", title="某地块")
    assert [one.project_no for one in (first, second, land)] == [
        "GC-2026-08-0001",
        "GC-2026-08-0002",
        "TD-2026-08-0001",
    ]
    assert [lot.lot_no for lot in selectors.lots(first.project_no)] == ["GC-2026-08-0001-001"]
    assert selectors.lot_facts("GC-2026-08-0001-001")["classification"].value == "A02"
    later = register_project(by=OWNER, at=on(9, 1), line="works", title="九月工程", principal=HALL, lots=[NewLot("一")])
    assert later.project_no == "GC-2026-09-0001"


def test_lots_get_unified_deal_codes_of_the_operator() -> None:
    project = a_project(("一标段", "二标段"), operator_uscc=OPERATOR)
    codes = [lot.unified_code for lot in selectors.lots(project.project_no)]
    assert all(code and is_unified_deal_code(code) for code in codes)
    assert [str(code)[:38] for code in codes] == [f"A02-{OPERATOR}-20260803-{n:06d}" for n in (1, 2)]
    again = a_project(title="另一工程", operator_uscc=OPERATOR)
    assert str(selectors.lots(again.project_no)[0].unified_code)[32:38] == "000003"


def test_who_may_not() -> None:
    for actor in (BIDDER, STRANGER, SUPERVISOR):
        assert ("tenders.role", "by") in refused(by=actor)
    assert a_project(by=AGENT, agency=DESK).agency_name == DESK.name


CASES = {
    "没有这个交易类别": ({"line": "ships"}, ("tenders.line", "line")),
    "名称为空": ({"title": " "}, ("tenders.missing", "title")),
    "没有标段": ({"lots": []}, ("tenders.no_lots", "lots")),
    "标段重名": ({"lots": [NewLot("一"), NewLot("一")]}, ("tenders.lot_name", "lots[1].name")),
    "没有这个分类代码": ({"lots": [NewLot("一", "A77")]}, ("tenders.classification", "lots[0].classification")),
    "分类属于别的类别": ({"lots": [NewLot("一", "B01")]}, ("tenders.classification", "lots[0].classification")),
    "区划代码不存在": ({"district": "009999"}, ("tenders.district", "district")),
    "招标人代码校验位不对": (
        {"principal": Named(HALL.name, OPERATOR[:-1] + ("A" if OPERATOR[-1] != "A" else "B"))},
        ("tenders.identifier", "principal.uscc"),
    ),
    "统一交易标识码校验位不对": (
        {"lots": [NewLot("一", "A01", f"A01-{OPERATOR}-20260803-000001-!")]},
        ("tenders.identifier", "lots[0].unified_code"),
    ),
    "平台代码不对": ({"operator_uscc": "123"}, ("tenders.operator", "operator_uscc")),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_stated_wrongly_is_refused(case: str) -> None:
    stated, expected = CASES[case]
    assert expected in refused(**stated)
    assert Project.objects.count() == 0


def test_all_faults_come_at_once() -> None:
    found = refused(title="", lots=[NewLot("", "A77")], district="009999")
    assert [field for _, field in found] == ["district", "title", "lots[0].name", "lots[0].classification"]


def test_a_code_is_registered_once() -> None:
    a_project(code="2026-001")
    assert refused(code="2026-001") == [("tenders.code", "code")]


def test_a_report_that_names_its_code_finds_it() -> None:
    project = a_project(code=TENDER.project.code)
    assert selectors.project_owner(TENDER) == "native"
    [receipt] = record_notices([TENDER], by=SYSTEM, at=DAY)
    assert receipt.project_no == project.project_no


def test_what_it_leaves() -> None:
    project = a_project()
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = 'tenders.register_project'")
        [(body,)] = cursor.fetchall()
        cursor.execute("select count(*) from parties_organisation where uscc in (%s, %s)", (HALL.uscc, DESK.uscc))
        assert cursor.fetchone() == (2,)
    assert json.loads(body)["subject"] == f"project:{project.project_no}" and HALL.name not in body
