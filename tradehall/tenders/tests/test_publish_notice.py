"""`publish_notice`: lawful dates or a refusal with the rule and the nearest date; the first announcement pins."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tradehall.crypto.digests import sha256_hex
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.money import amount
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.procedures import selectors as procedures
from tradehall.procedures.loading import definition_files
from tradehall.procedures.periods import propose_schedule
from tradehall.procedures.rules import Definition
from tradehall.procedures.services import load_definitions
from tradehall.reference.codes import work_calendar
from tradehall.tenders import selectors
from tradehall.tenders.models import Attempt, Notice, Round, Term
from tradehall.tenders.rules import LINK_OF_KIND
from tradehall.tenders.services import end_attempt, publish_notice, suspend
from tradehall.tenders.tests.trades import (
    AGENT,
    BIDDER,
    BODY,
    DATES,
    DAY,
    LAND,
    LAND_FACTS,
    OWNER,
    STRANGER,
    SUPERVISOR,
    WORKS,
    a_project,
    announced,
    later,
    on,
    tender,
    with_facts,
)
from tradehall.tenders.timetable import announceable, required

pytestmark = pytest.mark.django_db


def refused(**stated: object) -> dict[str, Violation]:
    with pytest.raises(Refusal) as caught:
        tender(with_facts(a_project()), **stated)
    return {violation.code: violation for violation in caught.value.violations}


def test_it_publishes_what_was_stated_for_every_lot() -> None:
    project, published = announced(("施工一标段", "施工二标段"))
    value = selectors.rendition(published.notice_no)
    assert published.notice_no == "N20260803000001" and project.project_no == "GC-2026-08-0001"
    assert [lot["lot_no"] for lot in value["lots"]] == [f"{project.project_no}-001", f"{project.project_no}-002"]
    assert value["source"]["reported"] is False and value["classification"] == "A02" and value["findings"] == []
    assert value["closes_at"] == value["opens_at"] == "2026-08-24T09:30:00+08:00"
    assert [(term["code"], term["rule"]) for term in value["terms"]] == [
        ("documents_from", None), ("documents_until", "T02"), ("bid_deadline", "T04"), ("opening", None),
    ]  # fmt: skip
    assert selectors.state(project.project_no, later(1)) == ("open", "报名投标中", False)


def test_the_first_announcement_pins_the_definition_and_opens_the_round() -> None:
    project, published = announced()
    [attempt] = selectors.attempts(project.project_no)
    assert (attempt.definition_id, attempt.definition_version) == (WORKS, "2026.1")
    assert attempt.definition_digest == procedures.digest(WORKS, "2026.1")
    opened = Round.objects.get(attempt=attempt)
    assert (opened.kind, opened.closes, opened.input_ref) == ("tender", "deadline", f"notice:{published.notice_no}@1")


def test_each_term_can_be_computed_again() -> None:
    announced()
    term = Term.objects.get(code="bid_deadline")
    assert (term.rule, term.floor_at, term.value_at) == ("T04", on(8, 24, 0, 0), on(8, 24))
    assert term.inputs["start_at"] == "2026-08-03T09:30:00+08:00" and term.inputs["length"] == 20
    assert term.inputs["unit"] == "日" and str(term.inputs["calendar"]).startswith("cn-")


def test_a_plan_needs_no_conditions_and_pins_nothing() -> None:
    project = a_project()
    tender(
        project,
        kind="plan",
        title="滨江路雨水泵站改造工程招标计划",
        dates={},
        at=later(-5),
        facts={"expected_on": "2026-08"},
    )
    assert Attempt.objects.count() == 0 and selectors.state(project.project_no, DAY)[0] == "planned"
    noted = tender(with_facts(project)).noted
    assert [violation.code for violation in noted] == ["T28"]


def test_a_listing_of_land_sets_the_listing_times() -> None:
    project = with_facts(a_project(line="land"), LAND_FACTS)
    dates = {"listing.from": on(8, 24), "listing.until": on(9, 4, 15, 0)}
    published = tender(
        project, definition_id=LAND, method="listing", dates=dates, amount=amount(90_000_000_00), facts={}
    )
    value = selectors.rendition(published.notice_no)
    assert value["closes_at"] == "2026-09-04T15:00:00+08:00" and value["opens_at"] is None
    assert [term["code"] for term in value["terms"]] == ["listing_from", "listing_until"]


CASES = {
    "投标截止少于20日": ({"bid_deadline": on(8, 20)}, "T04", "招标投标法24", "2026-08-24 09:30"),
    "最早之日为休息日则顺延": ({"bid_deadline": on(8, 21), "at": on(8, 2)}, "T04", "招标投标法24", "2026-08-24 09:30"),
    "文件发售少于5日": ({"documents.until": on(8, 6, 17, 0)}, "T02", "条例16", "2026-08-07"),
    "截止在周末": ({"bid_deadline": on(8, 29)}, "platform.business_hours", "平台规则", "2026-08-31 09:30"),
    "截止在下班后": ({"bid_deadline": on(8, 25, 20, 0)}, "platform.business_hours", "平台规则", "2026-08-26 09:30"),
    "开标与截止不在同一时间": ({"opening": on(8, 24, 15, 0)}, "tenders.opening", "招标投标法34", "2026-08-24 09:30"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_date_that_breaks_a_rule_is_refused_with_the_nearest_lawful_one(case: str) -> None:
    stated, rule, basis, nearest = CASES[case]
    dates = {key: value for key, value in stated.items() if key != "at"}
    found = refused(dates={**DATES, **dates}, at=stated.get("at", DAY))
    assert set(found) == {rule}
    assert (found[rule].basis, found[rule].suggestion) == (basis, nearest)
    assert Notice.objects.count() == 0 and Attempt.objects.count() == 0


def test_the_offered_date_is_accepted() -> None:
    assert refused(dates={**DATES, "bid_deadline": on(8, 20)})["T04"].suggestion == "2026-08-24 09:30"
    assert tender(with_facts(a_project()), dates={**DATES, "bid_deadline": on(8, 24)}).version == 1


WRONG = {
    "缺少投标截止": ({"dates": {"documents.until": on(8, 10, 17, 0)}}, "tenders.date_missing"),
    "没有这个时间": ({"dates": {**DATES, "listing.start": on(8, 24)}}, "tenders.date_unknown"),
    "时间已过": ({"dates": {**DATES, "documents.from": on(8, 1)}}, "tenders.date_past"),
    "没有这种公告": ({"kind": "party"}, "tenders.kind"),
    "更正不能直接发布": ({"kind": "correction"}, "tenders.kind"),
    "流程中没有预披露": ({"kind": "pre_disclosure"}, "tenders.kind"),
    "没有这个规则": ({"definition_id": "works.nothing"}, "tenders.definition"),
    "规则不适用于本类交易": ({"definition_id": LAND, "method": None}, "tenders.definition"),
    "交易方式与规则不符": ({"method": "invited"}, "tenders.method"),
    "没有这个分级": ({"grade": "甲级"}, "tenders.grade"),
    "标题为空": ({"title": "  "}, "tenders.title"),
    "没有这个要素": ({"facts": {"colour": "red"}}, "tenders.fact"),
    "负的金额": ({"facts": {"budget_cents": -1}}, "tenders.fact"),
    "正文形式不对": ({"body": ({"type": "script", "text": "x"},)}, "tenders.body"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_stated_wrongly_is_refused(case: str) -> None:
    stated, code = WRONG[case]
    assert code in refused(**stated)
    assert Notice.objects.count() == 0


def test_all_violations_come_at_once() -> None:
    found = refused(title="", dates={"documents.until": on(8, 5, 17, 0), "bid_deadline": on(8, 16)}, by=SUPERVISOR)
    assert set(found) == {"tenders.title", "T02", "T04", "platform.business_hours", "tenders.role"}


def test_who_may_not() -> None:
    project = with_facts(a_project())
    for actor in (STRANGER, BIDDER):
        with pytest.raises(NotVisible):
            tender(project, by=actor)
    with pytest.raises(Refusal, match="招标人"):
        tender(project, by=SUPERVISOR)
    with pytest.raises(NotVisible):
        tender(project, lot_nos=["GC-2026-08-9999-001"])


def test_without_the_entry_conditions_it_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        tender(a_project())
    assert {violation.field for violation in caught.value.violations} == {
        "lot_facts.approval", "lot_facts.funds", "lot_facts.specification", "lot_facts.estimate",
    }  # fmt: skip


def test_the_same_announcement_twice_is_refused() -> None:
    project, _ = announced()
    with pytest.raises(Refusal, match="更正"):
        tender(project)


def test_not_while_it_stands_still_and_not_after_the_end() -> None:
    project, _ = announced()
    suspend(by=OWNER, at=later(1), project_no=project.project_no, reason="异议待答复", basis="条例22")
    with pytest.raises(Refusal) as caught:
        tender(project, at=later(1, 1))
    assert "tenders.held" in {violation.code for violation in caught.value.violations}
    end_attempt(by=OWNER, at=later(2), project_no=project.project_no, kind="终止", cause="规划调整", basis="条例31")
    with pytest.raises(Refusal, match="重新开始"):
        tender(project, at=later(3), dates={"documents.until": on(8, 14, 17, 0), "bid_deadline": on(8, 31)})


def test_a_grade_drops_its_rules() -> None:
    project = with_facts(a_project())
    tender(project, grade="非必须招标", dates={**DATES, "bid_deadline": on(8, 14)})
    assert Attempt.objects.get().grade == "非必须招标"


def _first_notice(definition: Definition) -> str:
    kinds = {"prequal_notice": "prequalification_notice", "notice": "tender_notice", "invitation": "invitation"}
    return next(kinds[link] for link in definition.chain if link in kinds)


@pytest.mark.parametrize("path", definition_files(), ids=lambda path: path.stem)
def test_every_definition_accepts_the_dates_it_proposes(path: Path) -> None:
    load_definitions(by=PLATFORM, at=DAY)
    definition = procedures.definition(path.stem, DAY.date())
    kind = _first_notice(definition)
    proposed = propose_schedule(definition, DAY, work_calendar(), procedures.register())
    dates = {one.term: one.at for one in proposed if one.term in announceable(definition, LINK_OF_KIND[kind])}
    for moment in required(definition, LINK_OF_KIND[kind]):
        dates.setdefault(moment, on(9, 14))
    project = with_facts(
        a_project(line=definition.scope.line, lot_class=None), dict.fromkeys(definition.requires, "已具备")
    )
    published = tender(project, definition_id=definition.id, kind=kind, dates=dates, method=None, facts={})
    value = selectors.rendition(published.notice_no)
    assert value["method"] == definition.scope.method_code and value["closes_at"]
    assert {one.term.replace(".", "_") for one in proposed if one.term in dates} <= {t["code"] for t in value["terms"]}


def test_a_limit_that_hangs_on_the_price_is_noted_when_the_price_says_so() -> None:
    for cents, expected in ((2_000_000_000, ["S09"]), (500_000_000, [])):
        project = with_facts(
            a_project(line="property", title=f"资产{cents}"), {"approval": "批复", "valuation": "备案"}
        )
        stated = {"definition_id": "property.asset", "method": None, "facts": {}, "amount": amount(cents)}
        noted = tender(project, dates={"listing.until": on(8, 20, 16, 0)}, **stated).noted
        assert [violation.code for violation in noted] == expected


def test_an_invitation_follows_the_prequalification() -> None:
    project = with_facts(a_project())
    prequal = {"prequal_documents.until": on(8, 10, 17, 0), "application_deadline": on(8, 17)}
    stated = {"definition_id": "works.open.prequal", "method": None, "facts": {}}
    with pytest.raises(Refusal, match="首个公告"):
        tender(project, kind="invitation", **stated)
    tender(project, kind="prequalification_notice", dates=prequal, **stated)
    dates = {"documents.until": on(9, 7, 17, 0), "bid_deadline": on(9, 21)}
    tender(project, kind="invitation", at=on(8, 31), dates=dates, **stated)
    assert list(Round.objects.order_by("number").values_list("kind", flat=True)) == ["prequal", "tender"]
    assert Attempt.objects.count() == 1


def test_lots_can_be_announced_one_after_the_other() -> None:
    project = with_facts(a_project(("施工一标段", "施工二标段")))
    first, second = (lot.lot_no for lot in selectors.lots(project.project_no))
    tender(project, lot_nos=[first])
    published = tender(project, lot_nos=[second], at=DAY + timedelta(hours=1))
    assert [lot["lot_no"] for lot in selectors.rendition(published.notice_no)["lots"]] == [second]


def test_what_it_leaves() -> None:
    _, published = announced()
    row = Notice.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = 'tenders.publish_notice'")
        [(body,)] = cursor.fetchall()
    entry = json.loads(body)
    assert entry["subject"] == f"notice:{published.notice_no}@1"
    assert set(entry["facts"]) == {"digest_sha256", "digest_sm3", "kind", "line", "project_no"}
    assert entry["facts"]["digest_sha256"] == row.digest_sha256 == sha256_hex(row.rendition.encode())
    assert "李代理" not in body


@pytest.mark.parametrize("table", ["tenders_notice", "tenders_term", "tenders_lot_fact"])
def test_it_is_never_edited(table: str) -> None:
    announced()
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"delete from {table}")


def test_signature_takes_plain_values() -> None:
    project = with_facts(a_project())
    published = publish_notice(
        by=AGENT, at=DAY, project_no=project.project_no, definition_id=WORKS, kind="tender_notice", title="招标公告",
        body=list(BODY), dates=DATES,
    )  # fmt: skip
    assert selectors.rendition(published.notice_no)["method"] == "open"
