"""Splitting and joining reported projects: matches are undone with a reason, nothing is lost, all is recorded."""

import json
from dataclasses import replace

import pytest
from django.db import connection

from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.tenders import selectors
from tradehall.tenders.models import ProjectMatch
from tradehall.tenders.reports import ProjectClaim
from tradehall.tenders.services import join_project, record_notices, split_project
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER, result_of

pytestmark = pytest.mark.django_db

OPERATOR = Actor("person", "op-1", "平台运行", roles=frozenset({"centre"}))
OTHER = replace(
    TENDER, source_id="50", source_digest="5" * 64, title="青石中学教学楼维修工程招标公告",
    project=ProjectClaim("青石中学教学楼维修工程施工", "QS-1"),
)  # fmt: skip
WHY = "同名不同项目"


def _entries(code: str) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = %s order by id", (code,))
        return [json.loads(body)["facts"] for (body,) in cursor.fetchall()]


def test_a_notice_split_off_stands_alone_as_a_new_version() -> None:
    tender, result = record_notices([TENDER, result_of(TENDER)], by=SYSTEM, at=AT)
    [receipt] = split_project(
        by=OPERATOR, at=AT, project_no=tender.project_no, notice_nos=[result.notice_no], reason=WHY
    )
    value = selectors.rendition(result.notice_no)
    assert (value["version"], value["replaces"], value["project_no"]) == (2, 1, receipt.project_no)
    assert receipt.project_no != tender.project_no
    assert [one["notice_no"] for one in selectors.project_notices(tender.project_no)] == [tender.notice_no]
    assert [one["notice_no"] for one in selectors.project_notices(receipt.project_no)] == [result.notice_no]
    undone, standing = ProjectMatch.objects.filter(notice_no=result.notice_no).order_by("id")
    assert (undone.undone_reason, standing.kind, standing.undone_at) == (WHY, "manual", None)
    assert _entries("tenders.split_project") == [
        {"into": receipt.project_no, "notices": [result.notice_no], "reason": WHY}
    ]
    assert _entries("tenders.report_notice")[-1]["project_no"] == receipt.project_no


def test_what_its_source_says_later_stays_where_it_was_put() -> None:
    tender, result = record_notices([TENDER, result_of(TENDER)], by=SYSTEM, at=AT)
    [split] = split_project(by=OPERATOR, at=AT, project_no=tender.project_no, notice_nos=[result.notice_no], reason=WHY)
    changed = replace(result_of(TENDER), source_digest="9" * 64, title="中标结果公告（更正）")
    [again] = record_notices([changed], by=SYSTEM, at=AT)
    assert (again.version, again.project_no) == (3, split.project_no)


def test_a_code_goes_with_the_notices_that_state_it() -> None:
    named = replace(result_of(TENDER), source_id="0")
    first, coded = record_notices([named, TENDER], by=SYSTEM, at=AT)
    assert first.project_no == coded.project_no
    [split] = split_project(by=OPERATOR, at=AT, project_no=first.project_no, notice_nos=[coded.notice_no], reason=WHY)
    [later] = record_notices([replace(TENDER, source_id="8", source_digest="8" * 64)], by=SYSTEM, at=AT)
    assert later.project_no == split.project_no
    assert selectors.project(first.project_no).code is None


def test_joined_projects_take_later_reports_of_either() -> None:
    one, two = record_notices([TENDER, OTHER], by=SYSTEM, at=AT)
    join_project(by=PLATFORM, at=AT, project_no=two.project_no, into=one.project_no, reason="编号录错")
    assert {value["notice_no"] for value in selectors.project_notices(one.project_no)} == {one.notice_no, two.notice_no}
    assert selectors.project_notices(two.project_no) == []
    [later] = record_notices([replace(OTHER, source_id="51", source_digest="6" * 64)], by=SYSTEM, at=AT)
    assert later.project_no == one.project_no
    assert _entries("tenders.join_project")[0]["into"] == one.project_no


def test_a_join_can_be_split_again() -> None:
    one, two = record_notices([TENDER, OTHER], by=SYSTEM, at=AT)
    for version in (2, 4):
        home = selectors.rendition(two.notice_no)["project_no"]
        join_project(by=OPERATOR, at=AT, project_no=home, into=one.project_no, reason=WHY)
        split = split_project(by=OPERATOR, at=AT, project_no=one.project_no, notice_nos=[two.notice_no], reason=WHY)
        assert split[0].version == version + 1
    assert selectors.rendition(one.notice_no)["version"] == 1


def test_who_may_not_and_what_makes_no_sense() -> None:
    one, two = record_notices([TENDER, OTHER], by=SYSTEM, at=AT)
    for by in (SYSTEM, Actor("person", "p", "某人", roles=frozenset({"principal", "supervisor"}))):
        with pytest.raises(Refusal, match="服务人员"):
            join_project(by=by, at=AT, project_no=two.project_no, into=one.project_no, reason=WHY)
    with pytest.raises(Refusal, match="理由"):
        join_project(by=OPERATOR, at=AT, project_no=two.project_no, into=one.project_no, reason=" ")
    with pytest.raises(Refusal, match="自己"):
        join_project(by=OPERATOR, at=AT, project_no=one.project_no, into=one.project_no, reason=WHY)
    with pytest.raises(Refusal, match="全部"):
        split_project(by=OPERATOR, at=AT, project_no=one.project_no, notice_nos=[one.notice_no], reason=WHY)
    with pytest.raises(NotVisible):
        split_project(by=OPERATOR, at=AT, project_no=one.project_no, notice_nos=[two.notice_no], reason=WHY)
    with pytest.raises(NotVisible):
        join_project(by=OPERATOR, at=AT, project_no="R000000000000", into=one.project_no, reason=WHY)
    assert ProjectMatch.objects.filter(undone_at__isnull=False).count() == 0
