"""publish_plan: it works, who may not, when it may not, what it leaves."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tradehall.crypto.digests import sha256_hex
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.parties.tests import bodies
from tradehall.planning import rules, selectors
from tradehall.planning.models import Plan
from tradehall.planning.services import publish_plan
from tradehall.planning.tests.test_plan_rules import PLAN, USCC
from tradehall.procedures.services import load_definitions

AT = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
OWNER = Actor("person", "1", "甲", USCC, frozenset({"principal"}))
pytestmark = pytest.mark.django_db


def entries(code: str) -> list[tuple[str, int, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select subject_no, subject_version, body from journal_entry where code = %s order by id", [code]
        )
        return [(no, version, json.loads(body)["facts"]) for no, version, body in cursor.fetchall()]


def test_公开计划() -> None:
    made = publish_plan(by=OWNER, at=AT, statement=PLAN)
    assert (made.plan_no, made.version) == ("P20260410000001", 1)
    found = selectors.plan(made.plan_no)
    assert found.statement == PLAN and found.published_at == AT and found.changes == () and found.reason is None


def test_留下记录和摘要() -> None:
    made = publish_plan(by=OWNER, at=AT, statement=PLAN)
    digest = sha256_hex(rules.content(made.plan_no, 1, PLAN))
    assert entries("planning.publish_plan") == [(made.plan_no, 1, {"digest_sha256": digest, "line": "works"})]


def test_编号按北京日期逐日编排() -> None:
    evening = datetime(2026, 4, 10, 16, 0, tzinfo=UTC)  # 00:00 of the 11th in Beijing
    made = [publish_plan(by=OWNER, at=at, statement=PLAN).plan_no for at in (AT, AT, evening)]
    assert made == ["P20260410000001", "P20260410000002", "P20260411000001"]


def test_不是发起方的不能公开且所有问题一次说完() -> None:
    stranger = replace(OWNER, organisation="another")
    with pytest.raises(Refusal) as caught:
        publish_plan(by=stranger, at=AT, statement=replace(PLAN, district="000001", expected_on="2026-01"))
    codes = [violation.code for violation in caught.value.violations]
    assert codes == ["planning.role", "planning.district", "planning.expected_on"]
    assert not Plan.objects.exists() and entries("planning.publish_plan") == []


def test_提前量不足只提醒不拒绝() -> None:
    load_definitions(by=PLATFORM, at=AT)
    early = publish_plan(by=OWNER, at=AT, statement=PLAN)
    late = publish_plan(by=OWNER, at=AT, statement=replace(PLAN, expected_on="2026-04-30"))
    assert early.noted == () and [violation.code for violation in late.noted] == ["T28"]
    land = publish_plan(by=OWNER, at=AT, statement=replace(PLAN, line="land", expected_on="2026-04-30"))
    assert land.noted == ()


def test_已公开的不可改动() -> None:
    publish_plan(by=OWNER, at=AT, statement=PLAN)
    for act in ("update planning_plan set subject = 'x'", "delete from planning_plan", "truncate planning_plan"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
    assert Plan.objects.get().subject == PLAN.subject


def test_没有的计划看不到() -> None:
    with pytest.raises(NotVisible):
        selectors.plan("P20260410000001")
    made = publish_plan(by=OWNER, at=AT, statement=PLAN)
    with pytest.raises(NotVisible):
        selectors.plan(made.plan_no, 2)


def test_清单按预计时间排列可筛选可续读() -> None:
    for months, line, district in ((6, "works", "310000"), (5, "land", "310101"), (7, "works", "310101")):
        stated = replace(PLAN, expected_on=f"2026-0{months}", line=line, district=district)
        publish_plan(by=OWNER, at=AT + timedelta(minutes=months), statement=stated)
    times = [one.statement.expected_on for one in selectors.plans()]
    assert times == ["2026-05", "2026-06", "2026-07"]
    assert [one.statement.expected_on for one in selectors.plans(line="works")] == ["2026-06", "2026-07"]
    assert len(selectors.plans(district="310000")) == 3 and len(selectors.plans(district="310101")) == 2
    assert [one.statement.expected_on for one in selectors.plans(expected_from="2026-06-15")] == ["2026-07"]
    first = selectors.plans(limit=2)[-1]
    rest = selectors.plans(after=(first.statement.expected_on, first.plan_no))
    assert [one.statement.expected_on for one in rest] == ["2026-07"]


def test_代理机构凭委托书公开计划() -> None:
    desk = bodies.code_of("MA0000DE")
    agent = Actor("person", "z", "周", desk, frozenset({"agency"}), client=PLAN.principal_uscc)
    with pytest.raises(Refusal, match="没有有效的委托书"):
        publish_plan(by=agent, at=AT, statement=PLAN)
    bodies.mandated(PLAN.principal_uscc or "", PLAN.principal_name, desk, "云河明诚咨询", at=AT)
    assert publish_plan(by=agent, at=AT, statement=PLAN).version == 1
